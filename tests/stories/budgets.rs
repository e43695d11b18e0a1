//! How much one user may do: one budget over all sockets and requests; what is over it is told, and nothing is lost.

use std::collections::BTreeSet;

use quad::{
    model::{Audience, ClientId, Epoch, RoomId, Seq, WireError},
    protocol::{Command, Event, ResumeFrom},
    server::clock::Clock,
};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
    raw::{FIN, PING, RawPeer, TEXT, frame, text},
};

/// A server that limits, with so many messages at once.
async fn limiting(app: &TestApp, messages: &str) -> TestApp {
    app.told(&[("QUAD_MESSAGE_RATE", messages)], &Clock::System)
        .await
}

fn message(room_id: RoomId, content: &str, client_id: ClientId) -> Command {
    Command::ChatMessage {
        room_id,
        content: content.to_owned(),
        client_id: Some(client_id),
        audience: Audience::All,
        reply_to: None,
    }
}

/// Whether the message of that key was taken; else seconds to wait.
async fn answer(socket: &mut Socket, key: ClientId) -> Result<Seq, u32> {
    socket
        .until(|event| match event {
            Event::Ack(ack) if ack.client_id == key => Some(Ok(ack.seq)),
            Event::Error(error) if error.client_id == Some(key) => match error.error {
                WireError::RateLimited { retry_after } => Some(Err(retry_after)),
                other => panic!("{other:?}"),
            },
            _ => None,
        })
        .await
}

async fn tries(socket: &mut Socket, room_id: RoomId, key: ClientId) -> Result<Seq, u32> {
    socket.sends(&message(room_id, "hi", key)).await;
    answer(socket, key).await
}

async fn all_sockets_of_a_user_have_one_budget_of_messages(app: TestApp) {
    let app = limiting(&app, "1/5").await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut laptop, _) = ana.connects().await;
    let mut refused = 0;
    for n in 0..10 {
        let socket = if n % 2 == 0 { &mut phone } else { &mut laptop };
        match tries(socket, room_id, ClientId::random()).await {
            Ok(seq) => assert_eq!(seq, Seq(n + 1)),
            Err(seconds) => {
                assert!((1..=60).contains(&seconds), "{seconds}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 5);
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(5));
    // Another's budget is another one.
    let other = ben.opens_support().await.id();
    let (mut bens, _) = ben.connects().await;
    assert_eq!(
        tries(&mut bens, other, ClientId::random()).await,
        Ok(Seq(1))
    );
}

async fn what_is_over_the_budget_is_refused_and_not_lost(app: TestApp) {
    let app = limiting(&app, "1/10").await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let keys: Vec<ClientId> = (0..40).map(|_| ClientId::random()).collect();
    for key in &keys {
        phone.sends(&message(room_id, "a storm", *key)).await;
    }
    // Each has its answer, whatever the order.
    let (mut taken, mut refused) = (BTreeSet::new(), BTreeSet::new());
    while taken.len() + refused.len() < keys.len() {
        match phone.next().await {
            Event::Ack(ack) => assert!(taken.insert(ack.client_id.0)),
            Event::Error(error) => assert!(refused.insert(error.client_id.unwrap().0)),
            _ => {}
        }
    }
    assert_eq!((taken.len(), refused.len()), (10, 30));
    let stored = ana.reads_room(room_id).await.messages;
    let stored: BTreeSet<_> = stored.iter().map(|m| m.client_id.unwrap().0).collect();
    assert_eq!(stored, taken);
}

async fn a_message_that_is_stored_is_answered_over_the_budget_too(app: TestApp) {
    let app = limiting(&app, "1/3").await;
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let keys: Vec<ClientId> = (0..3).map(|_| ClientId::random()).collect();
    for key in &keys {
        assert!(tries(&mut phone, room_id, *key).await.is_ok());
    }
    let fresh = ClientId::random();
    assert!(tries(&mut phone, room_id, fresh).await.is_err());
    // As after a connection that broke before the answers came.
    let (mut again, _) = ana.connects().await;
    for _ in 0..3 {
        for (n, key) in (1..).zip(&keys) {
            assert_eq!(tries(&mut again, room_id, *key).await, Ok(Seq(n)));
        }
    }
    assert!(tries(&mut again, room_id, fresh).await.is_err());
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(3));
}

/// Spends what `ana` has left of her commands by one socket; answers the first refusal's seconds.
async fn spends_all(socket: &mut Socket) -> u32 {
    for _ in 0..1400 {
        socket.sends(&Command::Ping).await;
        if let Event::Error(error) = socket.next().await {
            match error.error {
                WireError::RateLimited { retry_after } => return retry_after,
                other => panic!("{other:?}"),
            }
        }
    }
    panic!("there is no limit");
}

/// What a request is answered once there is nothing left for it: a command comes back every 50 ms.
async fn refused(socket: &mut Socket, request: impl AsyncFn() -> Response) -> Response {
    for _ in 0..100 {
        spends_all(socket).await;
        let answer = request().await;
        if answer.status() == 429 {
            return answer;
        }
    }
    panic!("requests are not counted");
}

fn storm(times: u32) -> Vec<u8> {
    let ping = text(r#"{"type":"ping","ref":"x"}"#);
    (0..times).flat_map(|_| ping.clone()).collect()
}

async fn all_sockets_and_requests_of_a_user_have_one_budget_of_commands(app: TestApp) {
    let app = limiting(&app, "120/40").await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut laptop, _) = ana.connects().await;
    assert_eq!(spends_all(&mut phone).await, 1);
    spends_all(&mut laptop).await;
    let room = json!({ "room_id": room_id });
    let function = refused(&mut phone, async || {
        ana.calls("room_snapshot", room.clone()).await
    });
    let function = function.await;
    let rest = refused(&mut laptop, async || ana.gets("/api/auth/me/").await).await;
    for answer in [function, rest] {
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], "1");
        assert_eq!(
            answer.json::<Value>().await.unwrap()["code"],
            "rate_limited"
        );
    }
    // A page is no command, and Ben is another.
    assert_eq!(ana.gets("/").await.status(), 200);
    assert_eq!(ben.gets("/api/auth/me/").await.status(), 200);
}

