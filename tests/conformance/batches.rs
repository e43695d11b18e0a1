//! Batches: what fails in a batch fails alone, and each write sees those before it.

use quad::{
    model::{RoomId, Seq, SessionId, UserId, UserRev, WireError},
    server::store::{
        post::NewPost,
        writer::{Outcome, Write, WriteResult},
    },
};

use crate::{
    on_both_databases,
    people::{mark, marked, opening, places, post, posted},
    sessions::session,
    store::TestStore,
};

/// A write that no rule refuses, but the database: nobody has this id.
fn impossible() -> Write {
    Write::StartSession(session(UserId(999), "token"))
}

fn unavailable(result: &WriteResult) -> bool {
    matches!(result, Err(WireError::Unavailable))
}

async fn a_refused_post_leaves_its_neighbours_alone(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.support_room(ana).await;
    let archived = db.course_room(&[ana]).await;
    db.runs(&format!(
        "UPDATE rooms SET archived_at = 1 WHERE id = {archived}"
    ))
    .await;
    let before = db.commits().await;
    let batch = [
        (ana, room),
        (ben, room),
        (ana, room),
        (ana, RoomId(999)),
        (UserId(999), room),
        (ana, archived),
        (ana, room),
    ];
    let batch = batch.map(|(sender, room)| Write::Post(post(sender, room, "hello")));
    let results = places(db.writes_together(batch.into()).await);
    let expected = [
        Ok(Seq(1)),
        Err(WireError::NotFound),
        Ok(Seq(2)),
        Err(WireError::NotFound),
        Err(WireError::Unauthorized),
        Err(WireError::Archived),
        Ok(Seq(3)),
    ];
    assert_eq!(results, expected);
    assert_eq!(db.commits().await, before + 1, "nothing was tried again");
    db.assert_dense(room, 3).await;
}

async fn what_the_database_refuses_fails_alone(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let hello = || Write::Post(post(ana, room, "hello"));
    let batch = vec![
        hello(),
        mark(ana, room, 1),
        impossible(),
        hello(),
        mark(ana, room, 2),
        Write::EndSession(SessionId(999)),
        impossible(),
        hello(),
    ];
    let results = db.writes_together(batch).await;
    let failed: Vec<bool> = results.iter().map(unavailable).collect();
    assert_eq!(
        failed,
        [false, false, true, false, false, false, true, false]
    );
    let seqs = [0, 3, 7].map(|n| posted(results[n].clone()).unwrap().message.seq);
    assert_eq!(seqs, [Seq(1), Seq(2), Seq(3)]);
    // One for the room, two for the marks: what was undone has left no trace.
    assert_eq!(db.rev_of(ana).await, UserRev(3));
    assert_eq!(db.count("sessions").await, 0);
    db.assert_dense(room, 3).await;
}

async fn a_room_that_cannot_be_written_fails_alone(db: TestStore) {
    let ana = db.student("ana").await;
    let (room, broken) = (db.support_room(ana).await, db.course_room(&[ana]).await);
    // The place that the counter gives next is taken.
    db.says(ana, broken, "hello").await;
    db.runs(&format!(
        "UPDATE room_seq SET seq = 0 WHERE room_id = {broken}"
    ))
    .await;
    let batch = [room, broken, room, room, broken, room];
    let batch = batch.map(|room| Write::Post(post(ana, room, "hello")));
    let results = places(db.writes_together(batch.into()).await);
    let refused = Err(WireError::Unavailable);
    let expected = [
        Ok(Seq(1)),
        refused.clone(),
        Ok(Seq(2)),
        Ok(Seq(3)),
        refused,
        Ok(Seq(4)),
    ];
    assert_eq!(results, expected);
    db.assert_dense(room, 4).await;
    assert_eq!(db.all_in(broken).await.len(), 1);
}

async fn a_write_sees_what_its_batch_did_before_it(db: TestStore) {
    let ana = db.student("ana").await;
    let openings = db.writes_together(vec![opening(ana), opening(ana)]).await;
    let made: Vec<_> = openings
        .into_iter()
        .map(|opened| match opened.unwrap() {
            Outcome::SupportRoom { room, is_new } => (room.id(), is_new),
            other => panic!("not a support room: {other:?}"),
        })
        .collect();
    let room = made[0].0;
    assert_eq!(made, [(room, Some(UserRev(1))), (room, None)]);
    let nora = db.agent("nora").await;
    let hello = || Write::Post(post(ana, room, "hello"));
    let batch = vec![
        hello(),
        mark(nora, room, 9),
        hello(),
        hello(),
        mark(nora, room, 2),
    ];
    let results = db.writes_together(batch).await;
    let marks = [1, 4].map(|n| marked(results[n].clone()).unwrap().unwrap());
    let marks = marks.map(|mark| (mark.read_seq, mark.unread_count, mark.user_rev));
    assert_eq!(marks, [(Seq(1), 0, UserRev(1)), (Seq(2), 1, UserRev(2))]);
}

async fn a_key_twice_in_a_batch_is_one_message(db: TestStore) {
    let ana = db.student("ana").await;
    let (room, other) = (db.support_room(ana).await, db.course_room(&[ana]).await);
    let first = post(ana, room, "first");
    let to = |room_id| {
        Write::Post(NewPost {
            room_id,
            content: "again".to_owned(),
            ..first.clone()
        })
    };
    // Refused, written, repeated, repeated elsewhere, refused again.
    let batch = [RoomId(999), room, room, other, RoomId(999)].map(to);
    let results = db.writes_together(batch.into()).await;
    let results: Vec<_> = results.into_iter().map(posted).collect();
    let is_new: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(|posted| posted.is_new).ok())
        .collect();
    assert_eq!(is_new, [None, Some(true), Some(false), Some(false), None]);
    let answers = results.iter().flatten().map(|posted| &posted.message);
    let stored = db.all_in(room).await;
    assert!(answers.clone().count() == 3 && answers.clone().all(|answer| *answer == stored[0]));
    db.assert_dense(room, 1).await;
    db.assert_dense(other, 0).await;
}

on_both_databases!(in one thread:
    a_refused_post_leaves_its_neighbours_alone,
    what_the_database_refuses_fails_alone,
    a_room_that_cannot_be_written_fails_alone,
    a_write_sees_what_its_batch_did_before_it,
    a_key_twice_in_a_batch_is_one_message,
);
