//! Where one is signed in: listed and ended by their owner, and what the end of a session brings with it.

use std::time::Duration;

use quad::{model::Timestamp, server::clock::Clock};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, Socket, TestApp, tries_socket_with},
    on_both_databases,
    rest::{Program, refusal, whole},
};

const NOON: Timestamp = Timestamp(1_754_303_400_000);

async fn socket_of(program: &Program) -> Socket {
    let query = format!("?token={}", program.access);
    let mut socket = tries_socket_with(program.addr, &query, &[]).await.unwrap();
    socket.all_until_pong().await;
    socket
}

async fn closes_within_a_second(socket: &mut Socket) {
    let closed = tokio::time::timeout(Duration::from_secs(1), socket.closed());
    assert_eq!(closed.await.expect("closed within a second"), 4401);
}

fn path_of(session: &Value) -> String {
    format!("/api/auth/sessions/{}/", session["id"])
}

async fn one_sees_where_one_is_signed_in(app: TestApp) {
    let ana = app.student("ana").await;
    app.student("ben").await;
    let program = Program::of(&app, "ana").await;
    let sessions = program.sessions().await;
    let shown: Vec<_> = sessions
        .iter()
        .map(|session| {
            (
                session["kind"].as_str().unwrap(),
                session["is_current"] == true,
            )
        })
        .collect();
    assert_eq!(shown, [("token", true), ("browser", false)]);
    assert_eq!(sessions[0]["user_agent"], "program/1.0");
    let by_cookie = ana
        .request(Method::GET, "/api/auth/sessions/")
        .send()
        .await
        .unwrap();
    let body: Value = by_cookie.json().await.unwrap();
    assert_eq!((&body["count"], &body["next"]), (&json!(2), &Value::Null));
    let called: Vec<Value> = ana.calls("sessions", json!({})).await.json().await.unwrap();
    assert_eq!(called.len(), 2);
    assert!(
        called
            .iter()
            .any(|s| s["kind"] == "browser" && s["is_current"] == true)
    );
    // Nothing in it opens anything.
    assert!(!body.to_string().contains("hash"));
}

async fn an_ended_sessions_sockets_close_and_others_stay(app: TestApp) {
    let ana = app.student("ana").await;
    let (lost, kept) = (
        Program::of(&app, "ana").await,
        Program::of(&app, "ana").await,
    );
    let (mut gone, mut stays) = (socket_of(&lost).await, socket_of(&kept).await);
    let (mut page, _) = ana.connects().await;
    let of_lost = lost.sessions().await;
    let mine = of_lost
        .iter()
        .find(|session| session["is_current"] == true)
        .unwrap();
    assert_eq!(kept.deletes(&path_of(mine)).await.status(), 204);
    closes_within_a_second(&mut gone).await;
    assert_eq!(lost.is_known().await, 401);
    assert_eq!(kept.deletes(&path_of(mine)).await.status(), 404);
    stays.all_until_pong().await;
    page.all_until_pong().await;
    assert_eq!(kept.sessions().await.len(), 2);
}

async fn a_session_of_others_is_as_one_that_is_not_there(app: TestApp) {
    app.student("ana").await;
    app.student("ben").await;
    let (ana, ben) = (
        Program::of(&app, "ana").await,
        Program::of(&app, "ben").await,
    );
    let anas = &ana.sessions().await[0];
    let mut answers = Vec::new();
    for path in [
        &path_of(anas),
        "/api/auth/sessions/987654/",
        "/api/auth/sessions/abc/",
    ] {
        answers.push(whole(ben.deletes(path).await).await);
    }
    assert_eq!(answers[0].0, 404);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(ana.is_known().await, 200);
}

async fn signing_out_everywhere_else_keeps_this_device(app: TestApp) {
    let ana = app.student("ana").await;
    let others = [
        Program::of(&app, "ana").await,
        Program::of(&app, "ana").await,
    ];
    let ben = app.student("ben").await;
    let (mut one, mut two) = (socket_of(&others[0]).await, socket_of(&others[1]).await);
    let ((mut own, _), (mut bens, _)) = (ana.connects().await, ben.connects().await);
    assert_eq!(
        ana.calls("end_other_sessions", json!({})).await.status(),
        200
    );
    closes_within_a_second(&mut one).await;
    closes_within_a_second(&mut two).await;
    own.all_until_pong().await;
    bens.all_until_pong().await;
    for other in &others {
        assert_eq!(other.is_known().await, 401);
    }
    assert_eq!(ana.gets("/").await.status(), 200);
}