async fn opening_sockets_and_resuming_cost_more(app: TestApp) {
    let app = limiting(&app, "120/40").await;
    let ana = app.student("ana").await;
    let (mut phone, hello) = ana.connects().await;
    let resume = |rooms: i64| Command::Resume {
        epoch: Epoch(hello.epoch.0.clone()),
        rooms: (0..rooms)
            .map(|n| ResumeFrom {
                room_id: RoomId(9_000_000 + n),
                since: Seq(0),
            })
            .collect(),
    };
    // 1,200, and what has come back meanwhile, hold eleven times 101 and not thirteen times.
    let mut done = 0;
    let refused = loop {
        phone.sends(&resume(100)).await;
        let mut first = phone.next().await;
        while matches!(first, Event::Pong) {
            first = phone.next().await;
        }
        match first {
            Event::Error(error) if error.error == WireError::NotFound => {
                for _ in 1..100 {
                    phone.next().await;
                }
                done += 1;
            }
            Event::Error(error) => break error.error,
            other => panic!("{other:?}"),
        }
        assert!(done < 100, "there is no limit");
    };
    assert!(
        matches!(refused, WireError::RateLimited { .. }),
        "{refused:?}"
    );
    assert!((11..=30).contains(&done), "{done}");
    // A smaller one may still fit, until that does not either; then no socket opens.
    spends_all(&mut phone).await;
    let mut opened = Vec::new();
    let refused = loop {
        match ana.tries_socket(&ana.base).await {
            Ok(socket) => opened.push(socket),
            Err(refused) => break refused,
        }
        assert!(opened.len() < 40, "there is no limit");
    };
    assert_eq!(crate::rest::refusal(Err(refused)), 429);
}

