//! Many sockets of one user, and readers that have stopped reading: neither costs others anything.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use quad::{
    model::{Desk, RoomId},
    server::hub::Topic,
};

use crate::{
    app::{Socket, TestApp},
    on_both_databases,
    raw::{RawPeer, TEXT},
    rest::refusal,
};

async fn a_thousand_sockets_of_one_user_at_once_are_capped(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let tries: Vec<_> = stream::iter(0..1000)
        .map(|_| ana.tries_socket(&ana.base))
        .buffer_unordered(100)
        .collect()
        .await;
    let mut open = Vec::new();
    for tried in tries {
        match tried {
            Ok(socket) => open.push(socket),
            refused => assert_eq!(refusal(refused), 429),
        }
    }
    assert_eq!(open.len(), 50);
    // All of them live, and nobody else has fewer.
    for socket in &mut open {
        socket.all_until_pong().await;
    }
    ben.connects().await;

    // A place is free again once its socket is gone.
    open.pop();
    let again = loop {
        match ana.tries_socket(&ana.base).await {
            Ok(socket) => break socket,
            refused => assert_eq!(refusal(refused), 429),
        }
    };
    open.push(again);
    assert_eq!(refusal(ana.tries_socket(&ana.base).await), 429);
}

async fn a_place_is_not_lost_by_a_handshake_that_breaks_off(app: TestApp) {
    let ana = app.student("ana").await;
    for _ in 0..120 {
        let mut peer = RawPeer::connects(app.addr).await;
        let request = crate::raw::upgrade(&ana, app.addr, &[]);
        peer.writes(request).await;
        // Gone, maybe before it was answered.
        drop(peer);
    }
    let mut open: Vec<Socket> = Vec::new();
    while open.len() < 50 {
        match ana.tries_socket(&ana.base).await {
            Ok(socket) => open.push(socket),
            refused => assert_eq!(refusal(refused), 429),
        }
    }
}

/// Says so much that no queue holds it.
async fn floods(socket: &mut Socket, room_id: RoomId, messages: usize) {
    let text = "x".repeat(1000);
    for _ in 0..messages {
        socket.says(room_id, &text).await;
    }
}

async fn hears(mut listener: Socket, messages: usize) {
    for n in 1..=messages {
        assert_eq!(listener.message().await.seq.0, i64::try_from(n).unwrap());
    }
}

async fn readers_that_stop_are_cut_and_others_are_not_disturbed(app: TestApp) {
    const MESSAGES: usize = 700;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(RawPeer::opens_narrow(&nora, app.addr).await);
    }
    let (listener, _) = nora.connects().await;
    let (mut phone, _) = ana.connects().await;
    tokio::join!(
        floods(&mut phone, room_id, MESSAGES),
        hears(listener, MESSAGES)
    );
    let mut look = tokio::time::interval(Duration::from_millis(50));
    while app.services.hub.too_slow() < 20 {
        look.tick().await;
    }
    for mut peer in slow {
        peer.is_cut().await;
    }
    // Their places are free again.
    let mut open = Vec::new();
    while open.len() < 48 {
        match nora.tries_socket(&nora.base).await {
            Ok(socket) => open.push(socket),
            refused => assert_eq!(refusal(refused), 429),
        }
    }
}

async fn a_reader_that_was_slow_and_reads_again_is_told_that_it_was_too_slow(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let mut slow = RawPeer::opens_narrow(&nora, app.addr).await;
    slow.until(TEXT).await;
    let (mut watch, _) = nora.connects().await;
    // It stops until its queue is full, and reads at once when it is closed: there is time for its close frame.
    let mut said = 0;
    while app.services.hub.too_slow() == 0 {
        phone.says(room_id, &"x".repeat(1000)).await;
        watch.message().await;
        said += 1;
        assert!(said < 5000, "no queue is full");
    }
    assert_eq!(slow.closed().await, 4408);
}

async fn a_reader_that_takes_nothing_is_cut_within_ten_seconds_though_little_is_said(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let slow = RawPeer::opens_narrow(&nora, app.addr).await;
    // More than the system keeps for it, and less than its queue.
    let text = "x".repeat(1000);
    for _ in 0..300 {
        phone.says(room_id, &text).await;
    }
    let begun = Instant::now();
    let desk = Topic::Desk(Desk::default_desk());
    let mut look = tokio::time::interval(Duration::from_millis(50));
    while app.services.hub.count_of_topic(&desk) > 0 {
        look.tick().await;
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(app.services.hub.too_slow(), 1);
    // Others went on meanwhile, and do.
    phone.says(room_id, "Is anybody there?").await;
    drop(slow);
}

on_both_databases!(
    a_thousand_sockets_of_one_user_at_once_are_capped,
    a_place_is_not_lost_by_a_handshake_that_breaks_off,
    readers_that_stop_are_cut_and_others_are_not_disturbed,
    a_reader_that_was_slow_and_reads_again_is_told_that_it_was_too_slow,
    a_reader_that_takes_nothing_is_cut_within_ten_seconds_though_little_is_said,
);
