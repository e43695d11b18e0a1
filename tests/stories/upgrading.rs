//! Requests for a socket that are none: each is answered by HTTP, before the upgrade.

use serde_json::Value;

use crate::{
    app::TestApp,
    on_both_databases,
    raw::{FIN, PING, RawAnswer, RawPeer, TEXT, frame, upgrade},
};

async fn asks(app: &TestApp, request: &str) -> RawAnswer {
    let mut peer = RawPeer::connects(app.addr).await;
    peer.writes(request).await;
    peer.answer().await
}

fn code(answer: &RawAnswer) -> Value {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["code"].clone()
}

async fn what_is_no_upgrade_is_told_what_would_be_one(app: TestApp) {
    let ana = app.student("ana").await;
    for other in [
        ("Upgrade", ""),
        ("Upgrade", "h2c"),
        ("Connection", "keep-alive"),
        ("Sec-WebSocket-Version", ""),
        ("Sec-WebSocket-Version", "8"),
    ] {
        let answer = asks(&app, &upgrade(&ana, app.addr, &[other])).await;
        assert_eq!(answer.status, 426, "{other:?}");
        assert_eq!(code(&answer), "malformed");
        for line in ["upgrade: websocket\r\n", "sec-websocket-version: 13\r\n"] {
            assert!(answer.head.contains(line), "{}", answer.head);
        }
    }
}

async fn a_malformed_upgrade_is_refused(app: TestApp) {
    let ana = app.student("ana").await;
    for other in [
        ("Sec-WebSocket-Key", ""),
        ("Sec-WebSocket-Key", "c2hvcnQ="),
        ("Sec-WebSocket-Key", "not base64 at all!!!!!!!"),
        ("Sec-WebSocket-Protocol", "graphql-ws"),
    ] {
        let answer = asks(&app, &upgrade(&ana, app.addr, &[other])).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (400, "malformed".into()),
            "{other:?}"
        );
        assert!(
            answer.head.contains("cache-control: no-store\r\n"),
            "{}",
            answer.head
        );
    }
    let whole = upgrade(&ana, app.addr, &[]);
    let posted = asks(&app, &whole.replacen("GET", "POST", 1)).await;
    assert_eq!(
        (posted.status, code(&posted)),
        (405, "method_not_allowed".into())
    );
    let strange = asks(
        &app,
        &whole.replacen("/ws/chat/", "/ws/chat/?ticket=a&ticket=b", 1),
    )
    .await;
    assert_eq!(strange.status, 400);
    // It is no matter of this person's: the next one is well-formed.
    RawPeer::opens(&ana, app.addr).await.until(TEXT).await;
}

async fn who_one_is_comes_before_how_one_asks(app: TestApp) {
    let ana = app.student("ana").await;
    let nobody = upgrade(&app.anonymous(), app.addr, &[("Upgrade", "")]);
    assert_eq!(asks(&app, &nobody).await.status, 401);
    let (own, port) = (format!("http://{}", app.addr), app.addr.port());
    for origin in [
        "null",
        "",
        "http://evil.example",
        &format!("{own}.evil.example"),
        &format!("{own}@evil.example"),
        &format!("http://evil.example/{own}"),
        &format!("http://localhost:{port}"),
        &format!("ftp://{}", app.addr),
        &format!("{own}, http://evil.example"),
    ] {
        let foreign = [("Origin", origin), ("Sec-WebSocket-Key", "")];
        let answer = asks(&app, &upgrade(&ana, app.addr, &foreign)).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (403, "cross_site".into()),
            "{origin}"
        );
    }
}

async fn what_is_not_even_http_is_refused_and_disturbs_nobody(app: TestApp) {
    let ana = app.student("ana").await;
    let (mut phone, _) = ana.connects().await;
    for (bytes, status) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n", 400),
        ("GET /ws/chat/ HTTP/9.9\r\n\r\n", 400),
        ("GET /ws/chat/ HTTP/1.1\r\nbad header\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    ] {
        assert_eq!(asks(&app, bytes).await.status, status, "{bytes:?}");
    }
    let long = format!("GET / HTTP/1.1\r\nX-Long: {}\r\n\r\n", "x".repeat(100_000));
    let mut peer = RawPeer::connects(app.addr).await;
    // It may be refused before it is all written.
    drop(peer.tries_to_write(long.as_bytes()).await);
    assert_eq!(peer.answer().await.status, 431);
    assert!(phone.all_until_pong().await.is_empty());
}

async fn frames_that_come_with_the_request_are_read(app: TestApp) {
    let ana = app.student("ana").await;
    let mut bytes = upgrade(&ana, app.addr, &[]).into_bytes();
    bytes.extend(frame(FIN | PING, b"early"));
    let mut peer = RawPeer::connects(app.addr).await;
    peer.writes(bytes).await;
    assert_eq!(peer.answer().await.status, 101);
    assert_eq!(peer.until(0xA).await, b"early");
}

on_both_databases!(
    what_is_no_upgrade_is_told_what_would_be_one,
    a_malformed_upgrade_is_refused,
    who_one_is_comes_before_how_one_asks,
    what_is_not_even_http_is_refused_and_disturbs_nobody,
    frames_that_come_with_the_request_are_read,
);
