//! One key, many tries: one row, one broadcast, one answer.

use quad::{
    model::{ClientId, RoomId, Seq},
    protocol::{Command, Event},
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    app::{Socket, TestApp, in_time},
    rest::Program,
    rough::{message, stored},
};

const SOCKETS: usize = 10;
const TRIES_EACH: usize = 8;
/// Tries that come by REST.
const OTHER_TRIES: usize = 20;

/// Sends the key so often before it reads any answer; answers what each was told.
async fn tries_often(mut socket: Socket, room_id: RoomId, key: ClientId, by: usize) -> Vec<Told> {
    for n in 0..TRIES_EACH {
        let text = format!("socket {by}, try {n}");
        socket.sends(&message(room_id, &text, key)).await;
    }
    let mut told = Vec::new();
    while told.len() < TRIES_EACH {
        if let Event::Ack(ack) = socket.next().await {
            told.push((ack.message_id.0, ack.seq));
        }
    }
    told
}

/// A message's id and place.
type Told = (i64, Seq);

async fn tries_by_rest(program: Program, room_id: RoomId, key: ClientId, by: usize) -> Vec<Told> {
    let body = json!({ "content": format!("request {by}"), "client_id": key });
    let path = format!("/api/chat/rooms/{room_id}/messages/");
    let answer = program.posts(&path, &body).await;
    assert!(answer.status().is_success(), "{answer:?}");
    let message: serde_json::Value = answer.json().await.unwrap();
    let number = |field: &str| message[field].as_i64().unwrap();
    vec![(number("id"), Seq(number("seq")))]
}

/// How often a listener was told of that key, up to the message that ends the round.
async fn times_told(listener: &mut Socket, key: ClientId, end: Seq) -> usize {
    let mut times = 0;
    loop {
        let message = listener.message().await;
        times += usize::from(message.client_id == Some(key));
        if message.seq == end {
            return times;
        }
    }
}

async fn a_hundred_tries_of_one_key(here: TestApp, there: TestApp) {
    let ana = here.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let at_there = ana.at(&there);
    let mut listeners = [ana.connects().await.0, at_there.connects().await.0];
    let key = ClientId::random();
    let mut tries = JoinSet::new();
    let programs = [
        Program::of(&here, "ana").await,
        Program::of(&there, "ana").await,
    ];
    for n in 0..SOCKETS {
        let person = if n % 2 == 0 { &ana } else { &at_there };
        let (socket, _) = person.connects().await;
        tries.spawn(tries_often(socket, room_id, key, n));
    }
    for n in 0..OTHER_TRIES {
        let program = programs[n % programs.len()].clone();
        tries.spawn(tries_by_rest(program, room_id, key, n));
    }
    let told: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    assert_eq!(told.len(), SOCKETS * TRIES_EACH + OTHER_TRIES);
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    let last = ana.connects().await.0.says(room_id, "The end").await;
    assert_eq!(last.seq, Seq(2));
    for listener in &mut listeners {
        assert_eq!(times_told(listener, key, last.seq).await, 1);
    }
    assert_eq!(stored(&here.store().await, room_id).await.len(), 2);
}

async fn dropped_before_the_ack_and_tried_again_with_other_text(here: TestApp, there: TestApp) {
    let ana = here.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let at_there = ana.at(&there);
    let (mut listener, _) = ana.connects().await;
    for round in 0..5 {
        let key = ClientId::random();
        let first = format!("round {round}");
        let (mut dropped, _) = ana.connects().await;
        dropped.sends(&message(room_id, &first, key)).await;
        // It is durable; whoever sent it has not read the `ack`.
        let told = listener.message().await;
        drop(dropped);
        for n in 0..10 {
            let person = if n % 2 == 0 { &at_there } else { &ana };
            let (mut again, _) = person.connects().await;
            let ack = again.says_as(room_id, &format!("other {n}"), key).await;
            assert_eq!((ack.message_id, ack.seq), (told.id, told.seq));
        }
        assert_eq!((told.seq, &told.content), (Seq(round + 1), &first));
    }
    let texts: Vec<_> = stored(&here.store().await, room_id)
        .await
        .into_iter()
        .map(|message| message.content)
        .collect();
    assert_eq!(
        texts,
        (0..5).map(|n| format!("round {n}")).collect::<Vec<_>>()
    );
    listener.sends(&Command::Ping).await;
    assert_eq!(listener.next().await, Event::Pong, "nobody was told twice");
}

macro_rules! on_two_nodes {
    ($($story:ident),+ $(,)?) => {
        /// Two nodes in one file: not a way to serve, but the file's own locks hold all the same.
        mod sqlite {
            use super::{TestApp, in_time};

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let here = TestApp::on_sqlite().await;
                let there = here.second_node().await;
                in_time(super::$story(here, there)).await;
            })+
        }

        mod postgres {
            use super::{TestApp, in_time};

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(here) = TestApp::on_postgres().await {
                    let there = here.second_node().await;
                    in_time(super::$story(here, there)).await;
                }
            })+
        }
    };
}

on_two_nodes!(
    a_hundred_tries_of_one_key,
    dropped_before_the_ack_and_tried_again_with_other_text,
);
