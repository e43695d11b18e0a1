//! Who may not: by every address that the route file lists.

use quad::server::clock::Clock;
use reqwest::Method;
use serde_json::json;

use super::{School, body};
use crate::{app::TestApp, on_both_databases, rest::Program};

/// The addresses below `/api/chat/` with their methods, read from the route file.
fn addresses() -> Vec<(Method, String)> {
    let file = std::fs::read_to_string("src/server/http/routes.rs").unwrap();
    let mut found = Vec::new();
    for function in ["fn chat()", "fn rooms_and_messages()"] {
        let (_, routes) = file.split_once(function).unwrap();
        let (routes, _) = routes.split_once("\n}").unwrap();
        for route in routes.split(".route(").skip(1) {
            let path = route.split('"').nth(1).unwrap();
            for (word, method) in METHODS {
                if route.contains(word) {
                    found.push((method, format!("/api/chat{path}")));
                }
            }
        }
    }
    assert!(found.len() >= 50, "{found:?}");
    found
}

const METHODS: [(&str, Method); 5] = [
    ("get(", Method::GET),
    ("post(", Method::POST),
    ("patch(", Method::PATCH),
    ("put(", Method::PUT),
    ("delete(", Method::DELETE),
];

/// An address of that room, and of whom else it names.
fn filled(path: &str, room: &str) -> String {
    let path = path.replace("{id}", room).replace("{alert_id}", "1");
    path.replace("{user_id}", "1").replace("{request_id}", "1")
}

async fn nobody_is_let_in_without_credentials(app: TestApp) {
    let nobody = Program::without_tokens(&app);
    let mut forger = nobody.clone();
    forger.access = "nonsense".to_owned();
    for (method, path) in addresses() {
        for who in [&nobody, &forger] {
            let answer = who.whole(&method, &filled(&path, "1")).await;
            assert_eq!(answer.0, 401, "{method} {path}");
        }
    }
}

async fn what_is_not_yours_is_as_what_is_not_there(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    school.ana.says(room, "for us alone").await;
    let of_rooms: Vec<_> = addresses()
        .into_iter()
        .filter(|(_, path)| path.contains("{id}"))
        .collect();
    assert!(of_rooms.len() >= 30);
    let thread = json!({ "user_id": school.nora.own_id().await });
    let thread = body(school.ana.writes("private-threads/", thread).await, 201).await;
    for (method, path) in of_rooms {
        let is_thread = path.contains("private-threads");
        let own = if is_thread {
            thread["id"].as_i64().unwrap()
        } else {
            room
        };
        let own = filled(&path, &own.to_string());
        let allowed = school.ana.whole(&method, &own).await;
        // A support room is none that one joins, changes or leaves.
        assert!(
            allowed.0 < 300 || allowed.0 == 403,
            "{method} {own}: {allowed:?}"
        );
        for outsider in [&school.ben, &school.tom] {
            let foreign = outsider.whole(&method, &own).await;
            assert_eq!(foreign.0, 404, "{method} {own}");
            for unknown in [
                "999999",
                "0",
                "-1",
                "%2B1",
                "x",
                "1.5",
                "9999999999999999999999",
            ] {
                let unknown = filled(&path, unknown);
                let answer = outsider.whole(&method, &unknown).await;
                assert_eq!(answer, foreign, "{method} {unknown}");
            }
        }
    }
}

async fn a_write_by_cookie_needs_the_word_of_our_pages(app: TestApp) {
    let ana = app.student("ana").await;
    for (method, path) in addresses() {
        if method == Method::GET {
            continue;
        }
        let path = filled(&path, "1");
        let without = ana.client.request(method, format!("{}{path}", ana.base));
        let without = without.json(&json!({})).send().await.unwrap();
        assert_eq!(without.status(), 403, "{path}");
    }
    let with = ana.request(Method::POST, "/api/chat/conversation/");
    assert_eq!(with.send().await.unwrap().status(), 201);
}

async fn other_methods_and_other_addresses_are_told_in_json(app: TestApp) {
    app.student("ana").await;
    let ana = Program::of(&app, "ana").await;
    for (method, path, status, code) in [
        (
            Method::DELETE,
            "/api/chat/rooms/",
            405,
            "method_not_allowed",
        ),
        (
            Method::POST,
            "/api/chat/conversations/",
            405,
            "method_not_allowed",
        ),
        (
            Method::GET,
            "/api/chat/mark-read/",
            405,
            "method_not_allowed",
        ),
        (Method::GET, "/api/chat/nothing/", 404, "not_found"),
        (Method::GET, "/api/chat/rooms/1/nothing/", 404, "not_found"),
    ] {
        let (answered, _, body) = ana.whole(&method, path).await;
        assert_eq!(answered, status, "{method} {path}");
        assert!(body.contains(&format!("\"code\":\"{code}\"")), "{body}");
    }
    // With and without the final slash, never a redirect.
    assert_eq!(ana.gets("/api/chat/rooms").await.status(), 200);
    assert_eq!(ana.gets("/api/chat/rooms/").await.status(), 200);
    assert_eq!(ana.gets("/api/health/").await.status(), 200);
}

/// The answers' headers that let another origin's page have them.
fn allowances(answer: &reqwest::Response) -> Vec<String> {
    let headers = answer.headers().iter();
    headers
        .filter(|(name, _)| name.as_str().starts_with("access-control"))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect()
}

async fn pages_of_listed_origins_may_call_with_a_token(app: TestApp) {
    let listed = [("QUAD_ALLOWED_ORIGINS", "https://campus.example")];
    let app = app.told(&listed, &Clock::System).await;
    app.student("ana").await;
    let ana = Program::of(&app, "ana").await;
    let asks = async |method: Method, origin: &'static str| {
        let request = ana
            .request(method, "/api/chat/rooms/")
            .header("origin", origin);
        let request = request.header("access-control-request-method", "GET");
        request.send().await.unwrap()
    };
    let question = asks(Method::OPTIONS, "https://campus.example").await;
    assert_eq!(question.status(), 204);
    let allowed = allowances(&question);
    assert!(allowed.contains(&"access-control-allow-origin: https://campus.example".to_owned()));
    assert!(
        allowed.contains(&"access-control-allow-headers: authorization, content-type".to_owned())
    );
    assert!(
        !allowed.iter().any(|line| line.contains("credentials")),
        "{allowed:?}"
    );
    let answer = asks(Method::GET, "https://campus.example").await;
    assert_eq!(answer.status(), 200);
    let allowed = allowances(&answer);
    assert_eq!(allowed.len(), 2, "{allowed:?}");
    assert!(allowed.contains(&"access-control-expose-headers: retry-after".to_owned()));
    assert!(
        answer
            .headers()
            .get_all("vary")
            .iter()
            .any(|vary| vary == "origin")
    );
    for other in [
        "https://campus.example.evil.example",
        "http://campus.example",
        "null",
    ] {
        for method in [Method::OPTIONS, Method::GET] {
            let answer = asks(method, other).await;
            assert_eq!(allowances(&answer), Vec::<String>::new(), "{other}");
        }
    }
}

on_both_databases!(
    pages_of_listed_origins_may_call_with_a_token,
    nobody_is_let_in_without_credentials,
    what_is_not_yours_is_as_what_is_not_there,
    a_write_by_cookie_needs_the_word_of_our_pages,
    other_methods_and_other_addresses_are_told_in_json,
);
