//! How the school looks: its name, its colour and its logo, on every page and for everybody; until any is set, as it comes.

use quad::model::{Role, school::LOGO_BYTES};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    app::{Person, TestApp, in_time},
    contract::body,
    on_both_databases,
    rest::Program,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what follows";
const LOGO: &str = "/api/chat/school/logo/";

impl Person {
    async fn looks(&self, name: &str, accent: &str) -> Response {
        let body = json!({ "name": name, "accent": accent });
        self.calls("set_look", body).await
    }

    async fn page(&self, path: &str) -> String {
        self.gets(path).await.text().await.unwrap()
    }
}

impl Program {
    async fn gives(&self, picture: Vec<u8>) -> Response {
        let request = self.request(Method::PUT, LOGO).body(picture);
        request.send().await.unwrap()
    }
}

/// The style sheet that stands in a page, and the nonce it carries.
fn style(page: &str) -> Option<(&str, &str)> {
    let (_, rest) = page.split_once("<style")?;
    let (attributes, rest) = rest.split_once('>')?;
    let nonce = attributes.split_once("nonce=\"")?.1.split('"').next()?;
    Some((nonce, rest.split("</style>").next()?))
}

async fn its_name_and_colour_are_on_every_page(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let (ana, nobody) = (app.student("ana").await, app.anonymous());
    for page in [nobody.page("/sign-in").await, ana.page("/rooms").await] {
        assert_eq!(style(&page), None, "today's look");
    }
    let answer = head.looks(" Hill <School> ", "#FFE14D").await;
    assert_eq!(answer.status(), 200);
    for (who, path) in [(&nobody, "/sign-in"), (&ana, "/rooms"), (&ana, "/account")] {
        let answer = who.gets(path).await;
        let policy = answer.headers()["content-security-policy"].clone();
        let page = answer.text().await.unwrap();
        let (_, title) = page.split_once("<title").unwrap();
        let (title, _) = title.split_once("</title>").unwrap();
        assert!(title.contains("Hill "), "{path}: {title}");
        assert!(page.contains("<bdi>Hill &lt;School"), "{path}");
        assert!(!page.contains("<School>"), "{path}");
        let (nonce, tokens) = style(&page).unwrap();
        assert!(
            policy
                .to_str()
                .unwrap()
                .contains(&format!("'nonce-{nonce}'"))
        );
        assert!(tokens.contains("--accent:#ffe14d;"), "{tokens}");
        assert!(tokens.contains("--on-accent:#000000;"), "{tokens}");
    }
    let stands: Value = head.reads("school_settings", json!({})).await;
    assert_eq!(
        (&stands["name"], &stands["accent"]),
        (&json!("Hill <School>"), &json!("#ffe14d"))
    );
    // Nothing said is as it comes.
    assert_eq!(head.looks("", "").await.status(), 200);
    let page = nobody.page("/sign-in").await;
    assert!(style(&page).is_none() && !page.contains("Hill"));
}

async fn what_makes_no_sense_is_refused(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let long = "x".repeat(101);
    for (name, accent, field) in [
        (&*long, "", "name"),
        ("two\nlines", "", "name"),
        ("nul\0", "", "name"),
        ("", "red", "accent"),
        ("", "#12345", "accent"),
        ("", "#000000;}body{display:none", "accent"),
    ] {
        let answer = head.looks(name, accent).await;
        assert_eq!(answer.status(), 400, "{name} {accent}");
        assert!(answer.text().await.unwrap().contains(field));
    }
    for role in [Role::Student, Role::Teacher, Role::Agent] {
        let other = app.person(&format!("{role:?}"), role).await;
        assert_eq!(other.looks("Mine", "").await.status(), 403);
        assert_eq!(other.gets("/admin/school").await.status(), 404);
    }
    assert_eq!(head.gets("/admin/school").await.status(), 200);
}

async fn a_logo_is_shown_to_everybody_and_kept_by_its_content(app: TestApp) {
    app.person("head", Role::Admin).await;
    let (head, nobody) = (Program::of(&app, "head").await, app.anonymous());
    assert_eq!(head.gives(PNG.to_vec()).await.status(), 204);
    let page = nobody.page("/sign-in").await;
    let (_, rest) = page.split_once("/school/logo/").unwrap();
    let hash: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let path = format!("/school/logo/{hash}");
    let answer = nobody.gets(&path).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("cache-control").contains("immutable"));
    assert!(header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(answer.bytes().await.unwrap(), PNG);

    let jpeg = b"\xff\xd8\xff\xe0 another".to_vec();
    assert_eq!(head.gives(jpeg).await.status(), 204);
    assert!(
        !nobody.page("/sign-in").await.contains(&path),
        "another name"
    );
    assert_eq!(nobody.gets(&path).await.status(), 404);
    assert_eq!(head.deletes(LOGO).await.status(), 204);
    assert!(!nobody.page("/sign-in").await.contains("/school/logo/"));
    for unknown in ["/school/logo/abc", "/school/logo/%00", "/school/logo/..%2f"] {
        assert_eq!(nobody.gets(unknown).await.status(), 404, "{unknown}");
    }
}

async fn other_files_are_no_logo(app: TestApp) {
    app.person("head", Role::Admin).await;
    app.student("ana").await;
    let head = Program::of(&app, "head").await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (picture, code) in [
        (svg.to_vec(), "unsupported_type"),
        (b"<!doctype html>".to_vec(), "unsupported_type"),
        (b"GIF89a".to_vec(), "unsupported_type"),
        (Vec::new(), "unsupported_type"),
    ] {
        let refused = body(head.gives(picture).await, 415).await;
        assert_eq!(refused["code"], code);
    }
    let mut large = PNG.to_vec();
    large.resize(LOGO_BYTES, 0);
    assert_eq!(head.gives(large.clone()).await.status(), 204);
    large.push(0);
    let refused = body(head.gives(large).await, 413).await;
    assert_eq!(refused["code"], "too_large");
    let ana = Program::of(&app, "ana").await;
    assert_eq!(ana.gives(PNG.to_vec()).await.status(), 403);
    assert_eq!(ana.deletes(LOGO).await.status(), 403);
    let nobody = Program::without_tokens(&app);
    assert_eq!(nobody.gives(PNG.to_vec()).await.status(), 401);
}

async fn both_nodes_show_it(here: TestApp, there: TestApp) {
    let head = here.person("head", Role::Admin).await;
    assert_eq!(head.looks("Hill School", "").await.status(), 200);
    let program = Program::of(&here, "head").await;
    assert_eq!(program.gives(PNG.to_vec()).await.status(), 204);
    let (mut listener, _) = head.at(&there).connects().await;
    // Something that the other node tells after it has heard of these.
    let alert = json!({ "content": "Snow", "until": null });
    assert_eq!(head.calls("tell_everybody", alert).await.status(), 200);
    listener
        .until(|event| matches!(event, quad::protocol::Event::System { .. }).then_some(()))
        .await;
    let page = there.anonymous().page("/sign-in").await;
    assert!(page.contains("Hill School") && page.contains("/school/logo/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_look_the_same() {
    if let Some(here) = TestApp::on_postgres().await {
        let there = here.second_node().await;
        in_time(both_nodes_show_it(here, there)).await;
    }
}

on_both_databases!(
    its_name_and_colour_are_on_every_page,
    what_makes_no_sense_is_refused,
    a_logo_is_shown_to_everybody_and_kept_by_its_content,
    other_files_are_no_logo,
);
