//! Choosing a password by a link: once, in time, by the newest one alone, and by a plain form.

use quad::{
    model::{
        Role, Timestamp, UserId,
        keeping::{LINK_MS, PasswordLink},
    },
    server::clock::Clock,
};
use serde_json::json;

use crate::{
    app::{PASSWORD, Person, TestApp, hidden_token},
    keeping::written,
    on_both_databases,
    rest::{Program, whole},
};

const NOON: Timestamp = Timestamp(1_754_303_400_000);
const CHOSEN: &str = "another long password";

impl Person {
    async fn makes_link(&self, user_id: UserId) -> PasswordLink {
        self.reads("make_password_link", json!({ "user_id": user_id }))
            .await
    }

    /// Sends the form behind a link with a token of this browser's; answers where it leads.
    async fn chooses_password(&self, path: &str, password: &str) -> String {
        let page = self.gets("/sign-in").await.text().await.unwrap();
        let csrf = hidden_token(&page);
        self.chooses_with(path, password, &csrf, Some(&self.base))
            .await
    }

    async fn chooses_with(
        &self,
        path: &str,
        password: &str,
        csrf: &str,
        origin: Option<&str>,
    ) -> String {
        let token = path.rsplit('/').next().unwrap();
        let form = [("token", token), ("password", password), ("csrf", csrf)];
        let answer = self.posts_form("/password", origin, &form).await;
        assert_eq!(answer.status(), 303);
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(!format!("{answer:?}").contains(password));
        to.to_owned()
    }
}

async fn a_link_opens_a_form_that_sets_a_password_once_and_signs_out_everywhere(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let program = Program::of(&app, "ana").await;
    let (mut socket, hello) = ana.connects().await;
    let link = head.makes_link(hello.user.id).await;
    // Until it is used nothing is lost.
    assert_eq!(program.is_known().await, 200);
    let visitor = app.anonymous();
    for _ in 0..2 {
        // Looking changes nothing.
        let page = visitor.gets(&link.path).await;
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        assert!(
            page.contains("action=\"/password\"") && page.contains("ana"),
            "{page}"
        );
    }
    let csrf = hidden_token(&visitor.gets(&link.path).await.text().await.unwrap());
    let own = visitor.base.clone();
    let to = visitor
        .chooses_with(&link.path, "short", &csrf, Some(&own))
        .await;
    assert_eq!(to, link.path);
    let page = visitor.gets(&to).await.text().await.unwrap();
    assert!(
        page.contains("password-problem") && page.contains("at least 10"),
        "{page}"
    );

    let to = visitor
        .chooses_with(&link.path, CHOSEN, &csrf, Some(&own))
        .await;
    assert_eq!(to, "/sign-in?done=password");
    assert_eq!(socket.closed().await, 4401);
    assert_eq!(program.is_known().await, 401);
    let page = visitor.gets(&to).await.text().await.unwrap();
    assert!(
        page.contains("Your password is set") && page.contains("value=\"ana\""),
        "{page}"
    );
    let mut page = app.anonymous();
    assert_eq!(
        page.signs_in("ana", CHOSEN).await.headers()["location"],
        "/"
    );
    let answer = page.signs_in("ana", PASSWORD).await;
    assert_ne!(answer.headers()["location"], "/");
    let rows = written(&app, hello.user.id).await;
    let acts: Vec<_> = rows.iter().map(|row| (row.0, row.1)).collect();
    let (by, own) = (Some(head.id().await), Some(hello.user.id));
    assert_eq!(acts, [(by, "password_link_made"), (own, "password_set")]);
}

