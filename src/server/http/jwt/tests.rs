//! Forged, stale and misused tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;

const NOW: Timestamp = Timestamp(1_754_303_400_000);
const SECRET: &str = "a secret that is long enough for it";

fn jwt() -> Jwt {
    Jwt::new(&SECRET.into())
}

fn pair() -> Pair {
    let session = SignedIn {
        session_id: SessionId(7),
        user_id: UserId(3),
        token: "the id".into(),
    };
    jwt().pair(&session, NOW).unwrap()
}

fn claims() -> Value {
    let now = NOW.0 / 1000;
    json!({
        "sub": "3", "sid": 7, "typ": "access", "aud": "quad", "iat": now, "nbf": now, "exp": now + 900, "jti": "x",
    })
}

fn signed(header: &Value, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{message}.{signature}")
}

fn hs256() -> Value {
    json!({ "alg": "HS256", "typ": "JWT" })
}

fn holds(token: &str) -> bool {
    jwt().read(token, TokenType::Access, NOW).is_some()
}

fn with(name: &str, value: Value) -> String {
    let mut claims = claims();
    claims[name] = value;
    signed(&hs256(), &claims, SECRET)
}

#[test]
fn a_pair_says_whose_it_is_and_each_is_for_its_own_purpose() {
    let pair = pair();
    let access = jwt().read(&pair.access, TokenType::Access, NOW).unwrap();
    assert_eq!(
        (access.session_id, access.user_id),
        (SessionId(7), UserId(3))
    );
    let refresh = jwt().read(&pair.refresh, TokenType::Refresh, NOW).unwrap();
    assert_eq!(refresh.id.expose_secret(), "the id");
    assert!(jwt().read(&pair.refresh, TokenType::Access, NOW).is_none());
    assert!(jwt().read(&pair.access, TokenType::Refresh, NOW).is_none());
}

#[test]
fn a_token_holds_from_its_beginning_to_its_end() {
    let token = pair().access;
    for (at, expected) in [
        (NOW, true),
        (NOW.plus_ms(ACCESS_MS - 1), true),
        (NOW.plus_ms(ACCESS_MS), false),
        (NOW.plus_ms(-LEEWAY_MS), true),
        (NOW.plus_ms(-LEEWAY_MS - 1), false),
    ] {
        let read = jwt().read(&token, TokenType::Access, at);
        assert_eq!(read.is_some(), expected, "{at:?}");
    }
}

#[test]
fn what_we_have_not_signed_by_our_algorithm_does_not_hold() {
    let ours = signed(&hs256(), &claims(), SECRET);
    assert!(holds(&ours));
    let (message, signature) = ours.rsplit_once('.').unwrap();
    let none = json!({ "alg": "none", "typ": "JWT" });
    let (none_message, _) = {
        let token = signed(&none, &claims(), SECRET);
        let (message, signature) = token.rsplit_once('.').unwrap();
        (message.to_owned(), signature.to_owned())
    };
    let own_key = json!({
        "alg": "HS256",
        "jwk": { "kty": "oct", "k": URL_SAFE_NO_PAD.encode("their own key, long enough for it") },
    });
    for forged in [
        format!("{none_message}."),
        format!("{none_message}.{signature}"),
        format!("{message}."),
        message.to_owned(),
        signed(&none, &claims(), SECRET),
        signed(&json!({ "alg": "HS384" }), &claims(), SECRET),
        // Key confusion: a public key's algorithm over a secret's signature.
        signed(&json!({ "alg": "RS256" }), &claims(), SECRET),
        signed(&json!({ "alg": "ES256" }), &claims(), SECRET),
        signed(&json!({}), &claims(), SECRET),
        signed(&own_key, &claims(), "their own key, long enough for it"),
        signed(&hs256(), &claims(), "another secret that is long enough"),
        signed(&hs256(), &claims(), ""),
        String::new(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        "x".repeat(100_000),
    ] {
        assert!(!holds(&forged), "{forged:.80}");
    }
    // A header's own key is not looked at, even where all else is right.
    assert!(holds(&signed(&own_key, &claims(), SECRET)));
}

#[test]
fn what_says_something_else_does_not_hold() {
    for (name, value) in [
        ("aud", json!("another")),
        ("aud", json!(["quad"])),
        ("aud", Value::Null),
        ("typ", json!("refresh")),
        ("typ", json!("admin")),
        ("exp", Value::Null),
        ("exp", json!("9999999999")),
        ("exp", json!(i64::MAX)),
        ("exp", json!(-1)),
        ("exp", json!(NOW.0 / 1000)),
        ("nbf", Value::Null),
        ("nbf", json!(NOW.0 / 1000 + 6)),
        ("sub", json!("nobody")),
        ("sub", json!(3)),
        ("sid", json!("7")),
        ("jti", Value::Null),
    ] {
        assert!(!holds(&with(name, value.clone())), "{name}: {value}");
    }
}
