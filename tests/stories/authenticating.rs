//! Cookies, forms and JSON: who is let in by what, and from where.

use quad::server::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, TestApp, hidden_token, tries_socket_with},
    on_both_databases,
    rest::{Program, refusal, whole},
};

async fn a_cookie_opens_a_socket_for_our_own_pages_alone(app: TestApp) {
    let ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let cookie = ("cookie", format!("quad_session={}", ana.session));
    for origin in [
        Some("https://elsewhere.example".to_owned()),
        Some("null".to_owned()),
        Some(format!("http://{}.elsewhere.example", app.addr)),
        None,
    ] {
        let origin = origin.map(|origin| ("origin", origin));
        let headers: Vec<_> = origin.into_iter().chain([cookie.clone()]).collect();
        assert_eq!(
            refusal(tries_socket_with(app.addr, "", &headers).await),
            403
        );
        // With a token beside it, the cookie is not what opens.
        let query = format!("?token={}", program.access);
        assert!(tries_socket_with(app.addr, &query, &headers).await.is_ok());
    }
    // The cookie's token opens nothing as another kind of credential.
    let query = format!("?token={}", ana.session);
    assert_eq!(refusal(tries_socket_with(app.addr, &query, &[]).await), 401);
    let cookie = [("cookie", format!("quad_session={}", program.refresh))];
    let own = [
        ("origin", format!("http://{}", app.addr)),
        cookie[0].clone(),
    ];
    assert_eq!(refusal(tries_socket_with(app.addr, "", &own).await), 401);
}

async fn writes_by_cookie_need_the_header_and_by_token_do_not(app: TestApp) {
    let mut ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let path = "/api/auth/ticket/";
    let asks = |person: &crate::app::Person| person.request(Method::POST, path).send();
    assert_eq!(asks(&ana).await.unwrap().status(), 200);
    let right = std::mem::take(&mut ana.csrf);
    for wrong in ["", "nonsense", &format!("{right}x")] {
        wrong.clone_into(&mut ana.csrf);
        let (status, body) = whole(asks(&ana).await.unwrap()).await;
        assert_eq!(status, 403);
        assert!(body.contains("cross_site"), "{body}");
    }
    assert_eq!(program.posts(path, &json!({})).await.status(), 200);
    // A token that does not hold is not made up for by a cookie.
    right.clone_into(&mut ana.csrf);
    let both = ana.request(Method::POST, path).bearer_auth("nonsense");
    let answer = both.send().await.unwrap();
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert_eq!(answer.status(), 401);
}

async fn what_is_not_as_it_should_be_is_told_as_json(app: TestApp) {
    app.student("ana").await;
    let program = Program::without_tokens(&app);
    let token = "/api/auth/token/";
    let form = program
        .request(Method::POST, token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("username=ana&password=a+long+password");
    let text = program
        .request(Method::POST, token)
        .header("content-type", "text/plain")
        .body(json!({ "username": "ana", "password": PASSWORD }).to_string());
    let broken = program
        .request(Method::POST, token)
        .header("content-type", "application/json")
        .body("{");
    let large = program
        .request(Method::POST, token)
        .json(&json!({ "username": "x".repeat(200_000), "password": "x" }));
    let missing = program
        .request(Method::POST, token)
        .json(&json!({ "username": "ana" }));
    for (request, status, code) in [
        (form, 415, "unsupported_type"),
        (text, 415, "unsupported_type"),
        (broken, 400, "malformed"),
        (missing, 400, "malformed"),
        (large, 413, "too_large"),
        (
            program.request(Method::GET, token),
            405,
            "method_not_allowed",
        ),
        (
            program.request(Method::GET, "/api/auth/me/"),
            401,
            "unauthorized",
        ),
        (
            program.request(Method::GET, "/api/auth/nothing/"),
            404,
            "not_found",
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{code}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], code);
    }
    let extra =
        json!({ "username": "ana", "password": PASSWORD, "is_admin": true, "role": "admin" });
    let answer = program.posts(token, &extra).await;
    assert_eq!(answer.status(), 200);
}

async fn somebody_signs_in_by_e_mail_address(app: TestApp) {
    let ana = app.student("ana").await;
    drop(ana);
    for (username, email) in [("ben", "Ben@School.example"), ("zoe", "ben@school.example")] {
        let user = quad::server::service::NewUser {
            username: username.to_owned(),
            name: username.to_owned(),
            email: Some(email.to_owned()),
            role: quad::model::Role::Student,
            language: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            password: format!("the password of {username}").into(),
        };
        app.services.add_user(user).await.unwrap();
    }
    let program = Program::without_tokens(&app);
    let logs_in = async |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        let answer = program.posts("/api/auth/login/", &body).await;
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let (status, body) = logs_in(" ben@SCHOOL.example", "the password of ben").await;
    assert_eq!(status, 200);
    assert_eq!(body["user"]["username"], "ben");
    assert_eq!(body["user"]["email"], "Ben@School.example");
    assert!(body["message"].is_string());
    let mut ben = program.clone();
    ben.access = body["tokens"]["access"].as_str().unwrap().to_owned();
    assert_eq!(ben.is_known().await, 200);
    // The first account with an address has it: who comes later takes nothing over.
    assert_eq!(
        logs_in("ben@school.example", "the password of zoe").await.0,
        401
    );
    assert_eq!(logs_in("ana", PASSWORD).await.0, 200);
    assert_eq!(logs_in("nobody@school.example", PASSWORD).await.0, 401);
}

