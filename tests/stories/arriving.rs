//! Signing in and out, and who is let in.

use futures_util::StreamExt;
use quad::protocol::Command;
use serde_json::json;
use tokio_tungstenite::tungstenite;

use crate::{
    app::{PASSWORD, TestApp},
    on_both_databases,
};

async fn a_wrong_password_and_an_unknown_name_get_the_same_answer(app: TestApp) {
    app.student("ana").await;
    for name in ["ana", "nobody"] {
        let answer = app.anonymous().signs_in(name, "wrong").await;
        assert_eq!(answer.status(), 303);
        assert_eq!(
            answer.headers()["location"],
            "/sign-in?error=wrong_credentials"
        );
    }
}

async fn a_form_without_its_token_or_from_elsewhere_is_refused(app: TestApp) {
    app.student("ana").await;
    let stranger = app.anonymous();
    let own = format!("http://{}", app.addr);
    let form = [
        ("username", "ana"),
        ("password", "a long password"),
        ("csrf", ""),
    ];
    for origin in [
        Some("http://evil.example"),
        Some("null"),
        None,
        Some(own.as_str()),
    ] {
        let answer = stranger.posts_form("/sign-in", origin, &form).await;
        assert_eq!(answer.headers()["location"], "/sign-in?error=cross_site");
        assert!(answer.headers().get("set-cookie").is_none());
    }
}

async fn after_a_mistake_the_name_stays_in_the_form_and_the_password_does_not(app: TestApp) {
    app.student("ana").await;
    let mut visitor = app.anonymous();
    let answer = visitor.signs_in("ana<b>", "a wrong password").await;
    let to = answer.headers()["location"].to_str().unwrap();
    assert!(!to.contains("ana"), "an address stays in the history: {to}");
    let page = visitor.gets(to).await.text().await.unwrap();
    assert!(page.contains("value=\"ana&lt;b&gt;\""), "{page}");
    assert!(!page.contains("a wrong password"));
    // Once: the next to sit here does not see it.
    let page = visitor.gets("/sign-in").await.text().await.unwrap();
    assert!(!page.contains("ana"), "{page}");
    let answer = visitor.signs_in("ana", PASSWORD).await;
    assert_eq!(answer.headers()["location"], "/");
}

async fn server_functions_need_json_and_the_token(app: TestApp) {
    let mut ana = app.student("ana").await;
    let form = ana.posts_form("/api/fn/open_support_room", None, &[]).await;
    assert_eq!(form.status(), 415);
    ana.csrf.clear();
    let answer = ana.calls("open_support_room", json!({})).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(
        answer.json::<serde_json::Value>().await.unwrap()["code"],
        "cross_site"
    );
}

async fn a_room_of_others_is_as_one_that_is_not_there(app: TestApp) {
    let (ana, kofi) = (app.student("ana").await, app.student("kofi").await);
    let room_id = ana.opens_support().await.id();
    let mut answers = Vec::new();
    for id in [room_id.0, 987_654] {
        let answer = kofi.calls("room_snapshot", json!({ "room_id": id })).await;
        answers.push((answer.status(), answer.text().await.unwrap()));
    }
    assert_eq!(answers[0].0, 404);
    assert_eq!(answers[0], answers[1]);
    let (mut socket, _) = kofi.connects().await;
    for id in [room_id.0, 987_654] {
        socket
            .sends_text(&format!(
                r#"{{"type":"chat_message","room_id":{id},"content":"hi"}}"#
            ))
            .await;
        socket
            .sends(&Command::Typing {
                room_id: quad::model::RoomId(id),
                is_typing: true,
                audience: quad::model::Audience::All,
            })
            .await;
    }
    let told = socket.all_until_pong().await;
    assert!(told.iter().all(|event| matches!(event, quad::protocol::Event::Error(error) if error.error.code() == "not_found")));
    assert!(ana.reads_room(room_id).await.messages.is_empty());
}

async fn a_socket_needs_a_session_and_a_page_of_this_site(app: TestApp) {
    let ana = app.student("ana").await;
    let own = format!("http://{}", app.addr);
    let cases = [
        (&ana, "http://evil.example", 403),
        (&ana, "null", 403),
        (&app.anonymous(), own.as_str(), 401),
    ];
    for (person, origin, status) in cases {
        match person.tries_socket(origin).await {
            Err(tungstenite::Error::Http(answer)) => assert_eq!(answer.status(), status),
            other => panic!("{origin}: {:?}", other.err()),
        }
    }
}

async fn signing_out_closes_that_sessions_sockets_at_once(app: TestApp) {
    let ana = app.student("ana").await;
    let mut laptop = app.anonymous();
    laptop.signs_in("ana", "a long password").await;
    let (mut phone, _) = ana.connects().await;
    let (mut other, _) = laptop.connects().await;
    assert_eq!(ana.signs_out().await.status(), 303);
    assert_eq!(phone.closed().await, 4401);
    assert!(other.all_until_pong().await.is_empty());
    assert!(
        ana.tries_socket(&format!("http://{}", app.addr))
            .await
            .is_err()
    );
}

async fn pages_carry_their_policy_and_are_not_kept(app: TestApp) {
    let ana = app.student("ana").await;
    let answer = ana.gets("/").await;
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    for part in [
        "'nonce-",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(ana.gets("/admin/chat").await.status(), 404);
    assert_eq!(ana.gets("/api/health/").await.status(), 200);
    assert_eq!(ana.gets("/api/chat/nothing/").await.status(), 404);
}

async fn pages_asked_for_at_once_are_all_answered_whole(app: TestApp) {
    let (ana, agent) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    ana.connects().await.0.says(room_id, "Hello").await;
    let inbox = format!("/admin/chat/{room_id}");
    // A page's parts are rendered on several threads: what they share must be there for each of them.
    let answers = futures::stream::iter(0..200)
        .map(|_| async { (ana.gets("/").await, agent.gets(&inbox).await) })
        .buffer_unordered(16);
    let mut answers = std::pin::pin!(answers);
    while let Some((home, inbox)) = answers.next().await {
        assert_eq!(
            (home.status().as_u16(), inbox.status().as_u16()),
            (200, 200)
        );
        let (home, inbox) = (home.text().await.unwrap(), inbox.text().await.unwrap());
        assert!(
            home.contains("Hello, ana") && home.contains("</html>"),
            "{home}"
        );
        assert!(
            inbox.contains("aria-current=\"page\"") && inbox.contains("</html>"),
            "{inbox}"
        );
    }
}

on_both_databases!(
    pages_asked_for_at_once_are_all_answered_whole,
    a_wrong_password_and_an_unknown_name_get_the_same_answer,
    after_a_mistake_the_name_stays_in_the_form_and_the_password_does_not,
    a_form_without_its_token_or_from_elsewhere_is_refused,
    server_functions_need_json_and_the_token,
    a_room_of_others_is_as_one_that_is_not_there,
    a_socket_needs_a_session_and_a_page_of_this_site,
    signing_out_closes_that_sessions_sockets_at_once,
    pages_carry_their_policy_and_are_not_kept,
);
