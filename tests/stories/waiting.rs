//! Peers that make the server wait: not for long, and those that are refused hear of it.

use std::time::Duration;

use quad::server::{self, http::accept};
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    app::{Person, TestApp},
    on_both_databases,
    raw::RawPeer,
};

/// Behind another address, where nobody is waited for longer than for a moment.
async fn impatient(app: &TestApp) -> (Person, DropGuard) {
    let moment = Duration::from_millis(300);
    let bounds = accept::Bounds {
        head: moment,
        body: moment,
        answer: moment,
        ..accept::Bounds::default()
    };
    behind(app, bounds).await
}

/// A student of the same people and rooms behind another address, with bounds of its own.
pub async fn behind(app: &TestApp, bounds: accept::Bounds) -> (Person, DropGuard) {
    let mut ana = app.student("ana").await;
    let listener = accept::listen((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    ana = ana.at_address(listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let services = app.services.clone();
    tokio::spawn(server::serve_within(
        bounds,
        listener,
        services,
        stop.clone(),
    ));
    (ana, stop.drop_guard())
}

fn call(ana: &Person, lines: &str) -> String {
    format!(
        "POST /api/fn/room_snapshot HTTP/1.1\r\nHost: x\r\nCookie: quad_session={}\r\nX-CSRF-Token: {}\r\n\
         Content-Type: application/json\r\n{lines}\r\n",
        ana.session, ana.csrf
    )
}

async fn a_head_that_does_not_come_is_not_waited_for(app: TestApp) {
    let (ana, _stop) = impatient(&app).await;
    for begin in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut peer = RawPeer::connects(ana.addr()).await;
        peer.writes(begin).await;
        peer.ends().await;
    }
    // A head in small pieces has no more time than one.
    let mut peer = RawPeer::connects(ana.addr()).await;
    let mut pieces = tokio::time::interval(Duration::from_millis(20));
    peer.writes("GET / HTTP/1.1\r\nX-Slow: ").await;
    let mut written = 0;
    while peer.tries_to_write(b"x").await.is_ok() {
        pieces.tick().await;
        written += 1;
        assert!(written < 1000, "it waits for ever");
    }
    assert_eq!(ana.gets("/api/health/").await.status(), 200);
}

async fn a_body_that_does_not_come_is_not_waited_for(app: TestApp) {
    let (ana, _stop) = impatient(&app).await;
    for lines in ["Content-Length: 50\r\n", "Transfer-Encoding: chunked\r\n"] {
        let mut peer = RawPeer::connects(ana.addr()).await;
        peer.writes(call(&ana, lines)).await;
        peer.writes("5\r\n").await;
        let answer = peer.answer().await;
        assert_eq!(answer.status, 400, "{lines}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["code"], "malformed");
        peer.ends().await;
    }
    // The REST API waits no longer.
    let mut peer = RawPeer::connects(ana.addr()).await;
    peer.writes("POST /api/auth/token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        .await;
    assert_eq!(peer.answer().await.status, 400);
    peer.ends().await;
}

/// Asks for far more than the system keeps for a peer, in one go.
async fn asks_for_much(peer: &mut RawPeer) {
    let request = "GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n";
    peer.writes(request.repeat(100)).await;
}

async fn an_answer_that_is_not_taken_ends_the_connection(app: TestApp) {
    let (ana, _stop) = impatient(&app).await;
    let mut peer = RawPeer::connects_narrow(ana.addr()).await;
    asks_for_much(&mut peer).await;
    let mut look = tokio::time::interval(Duration::from_millis(20));
    let mut looks = 0;
    // It is cut, not left to the system with what waits for it.
    while peer.tries_to_write(b"x").await.is_ok() {
        look.tick().await;
        looks += 1;
        assert!(looks < 1000, "it is waited for");
    }
}

async fn an_answer_that_is_taken_by_the_byte_ends_the_connection_too(app: TestApp) {
    let (ana, _stop) = impatient(&app).await;
    let mut peer = RawPeer::connects_narrow(ana.addr()).await;
    asks_for_much(&mut peer).await;
    let mut pieces = tokio::time::interval(Duration::from_millis(20));
    let mut taken = 0;
    while peer.tries_to_write(b"x").await.is_ok() {
        peer.takes_a_byte().await;
        pieces.tick().await;
        taken += 1;
        assert!(taken < 1000, "it is waited for");
    }
}

async fn a_slow_reader_who_goes_on_gets_all_of_it(app: TestApp) {
    let (ana, _stop) = impatient(&app).await;
    let mut peer = RawPeer::connects_narrow(ana.addr()).await;
    asks_for_much(&mut peer).await;
    for _ in 0..100 {
        assert_eq!(peer.answer().await.status, 200);
    }
}

async fn whoever_sends_too_much_hears_that_it_is_too_much(app: TestApp) {
    let ana = app.student("ana").await;
    // Nothing of it is wanted: an answer that comes before the body is read must not be lost with the connection.
    const LENGTH: usize = 8 * 1024 * 1024;
    for (request, status) in [
        (call(&ana, &format!("Content-Length: {LENGTH}\r\n")), 413),
        (
            call(&ana, &format!("Content-Length: {LENGTH}\r\n"))
                .replace("X-CSRF-Token: ", "X-Other: "),
            403,
        ),
        (
            call(&ana, &format!("Content-Length: {LENGTH}\r\n"))
                .replace("application/json", "image/png"),
            415,
        ),
        (
            call(&ana, &format!("Content-Length: {LENGTH}\r\n"))
                .replace("/api/fn/room_snapshot", "/nowhere/"),
            404,
        ),
    ] {
        let mut peer = RawPeer::connects(app.addr).await;
        peer.writes(request).await;
        peer.writes(vec![b' '; LENGTH]).await;
        assert_eq!(peer.answer().await.status, status);
        peer.is_cut().await;
    }
}

on_both_databases!(
    a_head_that_does_not_come_is_not_waited_for,
    a_body_that_does_not_come_is_not_waited_for,
    an_answer_that_is_not_taken_ends_the_connection,
    an_answer_that_is_taken_by_the_byte_ends_the_connection_too,
    a_slow_reader_who_goes_on_gets_all_of_it,
    whoever_sends_too_much_hears_that_it_is_too_much,
);
