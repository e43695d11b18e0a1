//! The machine's clock jumps, forward and back: the order of everything stays that of the writing.

use quad::{
    model::{Seq, Timestamp},
    server::clock::Clock,
    sync::{Lists, Snapshot},
};
use serde_json::json;

use crate::{
    app::{Person, TestApp},
    on_both_databases,
};

const BEGIN: Timestamp = Timestamp(1_770_000_000_000);
const HOUR_MS: i64 = 3_600_000;
/// From one message to the next.
const JUMPS_MS: [i64; 8] = [
    -HOUR_MS,
    5 * HOUR_MS,
    -9 * HOUR_MS,
    0,
    1,
    -1,
    30 * HOUR_MS,
    -26 * HOUR_MS,
];

/// The list as a page starts with it.
async fn list(person: &Person) -> Lists {
    let boot: quad::api::Boot = person.reads("start", json!({})).await;
    boot.session.unwrap().lists
}

async fn a_clock_that_jumps_changes_no_order(app: TestApp) {
    let clock = Clock::manual(BEGIN);
    let app = app.told(&[], &clock).await;
    let people = [
        app.student("ana").await,
        app.student("ben").await,
        app.student("cleo").await,
    ];
    let nora = app.agent("nora").await;
    let mut rooms = Vec::new();
    for person in &people {
        rooms.push((person.opens_support().await.id(), person.connects().await.0));
    }
    let mut last_rooms = Vec::new();
    let (mut desk, _) = nora.connects().await;
    let mut live: Vec<Snapshot> = Vec::new();
    for (room_id, _) in &rooms {
        live.push(nora.reads_room(*room_id).await);
    }
    let mut said = [0_i64; 3];
    for (n, jump) in JUMPS_MS.iter().cycle().take(24).enumerate() {
        clock.advance_ms(*jump);
        let at = (n * n + n / 3) % 3;
        let (room_id, socket) = &mut rooms[at];
        said[at] += 1;
        let text = format!("message {n}");
        assert_eq!(socket.says(*room_id, &text).await.seq, Seq(said[at]));
        last_rooms.retain(|room| room != room_id);
        last_rooms.insert(0, *room_id);

        let newest = list(&nora).await;
        let order: Vec<_> = newest.by_activity().iter().map(|room| room.id()).collect();
        assert_eq!(order, last_rooms, "after a jump of {jump} ms");
    }
    for event in desk.all_until_pong().await {
        for room in &mut live {
            room.apply(&event);
        }
    }
    for (n, (room_id, _)) in rooms.iter().enumerate() {
        let fresh = nora.reads_room(*room_id).await;
        let seqs: Vec<_> = fresh.messages.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=said[n]).map(Seq).collect::<Vec<_>>());
        assert_eq!(live[n].messages, fresh.messages);
        assert_eq!(fresh.room.unread_count, said[n]);
        desk.reads_up_to(*room_id, fresh.seq).await;
    }
    desk.all_until_pong().await;
    assert_eq!(list(&nora).await.unread_at_desks(), 0);
}

on_both_databases!(a_clock_that_jumps_changes_no_order);
