//! Many connections of nobody in particular: an address has its share, a node has its bound, and sockets do not count.

use quad::server::http::accept::Bounds;

use crate::{app::TestApp, on_both_databases, raw::RawPeer, waiting::behind};

/// Whether a connection is served.
async fn is_served(peer: &mut RawPeer) -> bool {
    let request = b"GET /api/health/ HTTP/1.1\r\nHost: x\r\n\r\n";
    // It may be closed already.
    if peer.tries_to_write(request).await.is_err() {
        return false;
    }
    peer.tries_to_hear().await == Some(200)
}

async fn an_address_has_no_more_than_its_share(app: TestApp) {
    let bounds = Bounds {
        guests_of_address: 3,
        ..Bounds::default()
    };
    let (ana, _stop) = behind(&app, bounds).await;
    let addr = ana.addr();
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut peer = RawPeer::connects(addr).await;
        assert!(is_served(&mut peer).await);
        held.push(peer);
    }
    assert!(!is_served(&mut RawPeer::connects(addr).await).await);
    // Somebody else's share is their own.
    assert!(is_served(&mut RawPeer::connects_from([127, 0, 0, 2], addr).await).await);
    // Those who are here go on, and a seat is free again once its connection is gone.
    assert!(is_served(&mut held[0]).await);
    held.pop();
    while !is_served(&mut RawPeer::connects(addr).await).await {
        tokio::task::yield_now().await;
    }
}

async fn a_node_has_no_more_than_its_bound(app: TestApp) {
    let bounds = Bounds {
        guests: 3,
        ..Bounds::default()
    };
    let (ana, _stop) = behind(&app, bounds).await;
    let addr = ana.addr();
    let mut held = Vec::new();
    for from in 1..=3 {
        let mut peer = RawPeer::connects_from([127, 0, 0, from], addr).await;
        assert!(is_served(&mut peer).await);
        held.push(peer);
    }
    assert!(!is_served(&mut RawPeer::connects_from([127, 0, 0, 4], addr).await).await);
    held.pop();
    while !is_served(&mut RawPeer::connects_from([127, 0, 0, 4], addr).await).await {
        tokio::task::yield_now().await;
    }
}

async fn a_connection_that_became_a_socket_takes_no_seat(app: TestApp) {
    let bounds = Bounds {
        guests_of_address: 1,
        ..Bounds::default()
    };
    let (ana, _stop) = behind(&app, bounds).await;
    let mut sockets = Vec::new();
    while sockets.len() < 5 {
        // The seat of the one before is free as soon as that is a socket.
        let mut peer = RawPeer::connects(ana.addr()).await;
        if is_served(&mut peer).await {
            sockets.push(peer.upgraded(&ana, ana.addr()).await);
        }
    }
    let mut guest = RawPeer::connects(ana.addr()).await;
    while !is_served(&mut guest).await {
        guest = RawPeer::connects(ana.addr()).await;
    }
    assert!(!is_served(&mut RawPeer::connects(ana.addr()).await).await);
}

on_both_databases!(
    an_address_has_no_more_than_its_share,
    a_node_has_no_more_than_its_bound,
    a_connection_that_became_a_socket_takes_no_seat,
);