async fn a_storm_of_pings_is_limited_and_then_closed(app: TestApp) {
    // Also where messages and commands have no limit.
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (mut bens, _) = ben.connects().await;
    let pings: Vec<u8> = (0..10_000).flat_map(|_| frame(FIN | PING, b"")).collect();
    let mut peer = RawPeer::opens(&ana, app.addr).await;
    // It may be closed before it is all written.
    drop(peer.tries_to_write(&pings).await);
    assert_eq!(peer.closed().await, 1008);
    let pongs: Vec<u8> = (0..10_000).flat_map(|_| frame(FIN | 0xA, b"")).collect();
    let mut peer = RawPeer::opens(&ana, app.addr).await;
    drop(peer.tries_to_write(&pongs).await);
    assert_eq!(peer.closed().await, 1008);
    assert!(bens.all_until_pong().await.is_empty());
}

async fn a_storm_of_frames_without_sense_is_closed(app: TestApp) {
    let ana = app.student("ana").await;
    let kinds = [
        text(""),
        text("{"),
        text(r#"{"type":"launch_rocket"}"#),
        frame(FIN | 0x2, b"binary"),
    ];
    for kind in kinds {
        let mut peer = RawPeer::opens(&ana, app.addr).await;
        let storm: Vec<u8> = (0..10_000).flat_map(|_| kind.clone()).collect();
        drop(peer.tries_to_write(&storm).await);
        assert_eq!(peer.closed().await, 1008);
    }
}

async fn a_storm_of_commands_is_refused_then_closed(app: TestApp) {
    let app = limiting(&app, "120/40").await;
    let ana = app.student("ana").await;
    let mut peer = RawPeer::opens(&ana, app.addr).await;
    // 1,200 and what comes back meanwhile are answered, 600 refused one by one.
    drop(peer.tries_to_write(&storm(10_000)).await);
    let (mut answered, mut refused) = (0, 0);
    let code = loop {
        let (first, content) = peer.frame().await;
        if first == FIN | 0x8 {
            break u16::from_be_bytes([content[0], content[1]]);
        }
        if first != FIN | TEXT {
            continue;
        }
        let event: Value = serde_json::from_slice(&content).unwrap();
        match event["type"].as_str().unwrap() {
            "pong" => answered += 1,
            "error" => {
                assert_eq!(event["code"], "rate_limited");
                assert_eq!(event["ref"], "x");
                assert!(event["retry_after"].as_u64().unwrap() > 0);
                refused += 1;
            }
            _ => {}
        }
    };
    assert_eq!((code, refused), (1008, 600));
    assert!((1190..1500).contains(&answered), "{answered}");
}

/// How many signs of typing a reader gets until she hears a message.
async fn signs(desk: &mut Socket) -> usize {
    let mut signs = 0;
    loop {
        match desk.next().await {
            Event::TypingIndicator { .. } => signs += 1,
            Event::ChatMessage { .. } => return signs,
            _ => {}
        }
    }
}

async fn watches(person: &Person, room_id: RoomId) -> Socket {
    let (mut desk, _) = person.connects().await;
    desk.sends(&Command::Watch {
        room_id: Some(room_id),
        user_ids: Vec::new(),
    })
    .await;
    desk.all_until_pong().await;
    desk
}

async fn a_storm_of_typing_is_shown_seldom_and_never_refused(app: TestApp) {
    let app = limiting(&app, "120/40").await;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let mut desk = watches(&nora, room_id).await;
    let (mut phone, _) = ana.connects().await;
    let is_typing = true;
    for _ in 0..250 {
        let audience = Audience::All;
        let typing = Command::Typing {
            room_id,
            is_typing,
            audience,
        };
        phone.sends(&typing).await;
        phone.sends(&Command::StopTyping { room_id }).await;
    }
    // Between them all messages go on, and nothing is refused.
    phone.says(room_id, "There it is").await;
    let signs = signs(&mut desk).await;
    assert!((1..60).contains(&signs), "{signs}");
}

on_both_databases!(
    all_sockets_of_a_user_have_one_budget_of_messages,
    what_is_over_the_budget_is_refused_and_not_lost,
    a_message_that_is_stored_is_answered_over_the_budget_too,
    all_sockets_and_requests_of_a_user_have_one_budget_of_commands,
    opening_sockets_and_resuming_cost_more,
    a_storm_of_pings_is_limited_and_then_closed,
    a_storm_of_frames_without_sense_is_closed,
    a_storm_of_commands_is_refused_then_closed,
    a_storm_of_typing_is_shown_seldom_and_never_refused,
);
