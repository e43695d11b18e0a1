//! How the program ends, and what is there after that.

use std::path::Path;

use quad::{
    model::{Audience, ClientId, RoomId, Seq},
    protocol::{Command, Event},
};

use crate::{
    app::{Person, Socket, in_time},
    process::{Process, add_user, program},
};

async fn arrives(process: &Process) -> Person {
    let mut ana = Person::anonymous_at(process.addr);
    ana.arrives("ana").await;
    ana
}

async fn sends_without_waiting(socket: &mut Socket, room_id: RoomId, n: usize) -> ClientId {
    let client_id = ClientId::random();
    socket
        .sends(&Command::ChatMessage {
            room_id,
            content: format!("message {n}"),
            client_id: Some(client_id),
            audience: Audience::All,
            reply_to: None,
        })
        .await;
    client_id
}

/// A server with a student in her room; her first message is there.
async fn begun(folder: &Path) -> (Process, Person, RoomId) {
    add_user(folder, "ana", "student");
    let process = Process::start(folder, &[("QUAD_MESSAGE_RATE", "0")]);
    let ana = arrives(&process).await;
    let room_id = ana.opens_support().await.id();
    (process, ana, room_id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_tells_every_socket_to_come_back_and_ends_well() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        let (process, ana, room_id) = begun(folder.path()).await;
        let mut sockets = Vec::new();
        for _ in 0..5 {
            sockets.push(ana.connects().await.0);
        }
        let ack = sockets[0].says(room_id, "Before the stop").await;
        let stopped = tokio::task::spawn_blocking(move || process.stop());
        for socket in &mut sockets {
            assert_eq!(socket.closed().await, 1012);
        }
        assert!(stopped.await.unwrap().success());

        let process = Process::start(folder.path(), &[]);
        let ana = arrives(&process).await;
        let room = ana.reads_room(room_id).await;
        assert_eq!((room.seq, room.messages.len()), (ack.seq, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_a_kill() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut process, mut ana, room_id) = begun(folder.path()).await;
        let mut acknowledged: Vec<(ClientId, Seq)> = Vec::new();
        for round in 1..=3 {
            let (mut socket, _) = ana.connects().await;
            let mut sent = Vec::new();
            for n in 0..200 {
                sent.push(sends_without_waiting(&mut socket, room_id, n).await);
            }
            // The kill comes in the middle: some are acknowledged, some written, some neither.
            let wanted = 40 * round;
            for _ in 0..wanted {
                let ack = socket.until(|event| match event {
                    Event::Ack(ack) => Some(ack),
                    _ => None,
                });
                let ack = ack.await;
                acknowledged.push((ack.client_id, ack.seq));
            }
            process.kill();
            process = Process::start(folder.path(), &[("QUAD_MESSAGE_RATE", "0")]);
            ana = arrives(&process).await;

            // What was left over comes again, and is there once.
            let (mut socket, _) = ana.connects().await;
            let known: Vec<_> = acknowledged.iter().map(|(key, _)| *key).collect();
            for key in sent.into_iter().filter(|key| !known.contains(key)) {
                let ack = socket.says_as(room_id, "again", key).await;
                acknowledged.push((key, ack.seq));
            }
            acknowledged.sort_by_key(|(_, seq)| *seq);
            let seqs: Vec<_> = acknowledged.iter().map(|(_, seq)| *seq).collect();
            let dense: Vec<_> = (1..=200 * round).map(Seq).collect();
            assert_eq!(seqs, dense);
            assert_eq!(ana.reads_room(room_id).await.seq, Seq(200 * round));
        }
    })
    .await;
}

#[test]
fn without_the_list_of_the_pages_files_it_says_so_and_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quad");
    std::fs::copy(env!("CARGO_BIN_EXE_quad"), &path).unwrap();
    let tried = program(&path, folder.path())
        .arg("serve")
        .env("LEPTOS_HASH_FILES", "true")
        .output()
        .unwrap();
    assert!(!tried.status.success());
    let said = String::from_utf8_lossy(&tried.stderr);
    assert!(said.contains("hash.txt is missing"), "{said}");
}
