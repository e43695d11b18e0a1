//! SQLite's file: held by somebody else, or on a full disk.

use quad::{
    model::{ClientId, Seq},
    protocol::Event,
};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::{
    app::{TestApp, in_time},
    rough::{assert_kept, message, stored},
};

/// Somebody else's connection, that holds the file against other writers.
async fn holds(app: &TestApp) -> SqliteConnection {
    let mut other = SqliteConnection::connect(app.url()).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_holds_the_file_sends_wait_and_reads_go_on() {
    in_time(async {
        let app = TestApp::on_sqlite().await;
        let ana = app.student("ana").await;
        let room_id = ana.opens_support().await.id();
        let (mut socket, _) = ana.connects().await;
        let other = holds(&app).await;
        for n in 0..10 {
            let text = format!("message {n}");
            socket
                .sends(&message(room_id, &text, ClientId::random()))
                .await;
        }
        for _ in 0..20 {
            assert_eq!(ana.reads_room(room_id).await.seq, Seq(0));
            let told = socket.all_until_pong().await;
            assert!(told.is_empty(), "{told:?}");
        }
        other.close().await.unwrap();
        let mut acks = Vec::new();
        while acks.len() < 10 {
            if let Event::Ack(ack) = socket.next().await {
                acks.push(ack);
            }
        }
        let stored = stored(&app.store().await, room_id).await;
        assert_eq!(stored.len(), 10);
        assert_kept(&stored, &acks);
    })
    .await;
}

/// Longer than the writer waits for the file (15 s).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_for_too_long_sends_fail_for_now_and_come_again() {
    in_time(async {
        let app = TestApp::on_sqlite().await;
        let ana = app.student("ana").await;
        let room_id = ana.opens_support().await.id();
        let (mut socket, _) = ana.connects().await;
        let other = holds(&app).await;
        let keys: Vec<_> = (0..12).map(|_| ClientId::random()).collect();
        for key in &keys {
            socket.sends(&message(room_id, "held up", *key)).await;
        }
        // All of them at once: what came together is not tried one after the other.
        let mut refused = Vec::new();
        while refused.len() < keys.len() {
            match socket.next().await {
                Event::Error(error) => {
                    assert_eq!(error.error.code(), "unavailable");
                    refused.extend(error.client_id);
                }
                other => panic!("no ack without a commit: {other:?}"),
            }
        }
        other.close().await.unwrap();
        let mut acks = Vec::new();
        for key in refused {
            acks.push(socket.says_as(room_id, "held up", key).await);
        }
        let stored = stored(&app.store().await, room_id).await;
        assert_eq!(stored.len(), keys.len());
        assert_kept(&stored, &acks);
    })
    .await;
}

/// A limit on the size of files stands for a disk that is full: writes fail in the middle of a page.
#[cfg(target_os = "linux")]
mod full {
    use std::path::Path;

    use quad::{model::ClientId, protocol::Command, protocol::Event, server::store::Store};
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    use crate::{
        app::{Person, in_time},
        process::{Process, add_user, program},
        rough::{assert_kept, stored},
    };

    /// What may still be written.
    const LEFT_BYTES: u64 = 100_000;

    /// The server, which ignores the signal that comes with the limit: a full disk sends none.
    fn started(folder: &Path) -> Process {
        let mut command = program(Path::new("/bin/sh"), folder);
        let script = "trap '' XFSZ; exec \"$0\" serve";
        command
            .args(["-c", script, env!("CARGO_BIN_EXE_quad")])
            .env("QUAD_MESSAGE_RATE", "0");
        Process::of(command, folder)
    }

    fn limits(process: &Process, bytes: Option<u64>) {
        let pid = Pid::from_raw(process.id().try_into().unwrap());
        assert!(pid.is_some());
        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(pid, Resource::Fsize, limit).unwrap();
    }

    fn largest_file(folder: &Path) -> u64 {
        let files = std::fs::read_dir(folder).unwrap();
        let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
        sizes.max().unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_a_full_disk_sends_fail_for_now_and_reads_go_on() {
        in_time(async {
            let folder = tempfile::tempdir().unwrap();
            add_user(folder.path(), "ana", "student");
            let process = started(folder.path());
            let mut ana = Person::anonymous_at(process.addr);
            ana.arrives("ana").await;
            let room_id = ana.opens_support().await.id();
            let (mut socket, _) = ana.connects().await;
            let mut acks = Vec::new();
            for round in 0..3 {
                limits(&process, Some(largest_file(folder.path()) + LEFT_BYTES));
                let refused = loop {
                    let key = ClientId::random();
                    let said = socket.tries_to_say(room_id, "filling", key).await;
                    match said.unwrap() {
                        Some(ack) => acks.push(ack),
                        None => break key,
                    }
                };
                assert!(acks.len() < 500 * (round + 1));
                let room = ana.reads_room(room_id).await;
                assert_eq!(room.seq, acks.last().unwrap().seq);
                socket.sends(&Command::Ping).await;
                assert_eq!(socket.next().await, Event::Pong);
                // Somebody has made room: nothing is started afresh.
                limits(&process, None);
                acks.push(socket.says_as(room_id, "once more", refused).await);
            }
            let url = format!("sqlite://{}/quad.db", folder.path().to_str().unwrap());
            let store = Store::open(&url).await.unwrap();
            let stored = stored(&store, room_id).await;
            assert_eq!(stored.len(), acks.len());
            assert_kept(&stored, &acks);
            assert!(process.stop().success());
        })
        .await;
    }
}