async fn every_sign_in_gives_a_new_session_and_ends_the_browsers_former(app: TestApp) {
    let mut ana = app.student("ana").await;
    let former = ana.session.clone();
    let (mut socket, _) = ana.connects().await;
    // The page that the form stands on leads away for who is signed in, so its token is the session's.
    let own = ana.base.clone();
    let form = [
        ("username", "ana"),
        ("password", PASSWORD),
        ("csrf", &ana.csrf),
    ];
    let answer = ana.posts_form("/sign-in", Some(&own), &form).await;
    let mut cookies = answer
        .cookies()
        .filter(|cookie| cookie.name() == "quad_session");
    let session = cookies.next().unwrap().value().to_owned();
    assert_ne!(session, former);
    assert_eq!(socket.closed().await, 4401);
    ana.session = former;
    assert_eq!(refusal(ana.tries_socket(&own).await), 401);
    ana.session = session;
    ana.connects().await;
    // What somebody puts into a browser beforehand is not taken over.
    let page = reqwest::Client::new()
        .get(format!("{own}/"))
        .header("cookie", "quad_session=chosen-by-somebody-else");
    assert!(
        page.send()
            .await
            .unwrap()
            .cookies()
            .all(|c| c.name() != "quad_session")
    );
}

async fn under_https_cookies_are_bound_to_this_host(app: TestApp) {
    app.student("ana").await;
    let settings = [("QUAD_PUBLIC_URL", "https://chat.example.org")];
    let app = app.told(&settings, &Clock::System).await;
    let base = format!("http://{}", app.addr);
    // Such cookies are not sent over http, which the tests speak: they are carried by hand.
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let page = client.get(format!("{base}/sign-in")).send().await.unwrap();
    let line = |answer: &reqwest::Response, name: &str| {
        let mut lines = answer.headers().get_all("set-cookie").iter();
        let line = lines.find(|line| line.to_str().unwrap().starts_with(&format!("{name}=")));
        line.unwrap().to_str().unwrap().to_owned()
    };
    let visitor = line(&page, "__Host-quad_visitor");
    let visitor = visitor.split(';').next().unwrap().to_owned();
    let token = hidden_token(&page.text().await.unwrap());
    let signs_in = async |origin: &str| {
        client
            .post(format!("{base}/sign-in"))
            .header("origin", origin)
            .header("cookie", &visitor)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!(
                "username=ana&password=a+long+password&csrf={token}"
            ))
            .send()
            .await
            .unwrap()
    };
    let answer = signs_in("https://chat.example.org").await;
    assert_eq!(answer.headers()["location"], "/");
    for name in ["__Host-quad_session", "__Host-quad_device"] {
        let line = line(&answer, name);
        for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(line.contains(part), "{line}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    for elsewhere in [
        "http://chat.example.org",
        "https://chat.example.org.elsewhere.example",
        "https://elsewhere.example",
        "null",
        &base,
    ] {
        let answer = signs_in(elsewhere).await;
        assert_eq!(answer.headers()["location"], "/sign-in?error=cross_site");
    }
}

async fn asking_for_something_changes_nothing(app: TestApp) {
    let ana = app.student("ana").await;
    let before = Program::of(&app, "ana").await.sessions().await.len();
    for path in [
        "/sign-out",
        "/sign-in",
        "/register",
        "/password",
        "/api/auth/ticket/",
        "/api/auth/token/refresh/",
        "/api/auth/register/",
        "/api/fn/end_other_sessions",
        "/api/fn/change_password",
        "/api/fn/close_account",
    ] {
        ana.gets(path).await;
    }
    assert_eq!(
        Program::of(&app, "ana").await.sessions().await.len(),
        before + 1
    );
    assert_eq!(ana.gets("/").await.status(), 200);
}

on_both_databases!(
    a_cookie_opens_a_socket_for_our_own_pages_alone,
    writes_by_cookie_need_the_header_and_by_token_do_not,
    what_is_not_as_it_should_be_is_told_as_json,
    somebody_signs_in_by_e_mail_address,
    every_sign_in_gives_a_new_session_and_ends_the_browsers_former,
    under_https_cookies_are_bound_to_this_host,
    asking_for_something_changes_nothing,
);
