//! The writer's queue: outcomes in order and durable, nothing lost, an end in good order.

use std::sync::Arc;

use futures_util::future::join_all;
use quad::{
    model::{Seq, WireError},
    server::store::writer::{Done, Outcome, Write, Writer},
};
use tokio::sync::mpsc;

use crate::{
    on_both_databases,
    people::{mark, post, posted},
    store::TestStore,
};

async fn outcomes_are_told_in_order_and_when_others_can_read_them(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let (done, mut outcomes) = mpsc::channel(1);
    let (writer, _) = Writer::start(db.store.clone(), Arc::default(), db.clock.clone(), done);
    let writes = join_all((0..100).map(|_| writer.write(Write::Post(post(ana, room, "hello")))));
    let publisher = async {
        for expected in 1..=100 {
            let Done { result, reply } = outcomes.recv().await.unwrap();
            let message = posted(result.clone()).unwrap().message;
            assert_eq!(message.seq, Seq(expected));
            assert!(
                db.seq_of(room).await >= message.seq,
                "committed before it is told"
            );
            reply.send(result).unwrap();
        }
    };
    let (answers, ()) = tokio::join!(writes, publisher);
    assert!(answers.iter().all(Result::is_ok));
}

async fn nobody_is_answered_before_the_publisher_has_it(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let (done, mut outcomes) = mpsc::channel(1);
    let (writer, _) = Writer::start(db.store.clone(), Arc::default(), db.clock.clone(), done);
    let write = writer.write(Write::Post(post(ana, room, "hello")));
    let mut write = std::pin::pin!(write);
    let done = tokio::select! {
        biased;
        answer = &mut write => panic!("answered by the writer itself: {answer:?}"),
        done = outcomes.recv() => done.unwrap(),
    };
    db.assert_dense(room, 1).await;
    // A publisher that is gone says nothing either way.
    drop(done);
    assert_eq!(write.await.unwrap_err(), WireError::Unavailable);
}

async fn what_one_queues_is_done_in_that_order_and_told_to_each(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let mut answers = Vec::new();
    for n in 1..=300 {
        let write = Write::Post(post(ana, room, &n.to_string()));
        answers.push(db.writer.queue(write).await.unwrap());
    }
    for (expected, answer) in (1..).zip(answers) {
        let message = posted(answer.await.unwrap()).unwrap().message;
        assert_eq!(
            (message.seq, message.content),
            (Seq(expected), expected.to_string())
        );
    }
    db.assert_dense(room, 300).await;
}

async fn a_write_that_nobody_waits_for_is_made_all_the_same(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let mut given_up = Box::pin(db.writer.write(Write::Post(post(ana, room, "given up"))));
    // Queued, and not waited for.
    let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(given_up.as_mut().poll(cx)));
    assert!(polled.await.is_pending());
    drop(given_up);
    assert_eq!(db.says(ana, room, "next").await.seq, Seq(2));
    assert_eq!(db.all_in(room).await[0].content, "given up");
}

async fn what_is_only_offered_is_made_where_there_is_room(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    for _ in 0..1030 {
        let offered = post(ana, room, "offered");
        db.writer.offer(Write::Post(offered));
    }
    let next = db.says(ana, room, "next").await;
    assert_eq!(
        next.seq,
        Seq(1025),
        "the queue holds 1024, and nobody was kept waiting"
    );
}

async fn more_writes_than_the_queue_holds_are_all_made(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says_often(ana, room, 2500).await;
    db.assert_dense(room, 2500).await;
}

async fn what_is_queued_at_the_stop_is_written_and_nothing_after_it(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let (done, mut outcomes) = mpsc::channel(1024);
    let (writer, ended) = Writer::start(db.store.clone(), Arc::default(), db.clock.clone(), done);
    let queued = (0..600).map(|_| writer.write(Write::Post(post(ana, room, "hello"))));
    let mut queued = Box::pin(tokio::task::unconstrained(join_all(queued)));
    // In one thread: all are queued before the writer has its turn.
    let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(queued.as_mut().poll(cx)));
    assert!(polled.await.is_pending());
    writer.stop();
    ended.await.unwrap();
    let mut written = 0;
    while let Some(Done { result, .. }) = outcomes.recv().await {
        assert!(matches!(result, Ok(Outcome::Posted(_))));
        written += 1;
    }
    assert_eq!(written, 600);
    let late = writer.write(mark(ana, room, 1)).await;
    assert_eq!(late.unwrap_err(), WireError::Unavailable);
    db.assert_dense(room, 600).await;
}

on_both_databases!(in one thread:
    outcomes_are_told_in_order_and_when_others_can_read_them,
    nobody_is_answered_before_the_publisher_has_it,
    what_one_queues_is_done_in_that_order_and_told_to_each,
    a_write_that_nobody_waits_for_is_made_all_the_same,
    what_is_only_offered_is_made_where_there_is_room,
    more_writes_than_the_queue_holds_are_all_made,
    what_is_queued_at_the_stop_is_written_and_nothing_after_it,
);
