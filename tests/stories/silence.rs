//! Peers that give no sign of life: cut, and told why where they can still be reached.

use quad::{protocol::CloseCode, server::clock::Clock};

use crate::{
    app::TestApp,
    on_both_databases,
    raw::{PING, RawPeer, TEXT},
};

async fn a_peer_that_gives_no_sign_of_life_is_told_that_it_was_silent(app: TestApp) {
    let ana = app.student("ana").await;
    let times = [
        ("QUAD_LIMITS_HEARTBEAT_SECONDS", "1"),
        ("QUAD_LIMITS_TIMEOUT_SECONDS", "2"),
    ];
    let node = app.told(&times, &Clock::System).await;
    // It reads all that comes, pings among it, and says nothing.
    let mut silent = RawPeer::opens(&ana, node.addr).await;
    silent.until(TEXT).await;
    silent.until(PING).await;
    let (mut awake, _) = ana.at(&node).connects().await;
    let code = tokio::select! {
        code = silent.closed() => code,
        // A well-behaved one answers pings by itself, as long as it reads.
        event = awake.next() => panic!("nothing happens, but {event:?}"),
    };
    assert_eq!(code, CloseCode::Silent.number());
    awake.all_until_pong().await;
}

on_both_databases!(a_peer_that_gives_no_sign_of_life_is_told_that_it_was_silent,);
