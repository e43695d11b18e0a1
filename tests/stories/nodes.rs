//! Several nodes on one database, without anything between them.

use quad::{
    model::{ClientId, RoomId, Seq},
    protocol::Event,
};
use tokio::task::JoinSet;

use crate::app::{Socket, TestApp, in_time};

/// The seqs of a room's messages that a socket gets, until it has had `last`.
async fn seqs(socket: &mut Socket, last: Seq) -> Vec<Seq> {
    let mut seqs = Vec::new();
    while seqs.last() < Some(&last) {
        seqs.push(socket.message().await.seq);
    }
    seqs
}

async fn say_at_both(first: &mut Socket, second: &mut Socket, room_id: RoomId, times: usize) {
    for n in 0..times {
        let (one, two) = (format!("one {n}"), format!("two {n}"));
        tokio::join!(first.says(room_id, &one), second.says(room_id, &two));
    }
}

async fn what_is_said_at_one_node_is_heard_at_the_other_in_order(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, there.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    let (mut listener, _) = nora.connects().await;
    // From here the desk knows the room, and hears of everything that follows.
    phone.says(room_id, "Hello").await;
    assert_eq!(listener.message().await.seq, Seq(1));

    say_at_both(&mut phone, &mut desk, room_id, 50).await;
    let expected: Vec<Seq> = (2..=101).map(Seq).collect();
    assert_eq!(seqs(&mut listener, Seq(101)).await, expected);
    let stored = nora.reads_room(room_id).await;
    assert_eq!(stored.seq, Seq(101));
}

async fn one_key_at_both_nodes_is_one_message(here: TestApp, there: TestApp) {
    let ana = here.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let other = ana.at(&there);
    let (mut listener, _) = other.connects().await;
    for round in 0..10 {
        let key = ClientId::random();
        let mut tries = JoinSet::new();
        for n in 0..6 {
            let (mut device, _) = if n % 2 == 0 { &ana } else { &other }.connects().await;
            tries.spawn(async move {
                device
                    .says_as(room_id, &format!("round {round}, try {n}"), key)
                    .await
                    .seq
            });
        }
        let seqs = tries.join_all().await;
        assert!(seqs.iter().all(|seq| *seq == Seq(round + 1)), "{seqs:?}");
        assert_eq!(listener.message().await.seq, Seq(round + 1));
    }
    assert_eq!(ana.reads_room(room_id).await.messages.len(), 10);
}

async fn a_session_that_ends_at_one_node_closes_its_sockets_at_the_other(
    here: TestApp,
    there: TestApp,
) {
    let ana = here.student("ana").await;
    let bela = here.student("bela").await;
    let (mut phone, _) = ana.at(&there).connects().await;
    let (mut stays, _) = bela.at(&there).connects().await;
    ana.signs_out().await;
    let began = std::time::Instant::now();
    assert_eq!(phone.closed().await, 4401);
    assert!(began.elapsed().as_millis() < 1000);
    assert!(stays.all_until_pong().await.is_empty());
}

async fn marks_reach_the_other_node(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.at(&there).connects().await;
    let (mut laptop, _) = nora.connects().await;
    let ack = phone.says(room_id, "Hello").await;
    desk.message().await;
    laptop.message().await;

    desk.reads_up_to(room_id, ack.seq).await;
    let receipt = phone.until(|event| match event {
        Event::MessagesRead { read_seq, .. } => Some(read_seq),
        _ => None,
    });
    assert_eq!(receipt.await, ack.seq);
    // The other device of the reader is told the list as it is now.
    let hello = laptop.until(|event| match event {
        Event::Hello(hello) => Some(hello),
        _ => None,
    });
    let room = hello.await.rooms.remove(0);
    assert_eq!((room.unread_count, room.read_seq), (0, ack.seq));
}

async fn what_has_come_at_one_node_is_told_at_the_other(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, hello) = nora.at(&there).connects().await;
    let ack = phone.says(room_id, "Hello").await;
    desk.message().await;
    desk.has_received(room_id, ack.seq).await;
    assert_eq!(phone.delivered().await, (hello.user.id, ack.seq));
    // And read there: both marks have one counter, in which nothing is missing.
    desk.reads_up_to(room_id, ack.seq).await;
    let receipt = phone.until(|event| match event {
        Event::MessagesRead { read_seq, .. } => Some(read_seq),
        _ => None,
    });
    assert_eq!(receipt.await, ack.seq);
}

async fn a_room_made_at_one_node_is_told_at_the_other(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
    let (mut laptop, hello) = ana.at(&there).connects().await;
    assert!(hello.rooms.is_empty());
    let (mut desk, _) = nora.at(&there).connects().await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "Is anybody there?").await;
    let message = desk.message().await;
    assert_eq!((message.room_id, message.seq), (room_id, Seq(1)));
    // The device is told by the list as it is now, or by the message itself: whichever its node hears of first.
    let told = laptop.until(|event| match event {
        Event::Hello(hello) => hello
            .rooms
            .into_iter()
            .find(|room| room.id() == room_id)
            .map(|room| room.seq)
            .filter(|seq| *seq == Seq(1)),
        Event::ChatMessage { message, .. } => Some(message.seq),
        _ => None,
    });
    assert_eq!(told.await, Seq(1));
}

macro_rules! on_two_nodes {
    ($($story:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $story() {
            if let Some(here) = TestApp::on_postgres().await {
                let there = here.second_node().await;
                in_time(super::$story(here, there)).await;
            }
        }
    )+};
}

/// SQLite is one node's.
mod postgres {
    use super::{TestApp, in_time};

    on_two_nodes!(
        what_is_said_at_one_node_is_heard_at_the_other_in_order,
        one_key_at_both_nodes_is_one_message,
        a_session_that_ends_at_one_node_closes_its_sockets_at_the_other,
        marks_reach_the_other_node,
        what_has_come_at_one_node_is_told_at_the_other,
        a_room_made_at_one_node_is_told_at_the_other,
    );
}
