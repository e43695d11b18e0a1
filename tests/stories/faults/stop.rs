//! A stop under load: every socket is told, what was acknowledged is there, and it does not take long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use quad::{
    model::{ClientId, Role, RoomId, SessionId, UserId, permission::Actor},
    protocol::{Ack, CloseCode, Event},
    server::{
        hub::{Connection, Hub},
        store::Store,
    },
};
use tokio::{sync::Notify, task::JoinSet};

use crate::{
    app::{Person, Socket, TestApp, fresh_database, in_time},
    on_both_databases,
    process::{Process, add_user, add_user_with},
    rough::{assert_kept, message, stored},
};

/// From the signal to the end.
const AT_MOST: Duration = Duration::from_secs(5);
const STUDENTS: [&str; 3] = ["ana", "ben", "cleo"];
const SOCKETS_EACH: usize = 5;
/// Messages of one socket that wait for their `ack`.
const UNDER_WAY: usize = 8;
/// After so many the signal comes.
const ENOUGH: usize = 300;

/// How a socket's life went.
struct Life {
    room_id: RoomId,
    acks: Vec<Ack>,
    code: Option<u16>,
    ended: Instant,
}

/// What all have had acknowledged together.
#[derive(Default)]
struct Count {
    acks: AtomicUsize,
    is_enough: Notify,
}

/// Sends without a pause until the socket ends.
async fn chats(mut socket: Socket, room_id: RoomId, count: Arc<Count>) -> Life {
    let say = || message(room_id, "and so on", ClientId::random());
    for _ in 0..UNDER_WAY {
        socket.tries_to_send(&say()).await;
    }
    let mut acks = Vec::new();
    let code = loop {
        match socket.next_or_end().await {
            Ok(Event::Ack(ack)) => {
                acks.push(ack);
                if count.acks.fetch_add(1, Ordering::Relaxed) + 1 == ENOUGH {
                    count.is_enough.notify_one();
                }
                socket.tries_to_send(&say()).await;
            }
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    Life {
        room_id,
        acks,
        code,
        ended: Instant::now(),
    }
}

async fn a_stop_under_load(url: String, folder: &std::path::Path) {
    let settings = [("QUAD_MESSAGE_RATE", "0"), ("QUAD_DATABASE_URL", &*url)];
    for name in STUDENTS {
        add_user_with(folder, &settings, name, "student");
    }
    let process = Process::start(folder, &settings);
    let (mut lives, count) = (JoinSet::new(), Arc::new(Count::default()));
    let store = Store::open(&url).await.unwrap();
    for name in STUDENTS {
        let mut person = Person::anonymous_at(process.addr);
        person.arrives(name).await;
        let room_id = person.opens_support().await.id();
        for _ in 0..SOCKETS_EACH {
            let (socket, _) = person.connects().await;
            lives.spawn(chats(socket, room_id, Arc::clone(&count)));
        }
    }
    count.is_enough.notified().await;

    let signal = Instant::now();
    let status = tokio::task::spawn_blocking(move || process.stop());
    assert!(status.await.unwrap().success());
    assert!(signal.elapsed() < AT_MOST, "{:?}", signal.elapsed());

    let lives = lives.join_all().await;
    for life in &lives {
        assert_eq!(life.code, Some(1012));
        assert!(life.ended - signal < AT_MOST);
    }
    let rooms: std::collections::BTreeSet<_> = lives.iter().map(|life| life.room_id).collect();
    assert_eq!(rooms.len(), STUDENTS.len());
    for room_id in rooms {
        let of_room = lives.iter().filter(|life| life.room_id == room_id);
        let acks: Vec<_> = of_room.flat_map(|life| life.acks.clone()).collect();
        assert_kept(&stored(&store, room_id).await, &acks);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_a_stop_under_load_tells_all_and_keeps_what_it_acknowledged() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/quad.db", folder.path().to_str().unwrap());
        a_stop_under_load(url, folder.path()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_stop_under_load_tells_all_and_keeps_what_it_acknowledged() {
    let Ok(server) = std::env::var("QUAD_TEST_POSTGRES_URL") else {
        return;
    };
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        a_stop_under_load(fresh_database(&server).await, folder.path()).await;
    })
    .await;
}

/// Reads nothing, and so never says that it has heard the close.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_says_nothing_holds_no_stop_up() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        add_user(folder.path(), "ana", "student");
        let process = Process::start(folder.path(), &[]);
        let mut ana = Person::anonymous_at(process.addr);
        ana.arrives("ana").await;
        let (_mute, _) = ana.connects().await;
        let (mut other, _) = ana.connects().await;
        let signal = Instant::now();
        let status = tokio::task::spawn_blocking(move || process.stop());
        assert_eq!(other.closed().await, 1012);
        assert!(status.await.unwrap().success());
        assert!(signal.elapsed() < AT_MOST, "{:?}", signal.elapsed());
    })
    .await;
}

/// Its handshake was under way when all others were told.
#[tokio::test]
async fn a_socket_that_comes_during_the_stop_is_told_too() {
    let hub = Hub::default();
    hub.close_all(CloseCode::Restarting);
    let actor = Actor {
        id: UserId(1),
        role: Role::Student,
    };
    let (late, _outbox) = Connection::new(actor, SessionId(1), Vec::new());
    hub.register(&late);
    let told = late.closed().now_or_never();
    assert_eq!(told, Some(CloseCode::Restarting));
}

async fn one_that_cannot_write_any_more_says_so(app: TestApp) {
    let watcher = app.anonymous();
    let health = watcher.gets("/api/health/").await;
    assert_eq!(health.status(), 200);
    assert_eq!(health.text().await.unwrap(), r#"{"status":"ok"}"#);
    app.services.close().await;
    let health = watcher.gets("/api/health/").await;
    assert_eq!(health.status(), 503);
    assert_eq!(health.text().await.unwrap(), r#"{"status":"unavailable"}"#);
}

on_both_databases!(one_that_cannot_write_any_more_says_so);
