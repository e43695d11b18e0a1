//! Guessing passwords: it ends soon, tells nothing, and locks nobody else out.

use std::time::{Duration, Instant};

use quad::{model::Timestamp, server::clock::Clock};
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, TestApp},
    on_both_databases,
    rest::Program,
};

const NOON: Timestamp = Timestamp(1_754_303_400_000);

async fn tries(program: &Program, username: &str, password: &str) -> reqwest::Response {
    let body = json!({ "username": username, "password": password });
    program.posts("/api/auth/token/", &body).await
}

async fn twenty_wrong_passwords_are_enough_and_no_right_one_counts(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    app.student("ana").await;
    app.student("ben").await;
    let guesser = Program::without_tokens(&app);
    for _ in 0..20 {
        assert_eq!(tries(&guesser, "ana", "wrong").await.status(), 401);
        // The person's own, from the same school, in between.
        assert_eq!(tries(&guesser, "ben", PASSWORD).await.status(), 200);
    }
    let answer = tries(&guesser, "ana", "wrong").await;
    assert_eq!(answer.status(), 429);
    let seconds: u64 = answer.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=16).contains(&seconds), "{seconds}");
    assert_eq!(
        answer.json::<Value>().await.unwrap()["code"],
        "rate_limited"
    );
    // Every way in has the same budget, and the right password does not open it either.
    assert_eq!(tries(&guesser, " ANA", PASSWORD).await.status(), 429);
    let mut page = app.anonymous();
    let answer = page.signs_in("ana", PASSWORD).await;
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.starts_with("/sign-in?error=rate_limited&retry_after="),
        "{location}"
    );
    assert_eq!(tries(&guesser, "ben", PASSWORD).await.status(), 200);
    clock.advance_ms(15_000);
    assert_eq!(tries(&guesser, "ana", PASSWORD).await.status(), 200);
}

async fn nobody_locks_out_somebody_whose_device_is_known(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    let mut ana = app.student("ana").await;
    ana.signs_out().await;
    let guesser = Program::without_tokens(&app);
    for _ in 0..20 {
        tries(&guesser, "ana", "wrong").await;
    }
    assert_eq!(tries(&guesser, "ana", PASSWORD).await.status(), 429);
    let answer = ana.signs_in("ana", PASSWORD).await;
    assert_eq!(answer.headers()["location"], "/");
    // The device has a budget of its own, so that its thief has no more than others.
    ana.csrf = crate::app::hidden_token(&ana.gets("/").await.text().await.unwrap());
    ana.signs_out().await;
    for _ in 0..20 {
        let answer = ana.signs_in("ana", "wrong").await;
        assert_eq!(
            answer.headers()["location"],
            "/sign-in?error=wrong_credentials"
        );
    }
    let answer = ana.signs_in("ana", PASSWORD).await;
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.starts_with("/sign-in?error=rate_limited"),
        "{location}"
    );
    // It is known for this name alone.
    app.student("ben").await;
    for _ in 0..20 {
        tries(&guesser, "ben", "wrong").await;
    }
    let answer = ana.signs_in("ben", PASSWORD).await;
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.starts_with("/sign-in?error=rate_limited"),
        "{location}"
    );
}

async fn a_known_name_and_an_unknown_one_get_the_same_answer_after_the_same_time(app: TestApp) {
    app.student("ana").await;
    let guesser = Program::without_tokens(&app);
    let mut answers = Vec::new();
    let mut quickest = [Duration::MAX; 2];
    // In turns, and the quickest of each counts: what else the machine does disturbs both alike.
    for _ in 0..9 {
        for (name, quickest) in ["ana", "nobody"].into_iter().zip(&mut quickest) {
            let begun = Instant::now();
            let answer = tries(&guesser, name, "wrong").await;
            *quickest = begun.elapsed().min(*quickest);
            let names = answer.headers().keys();
            let mut headers: Vec<_> = names.map(|name| name.as_str().to_owned()).collect();
            headers.sort();
            let status = answer.status().as_u16();
            answers.push((status, headers, answer.text().await.unwrap()));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    // Hashing takes most of it; without it an unknown name would be told in a tenth of the time.
    let [known, unknown] = quickest;
    assert!(unknown > known / 3, "{known:?} {unknown:?}");
    assert!(known > unknown / 3, "{known:?} {unknown:?}");
    assert!(known > Duration::from_millis(2));
}

on_both_databases!(
    twenty_wrong_passwords_are_enough_and_no_right_one_counts,
    nobody_locks_out_somebody_whose_device_is_known,
    a_known_name_and_an_unknown_one_get_the_same_answer_after_the_same_time,
);
