//! Making an account for oneself, where the school has that open.

use quad::server::clock::Clock;
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, Person, TestApp, hidden_token},
    on_both_databases,
    rest::Program,
};

async fn open(app: &TestApp) -> TestApp {
    app.told(&[("QUAD_REGISTRATION", "open")], &Clock::System)
        .await
}

async fn sends(person: &Person, fields: [&str; 4]) -> reqwest::Response {
    let page = person.gets("/register").await.text().await.unwrap();
    let token = hidden_token(&page);
    let [name, username, email, password] = fields;
    let form = [
        ("name", name),
        ("username", username),
        ("email", email),
        ("password", password),
        ("csrf", &token),
    ];
    person
        .posts_form("/register", Some(&person.base), &form)
        .await
}

async fn where_it_is_closed_there_is_nothing(app: TestApp) {
    let visitor = app.anonymous();
    assert_eq!(visitor.gets("/register").await.status(), 404);
    let page = visitor.gets("/sign-in").await.text().await.unwrap();
    assert!(!page.contains("/register"));
    let token = hidden_token(&page);
    let form = [
        ("name", "Ana"),
        ("username", "ana"),
        ("password", PASSWORD),
        ("csrf", &token),
    ];
    let answer = visitor
        .posts_form("/register", Some(&visitor.base), &form)
        .await;
    assert_eq!(answer.status(), 404);
    let program = Program::without_tokens(&app);
    let body = json!({ "username": "ana", "name": "Ana", "password": PASSWORD });
    assert_eq!(
        program.posts("/api/auth/register/", &body).await.status(),
        404
    );
    assert_eq!(app.services.user_count().await.unwrap(), 0);
}

async fn somebody_makes_an_account_and_is_signed_in(app: TestApp) {
    let app = open(&app).await;
    let visitor = app.anonymous();
    let page = visitor.gets("/sign-in").await.text().await.unwrap();
    assert!(page.contains("href=\"/register\""), "{page}");
    let answer = sends(&visitor, ["Ana P.", "Ana", "ana@school.example", PASSWORD]).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (303, &"/".parse().unwrap())
    );
    let home = visitor.gets("/").await.text().await.unwrap();
    assert!(home.contains("Hello, Ana P."), "{home}");
    // Signed in already: there is nothing to register.
    let answer = visitor.visits("/register").await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (302, &"/".parse().unwrap())
    );
    let me: Value = Program::of(&app, "ana")
        .await
        .gets("/api/auth/me/")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&me["role"], &me["email"]),
        (&json!("student"), &json!("ana@school.example"))
    );
}

async fn what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(app: TestApp) {
    app.student("ana").await;
    let app = open(&app).await;
    let visitor = app.anonymous();
    for (fields, told) in [
        (
            ["Ana <b>", "ANA", "", PASSWORD],
            ["username-problem", "already"],
        ),
        (
            ["Ana", "a b", "", PASSWORD],
            ["username-problem", "without spaces"],
        ),
        (["", "kofi", "", PASSWORD], ["name-problem", "characters"]),
        (
            ["Ana", "kofi", "nonsense", PASSWORD],
            ["email-problem", "not an e-mail"],
        ),
        (
            ["Ana", "kofi", "", "tooshort9"],
            ["password-problem", "at least 10"],
        ),
    ] {
        let answer = sends(&visitor, fields).await;
        assert_eq!(answer.headers()["location"], "/register");
        assert!(!format!("{answer:?}").contains(fields[3]));
        let page = visitor.gets("/register").await.text().await.unwrap();
        for part in told {
            assert!(page.contains(part), "{fields:?}: {part} in {page}");
        }
        let typed = format!(
            "value=\"{}\"",
            fields[0].replace('<', "&lt;").replace('>', "&gt;")
        );
        assert!(
            fields[0].is_empty() || page.contains(&typed),
            "{fields:?}: {page}"
        );
        assert!(!page.contains(fields[3]), "the password is in {page}");
        // It is shown once.
        let again = visitor.gets("/register").await.text().await.unwrap();
        assert!(!again.contains("-problem\""), "{again}");
    }
    assert_eq!(app.services.user_count().await.unwrap(), 1);
}

async fn a_form_from_elsewhere_makes_no_account(app: TestApp) {
    let app = open(&app).await;
    let visitor = app.anonymous();
    let token = hidden_token(&visitor.gets("/register").await.text().await.unwrap());
    let own = visitor.base.clone();
    for (origin, csrf) in [
        (Some("http://elsewhere.example"), token.as_str()),
        (Some("null"), &token),
        (None, &token),
        (Some(own.as_str()), ""),
    ] {
        let form = [
            ("name", "Ana"),
            ("username", "ana"),
            ("password", PASSWORD),
            ("csrf", csrf),
        ];
        let answer = visitor.posts_form("/register", origin, &form).await;
        assert_eq!(answer.headers()["location"], "/register");
    }
    assert_eq!(app.services.user_count().await.unwrap(), 0);
}

async fn programs_register_by_the_same_rules(app: TestApp) {
    let app = open(&app).await;
    let mut program = Program::without_tokens(&app);
    let body = json!({ "username": "ana", "name": "Ana", "password": PASSWORD, "role": "admin", "is_admin": true });
    let answer = program.posts("/api/auth/register/", &body).await;
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.unwrap();
    assert_eq!(made["user"]["role"], "student");
    program.access = made["tokens"]["access"].as_str().unwrap().to_owned();
    assert_eq!(program.is_known().await, 200);
    let again = program.posts("/api/auth/register/", &body).await;
    assert_eq!(again.status(), 409);
    let wrong = json!({ "username": "a b", "name": "", "email": "x", "password": "short" });
    let answer = program.posts("/api/auth/register/", &wrong).await;
    assert_eq!(answer.status(), 400);
    let told: Value = answer.json().await.unwrap();
    let fields: Vec<_> = told["fields"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(fields, ["email", "name", "password", "username"]);
}

async fn one_address_makes_only_so_many_accounts_at_once(app: TestApp) {
    let app = open(&app).await;
    let program = Program::without_tokens(&app);
    let mut statuses = Vec::new();
    for n in 0..60 {
        let body =
            json!({ "username": format!("user-{n}"), "name": "Somebody", "password": PASSWORD });
        let answer = program.posts("/api/auth/register/", &body).await;
        statuses.push(answer.status().as_u16());
        if answer.status() == 429 {
            assert!(answer.headers().contains_key("retry-after"));
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    assert!(statuses.len() > 40, "{statuses:?}");
}

on_both_databases!(
    where_it_is_closed_there_is_nothing,
    somebody_makes_an_account_and_is_signed_in,
    what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays,
    a_form_from_elsewhere_makes_no_account,
    programs_register_by_the_same_rules,
    one_address_makes_only_so_many_accounts_at_once,
);
