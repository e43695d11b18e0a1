//! Tokens and tickets: who is let in by them, and for how long.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use quad::{model::Timestamp, server::clock::Clock};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    app::{TestApp, tries_socket_with},
    on_both_databases,
    rest::{Program, refusal},
};

const NOON: Timestamp = Timestamp(1_754_303_400_000);
const MINUTE_MS: i64 = 60_000;
const SECRET: &str = "a secret that is long enough for it";

/// The same school, with a clock that stands still and a secret that we know.
async fn still(app: &TestApp) -> (TestApp, Clock) {
    let clock = Clock::manual(NOON);
    let file = app.folder().join("jwt");
    std::fs::write(&file, SECRET).unwrap();
    let settings = [("QUAD_JWT_SECRET_FILE", file.to_str().unwrap())];
    (app.told(&settings, &clock).await, clock)
}

fn signed(header: &Value, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!(
        "{message}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn an_access_token_opens_everything_for_fifteen_minutes(app: TestApp) {
    let (app, clock) = still(&app).await;
    app.student("ana").await;
    let mut program = Program::of(&app, "ana").await;
    let me: Value = program.gets("/api/auth/me/").await.json().await.unwrap();
    assert_eq!(
        (&me["username"], &me["role"]),
        (&json!("ana"), &json!("student"))
    );
    let query = format!("?token={}", program.access);
    let header = [("authorization", format!("Bearer {}", program.access))];
    for (query, headers) in [(query.as_str(), &[][..]), ("", &header[..])] {
        let mut socket = tries_socket_with(app.addr, query, headers).await.unwrap();
        socket.all_until_pong().await;
    }
    clock.advance_ms(15 * MINUTE_MS - 1);
    assert_eq!(program.is_known().await, 200);
    clock.advance_ms(1);
    assert_eq!(program.is_known().await, 401);
    assert_eq!(refusal(tries_socket_with(app.addr, &query, &[]).await), 401);
    assert_eq!(refusal(tries_socket_with(app.addr, "", &header).await), 401);
    assert_eq!(program.refreshes().await, 200);
    assert_eq!(program.is_known().await, 200);
    clock.advance_ms(14 * 24 * 60 * MINUTE_MS);
    assert_eq!(program.refreshes().await, 401);
}

async fn a_token_that_we_did_not_make_so_is_refused_everywhere(app: TestApp) {
    let (app, _) = still(&app).await;
    app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let ours = json!({ "alg": "HS256", "typ": "JWT" });
    let claims = claims_of(&program.access);
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signed(&ours, &claims, SECRET)
    };
    let (message, _) = program.access.rsplit_once('.').unwrap();
    let none = signed(&json!({ "alg": "none" }), &claims, SECRET);
    let own_key =
        json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": URL_SAFE_NO_PAD.encode("theirs") } });
    let now = NOON.0 / 1000;
    let forged = [
        ("no signature", format!("{message}.")),
        ("alg none", format!("{}.", none.rsplit_once('.').unwrap().0)),
        ("alg none, signed", none),
        (
            "key confusion",
            signed(&json!({ "alg": "RS256" }), &claims, SECRET),
        ),
        ("own jwk", signed(&own_key, &claims, "theirs")),
        (
            "another secret",
            signed(&ours, &claims, "another secret that is long enough"),
        ),
        ("expired", with("exp", json!(now))),
        ("not yet valid", with("nbf", json!(now + 60))),
        ("wrong audience", with("aud", json!("another"))),
        ("somebody else's session", with("sub", json!("999"))),
        ("no such session", with("sid", json!(999))),
        ("a refresh token", program.refresh.clone()),
        ("nonsense", "nonsense".to_owned()),
    ];
    // What they are made from holds.
    assert_eq!(with("jti", json!("x")).split('.').count(), 3);
    for (what, token) in &forged {
        let mut forger = program.clone();
        forger.access.clone_from(token);
        assert_eq!(forger.is_known().await, 401, "{what}");
        let query = format!("?token={token}");
        let tried = tries_socket_with(app.addr, &query, &[]).await;
        assert_eq!(refusal(tried), 401, "{what}");
    }
    let mut forger = program.clone();
    forger.access = with("jti", json!("x"));
    assert_eq!(forger.is_known().await, 200);
    forger.refresh.clone_from(&program.access);
    assert_eq!(forger.refreshes().await, 401);
}

async fn a_refresh_token_is_good_once_and_twice_ends_its_session(app: TestApp) {
    app.student("ana").await;
    let mut program = Program::of(&app, "ana").await;
    let other = Program::of(&app, "ana").await;
    let mut thief = program.clone();
    assert_eq!(program.refreshes().await, 200);
    assert_ne!(program.refresh, thief.refresh);
    let query = format!("?token={}", program.access);
    let mut socket = tries_socket_with(app.addr, &query, &[]).await.unwrap();
    assert_eq!(thief.refreshes().await, 401);
    assert_eq!(socket.closed().await, 4401);
    assert_eq!(program.is_known().await, 401);
    assert_eq!(program.refreshes().await, 401);
    assert_eq!(other.is_known().await, 200);
}

async fn a_ticket_opens_one_socket_within_thirty_seconds(app: TestApp) {
    let (app, clock) = still(&app).await;
    let ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let opens = async |ticket: &str| {
        let elsewhere = [("origin", "https://elsewhere.example".to_owned())];
        tries_socket_with(app.addr, &format!("?ticket={ticket}"), &elsewhere).await
    };
    let ticket = program.ticket().await;
    clock.advance_ms(29_999);
    opens(&ticket).await.unwrap().all_until_pong().await;
    assert_eq!(refusal(opens(&ticket).await), 401);
    let late = program.ticket().await;
    clock.advance_ms(30_000);
    assert_eq!(refusal(opens(&late).await), 401);
    assert_eq!(refusal(opens("nonsense").await), 401);

    // It is its session's: it ends with it, and its socket does.
    let (used, unused) = (program.ticket().await, program.ticket().await);
    let mut socket = opens(&used).await.unwrap();
    let id = program
        .sessions()
        .await
        .into_iter()
        .find(|s| s["is_current"] == true);
    let path = format!("/api/auth/sessions/{}/", id.unwrap()["id"]);
    assert_eq!(program.deletes(&path).await.status(), 204);
    assert_eq!(socket.closed().await, 4401);
    assert_eq!(refusal(opens(&unused).await), 401);

    let by_cookie = ana.request(Method::POST, "/api/auth/ticket/").send().await;
    let body: Value = by_cookie.unwrap().json().await.unwrap();
    let ticket = body["ticket"].as_str().unwrap().to_owned();
    opens(&ticket).await.unwrap().all_until_pong().await;
}

on_both_databases!(
    an_access_token_opens_everything_for_fifteen_minutes,
    a_token_that_we_did_not_make_so_is_refused_everywhere,
    a_refresh_token_is_good_once_and_twice_ends_its_session,
    a_ticket_opens_one_socket_within_thirty_seconds,
);
