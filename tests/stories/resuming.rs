//! Coming back: the old snapshot with the events applied equals a fresh one.

use quad::{
    model::{RoomId, Seq},
    protocol::{Command, Event, ResumeFrom},
    sync::{Applied, Snapshot},
};

use crate::{
    app::{Socket, TestApp},
    on_both_databases,
};

async fn resumed(socket: &mut Socket, old: &Snapshot) -> Vec<Event> {
    let rooms = vec![ResumeFrom {
        room_id: old.id(),
        since: old.seq,
    }];
    socket
        .sends(&Command::Resume {
            epoch: old.epoch.clone(),
            rooms,
        })
        .await;
    let mut events = Vec::new();
    loop {
        let event = socket.next().await;
        let is_last = matches!(event, Event::CaughtUp { .. } | Event::Reset { .. });
        events.push(event);
        if is_last {
            return events;
        }
    }
}

/// Both sides without what differs by the moment alone.
fn comparable(mut snapshot: Snapshot, like: &Snapshot) -> Snapshot {
    snapshot.taken_at = like.taken_at;
    snapshot.newest()
}

async fn live_events_lead_to_the_fresh_snapshot(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let mut old = ana.opens_support().await;
    let room_id = old.id();
    let (mut listening, _) = ana.connects().await;
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    for n in 0..60 {
        let socket = if n % 3 == 0 { &mut phone } else { &mut desk };
        let ack = socket.says(room_id, &format!("message {n}")).await;
        if n == 30 {
            for socket in [&mut phone, &mut desk] {
                socket.reads_up_to(room_id, ack.seq).await;
                // Once this is answered, the mark is stored and told.
                socket.all_until_pong().await;
            }
        }
    }
    for event in listening.all_until_pong().await {
        assert!(
            !matches!(old.apply(&event), Applied::Gap | Applied::Reset),
            "{event:?}"
        );
    }
    let fresh = ana.reads_room(room_id).await;
    assert_eq!(comparable(old, &fresh), fresh);
}

async fn a_resume_brings_what_changed_and_no_more(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut desk, _) = nora.connects().await;
    for n in 0..5 {
        desk.says(room_id, &format!("before {n}")).await;
    }
    let mut old = ana.reads_room(room_id).await;
    for n in 0..70 {
        desk.says(room_id, &format!("after {n}")).await;
    }
    desk.reads_up_to(room_id, Seq(75)).await;
    desk.all_until_pong().await;

    let (mut phone, hello) = ana.connects().await;
    let events = resumed(&mut phone, &old).await;
    let brought = events
        .iter()
        .filter(|event| matches!(event, Event::ChatMessage { .. }))
        .count();
    assert_eq!(brought, 70);
    for event in &events {
        old.apply_resumed(event);
    }
    let mine = hello
        .rooms
        .iter()
        .find(|room| room.id() == room_id)
        .unwrap();
    assert_eq!(mine.unread_count, 75);
    let fresh = ana.reads_room(room_id).await;
    assert_eq!(comparable(old, &fresh), fresh);
}

async fn what_cannot_be_resumed_is_reset_and_what_is_not_yours_is_not_there(app: TestApp) {
    let (ana, kofi) = (app.student("ana").await, app.student("kofi").await);
    let mut snapshot = ana.opens_support().await;
    let (mut phone, _) = ana.connects().await;
    snapshot.seq = Seq(10);
    assert!(matches!(
        resumed(&mut phone, &snapshot).await[..],
        [Event::Reset { .. }]
    ));
    snapshot.seq = Seq(0);
    snapshot.epoch.0 = "another".to_owned();
    assert!(matches!(
        resumed(&mut phone, &snapshot).await[..],
        [Event::Reset { .. }]
    ));

    let (mut other, _) = kofi.connects().await;
    for room_id in [snapshot.id(), RoomId(987_654)] {
        let rooms = vec![ResumeFrom {
            room_id,
            since: Seq(0),
        }];
        other
            .sends(&Command::Resume {
                epoch: snapshot.epoch.clone(),
                rooms,
            })
            .await;
        assert!(
            matches!(other.next().await, Event::Error(error) if error.error.code() == "not_found")
        );
    }
}

on_both_databases!(
    live_events_lead_to_the_fresh_snapshot,
    a_resume_brings_what_changed_and_no_more,
    what_cannot_be_resumed_is_reset_and_what_is_not_yours_is_not_there,
);