async fn links_that_do_not_hold_are_answered_alike(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    let head = app.person("head", Role::Admin).await;
    let [used, replaced, closed, old] = [
        app.student_account("ana").await.id,
        app.student_account("ben").await.id,
        app.student_account("cleo").await.id,
        app.student_account("dan").await.id,
    ];
    let mut paths = vec![format!("/password/{}", "A".repeat(43))];
    for id in [used, replaced, closed, old] {
        paths.push(head.makes_link(id).await.path);
    }
    let visitor = app.anonymous();
    assert_eq!(
        visitor.chooses_password(&paths[1], CHOSEN).await,
        "/sign-in?done=password"
    );
    let newer = head.makes_link(replaced).await;
    assert_eq!(head.does_to("close_account", closed).await, 200);
    assert_eq!(head.does_to("reopen_account", closed).await, 200);
    clock.advance_ms(LINK_MS - 1);
    assert_eq!(visitor.gets(&paths[4]).await.status(), 200);
    assert_eq!(visitor.gets(&newer.path).await.status(), 200);
    clock.advance_ms(1);

    let mut visitor = app.anonymous();
    visitor.csrf = hidden_token(&visitor.gets("/sign-in").await.text().await.unwrap());
    let mut answers = Vec::new();
    for path in &paths {
        let token = path.rsplit('/').next().unwrap();
        let page = visitor.gets(path).await;
        let status = page.status().as_u16();
        assert!(
            page.text()
                .await
                .unwrap()
                .contains("This link does not hold")
        );
        let form = whole(
            visitor
                .calls("open_password_form", json!({ "token": token }))
                .await,
        )
        .await;
        let to = visitor
            .chooses_password(path, CHOSEN)
            .await
            .replace(token, "…");
        answers.push((status, form, to));
    }
    assert_eq!((answers[0].0, answers[0].1.0), (404, 404));
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    for (name, password) in [
        ("ana", CHOSEN),
        ("ben", PASSWORD),
        ("cleo", PASSWORD),
        ("dan", PASSWORD),
    ] {
        let answer = app.anonymous().signs_in(name, password).await;
        assert_eq!(answer.headers()["location"], "/", "{name}");
    }
    for nonsense in ["x", "a%00b", "..%2F..", "%FF"] {
        let status = visitor
            .gets(&format!("/password/{nonsense}"))
            .await
            .status();
        assert!(status.is_client_error(), "{nonsense}: {status}");
    }
}

async fn a_form_from_elsewhere_sets_no_password(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let ana = app.student_account("ana").await.id;
    let link = head.makes_link(ana).await;
    let visitor = app.anonymous();
    let csrf = hidden_token(&visitor.gets(&link.path).await.text().await.unwrap());
    let own = visitor.base.clone();
    for (origin, csrf) in [
        (Some("http://elsewhere.example"), csrf.as_str()),
        (Some("null"), &csrf),
        (None, &csrf),
        (Some(own.as_str()), ""),
    ] {
        let to = visitor.chooses_with(&link.path, CHOSEN, csrf, origin).await;
        assert_eq!(to, link.path);
    }
    // A token leads nowhere else.
    let to = visitor
        .chooses_with("//elsewhere.example:80", CHOSEN, "", None)
        .await;
    assert_eq!(to, "/password/elsewhereexample80");
    assert_eq!(
        app.anonymous().signs_in("ana", PASSWORD).await.headers()["location"],
        "/"
    );
    assert_eq!(
        visitor.chooses_password(&link.path, CHOSEN).await,
        "/sign-in?done=password"
    );
}

async fn of_many_at_once_by_one_link_one_chooses(app: TestApp) {
    let node = app.second_node().await;
    let head = app.person("head", Role::Admin).await;
    let ana = app.student_account("ana").await.id;
    let link = head.makes_link(ana).await;
    let token = link.path.rsplit('/').next().unwrap();
    let tries = (0..8).map(|n| {
        let services = if n % 2 == 0 {
            &app.services
        } else {
            &node.services
        };
        let password = format!("{CHOSEN} {n}");
        async move {
            services
                .choose_password(token, password.into())
                .await
                .is_ok()
        }
    });
    let chosen: Vec<bool> = futures_util::future::join_all(tries).await;
    assert_eq!(chosen.iter().filter(|is_chosen| **is_chosen).count(), 1);
    let n = chosen.iter().position(|is_chosen| *is_chosen).unwrap();
    let answer = app
        .anonymous()
        .signs_in("ana", &format!("{CHOSEN} {n}"))
        .await;
    assert_eq!(answer.headers()["location"], "/");
    let rows = written(&app, ana).await;
    assert_eq!(rows.iter().filter(|row| row.1 == "password_set").count(), 1);
}

on_both_databases!(
    a_link_opens_a_form_that_sets_a_password_once_and_signs_out_everywhere,
    links_that_do_not_hold_are_answered_alike,
    a_form_from_elsewhere_sets_no_password,
    of_many_at_once_by_one_link_one_chooses,
);