async fn a_new_password_ends_the_other_sessions(app: TestApp) {
    let ana = app.student("ana").await;
    let other = Program::of(&app, "ana").await;
    let mut gone = socket_of(&other).await;
    let (mut own, _) = ana.connects().await;
    let change = json!({ "old_password": PASSWORD, "new_password": "another long password" });
    let answer = ana.calls("change_password", change.clone()).await;
    assert_eq!(whole(answer).await, (200, "{}".to_owned()));
    closes_within_a_second(&mut gone).await;
    assert_eq!(other.is_known().await, 401);
    own.all_until_pong().await;
    // The old one is over, also for changing it again.
    let answer = ana.calls("change_password", change).await;
    let (status, body) = whole(answer).await;
    assert_eq!(
        (status, body.as_str()),
        (200, r#"{"old_password":"password_wrong"}"#)
    );
    let mut page = app.anonymous();
    let answer = page.signs_in("ana", PASSWORD).await;
    assert_eq!(
        answer.headers()["location"],
        "/sign-in?error=wrong_credentials"
    );
    assert_eq!(
        page.signs_in("ana", "another long password")
            .await
            .headers()["location"],
        "/"
    );
}

async fn a_session_cannot_guess_its_own_password(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    let ana = app.student("ana").await;
    let change = json!({ "old_password": "wrong", "new_password": "another long password" });
    for _ in 0..20 {
        let (status, body) = whole(ana.calls("change_password", change.clone()).await).await;
        assert_eq!((status, body.contains("password_wrong")), (200, true));
    }
    let answer = ana.calls("change_password", change).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    let short = json!({ "old_password": PASSWORD, "new_password": "short" });
    let (_, body) = whole(ana.calls("change_password", short).await).await;
    assert_eq!(body, r#"{"new_password":"password_too_short"}"#);
}

async fn the_last_use_is_written_now_and_then(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let last_used = async || {
        let sessions = program.sessions().await;
        let own = sessions
            .iter()
            .find(|session| session["is_current"] == true);
        own.unwrap()["last_used_at"].as_str().unwrap().to_owned()
    };
    let begun = NOON.rfc3339();
    clock.advance_ms(299_999);
    assert_eq!(last_used().await, begun);
    clock.advance_ms(1);
    program.is_known().await;
    let later = clock.now().rfc3339();
    // A write waits for those before it in the queue.
    app.student("ben").await;
    assert_eq!(last_used().await, later);
}

async fn the_account_page_is_for_the_signed_in(app: TestApp) {
    let ana = app.student("ana").await;
    let stranger = app.anonymous();
    let answer = stranger.visits("/account").await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "/sign-in?next=/account");
    let page = ana.gets("/account").await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("This device") && page.contains("Change password"),
        "{page}"
    );
    assert!(page.contains("</html>"));
    for function in ["sessions", "end_other_sessions"] {
        let mut stranger = app.anonymous();
        stranger.csrf =
            crate::app::hidden_token(&stranger.gets("/sign-in").await.text().await.unwrap());
        let answer = stranger.calls(function, json!({})).await;
        assert_eq!(answer.status(), 401, "{function}");
    }
    let mut session = ana.session.clone();
    session.push('x');
    let headers = [
        ("cookie", format!("quad_session={session}")),
        ("origin", ana.base.clone()),
    ];
    assert_eq!(
        refusal(tries_socket_with(app.addr, "", &headers).await),
        401
    );
}

on_both_databases!(
    one_sees_where_one_is_signed_in,
    an_ended_sessions_sockets_close_and_others_stay,
    a_session_of_others_is_as_one_that_is_not_there,
    signing_out_everywhere_else_keeps_this_device,
    a_new_password_ends_the_other_sessions,
    a_session_cannot_guess_its_own_password,
    the_last_use_is_written_now_and_then,
    the_account_page_is_for_the_signed_in,
);
