//! What the school tells everybody: at once, to all, until it ends or somebody has put it away.

use quad::{
    api::Boot,
    model::{Alert, AlertId, Role, Timestamp},
    protocol::Event,
    server::clock::Clock,
};
use serde_json::{Value, json};

use crate::{
    app::{Person, Socket, TestApp, in_time},
    contract::{body, socket::Client},
    on_both_databases,
    rest::Program,
};

impl Person {
    async fn tells(&self, text: &str) -> Alert {
        let body = json!({ "content": text, "until": null });
        self.reads("tell_everybody", body).await
    }

    async fn puts_away(&self, id: AlertId) -> u16 {
        let answer = self.calls("dismiss_alert", json!({ "id": id })).await;
        answer.status().as_u16()
    }

    /// The texts that this person is shown.
    async fn is_shown(&self, now: Timestamp) -> Vec<String> {
        let boot: Boot = self.reads("start", json!({})).await;
        let alerts = boot.session.unwrap().lists.alerts;
        let shown = alerts.shown(now).into_iter();
        shown.map(|alert| alert.content).collect()
    }
}

impl Socket {
    /// Reads on until it is told of these alerts and no others; each may be told more than once.
    async fn hears_alerts(&mut self, expected: &[&str]) {
        self.until(|event| match event {
            Event::System { alerts } => (texts(&alerts) == expected).then_some(()),
            _ => None,
        })
        .await;
    }
}

fn texts(alerts: &[Alert]) -> Vec<String> {
    alerts.iter().map(|alert| alert.content.clone()).collect()
}

const NOW: Timestamp = Timestamp(1_800_000_000_000);

async fn everybody_hears_of_it_at_once_and_of_its_end(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let (mut phone, hello) = ana.connects().await;
    assert!(hello.alerts.current.is_empty());
    let (mut desk, _) = nora.connects().await;
    let snow = head.tells("Snow: closed tomorrow").await;
    for socket in [&mut phone, &mut desk] {
        socket.hears_alerts(&["Snow: closed tomorrow"]).await;
    }
    head.tells("The network is slow").await;
    let both = ["Snow: closed tomorrow", "The network is slow"];
    phone.hears_alerts(&both).await;
    let (_, hello) = ana.connects().await;
    assert_eq!(texts(&hello.alerts.current).len(), 2, "who comes later");

    let end = json!({ "id": snow.id });
    assert_eq!(head.calls("end_alert", end.clone()).await.status(), 200);
    phone.hears_alerts(&["The network is slow"]).await;
    assert_eq!(head.calls("end_alert", end).await.status(), 404);
}

async fn who_puts_it_away_does_so_for_good_and_for_themselves(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (mut laptop, _) = ana.connects().await;
    let snow = head.tells("Snow").await;
    laptop.hears_alerts(&["Snow"]).await;
    assert_eq!(ana.is_shown(NOW).await, ["Snow"]);
    assert_eq!(ana.puts_away(snow.id).await, 200);
    let hello = laptop.until(|event| match event {
        Event::Hello(hello) => Some(hello),
        _ => None,
    });
    assert!(
        hello.await.alerts.dismissed.contains(&snow.id),
        "on all devices"
    );
    assert!(ana.is_shown(NOW).await.is_empty());
    assert_eq!(ana.puts_away(snow.id).await, 200, "twice is once");
    assert_eq!(ben.is_shown(NOW).await, ["Snow"]);
    assert_eq!(ana.puts_away(AlertId(999_999)).await, 404);
    for (person, is_there) in [(&ben, true), (&ana, false)] {
        let page = person.gets("/rooms").await.text().await.unwrap();
        assert_eq!(
            page.contains("class=\"alert-bar\""),
            is_there,
            "without a script"
        );
    }
}

async fn programs_tell_list_and_end_by_address(app: TestApp) {
    app.person("head", Role::Admin).await;
    app.student("ana").await;
    let (head, ana) = (
        Program::of(&app, "head").await,
        Program::of(&app, "ana").await,
    );
    let until = "2999-01-01T12:00:00Z";
    let told = json!({ "text": "  Exams begin ", "until": until });
    let made = body(head.writes("alerts/", told).await, 201).await;
    assert_eq!(
        (&made["text"], &made["until"]),
        (&json!("Exams begin"), &json!(until))
    );
    let list = ana.reads("alerts/").await;
    assert_eq!((&list["count"], &list["results"][0]), (&json!(1), &made));
    let id = made["id"].as_i64().unwrap();
    let path = format!("/api/chat/alerts/{id}/");
    assert_eq!(ana.deletes(&path).await.status(), 403);
    let away = format!("/api/chat/alerts/{id}/dismiss/");
    assert_eq!(ana.posts(&away, &json!({})).await.status(), 204);
    assert_eq!(ana.reads("alerts/").await["count"], 1);
    assert_eq!(head.deletes(&path).await.status(), 204);
    assert_eq!(head.deletes(&path).await.status(), 404);
    assert_eq!(ana.posts(&away, &json!({})).await.status(), 404);
    assert_eq!(ana.reads("alerts/").await["count"], 0);
    let nobody = Program::without_tokens(&app);
    assert_eq!(nobody.gets("/api/chat/alerts/").await.status(), 401);
}

async fn bad_ones_are_refused_and_others_may_not(app: TestApp) {
    app.person("head", Role::Admin).await;
    let head = Program::of(&app, "head").await;
    for (what, field) in [
        (json!({}), "text"),
        (json!({ "text": " \n" }), "text"),
        (json!({ "text": "x".repeat(1001) }), "text"),
        (json!({ "text": 7 }), "text"),
        (json!({ "text": "a\0b" }), "text"),
        (json!({ "text": "x", "until": "tomorrow" }), "until"),
        (
            json!({ "text": "x", "until": "2001-01-01T12:00:00Z" }),
            "until",
        ),
    ] {
        let refused = body(head.writes("alerts/", what).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{refused}");
    }
    for role in [Role::Student, Role::Teacher, Role::Agent] {
        let name = format!("{role:?}");
        app.person(&name, role).await;
        let other = Program::of(&app, &name).await;
        let refused = other.writes("alerts/", json!({ "text": "x" })).await;
        assert_eq!(refused.status(), 403);
    }
    assert_eq!(head.reads("alerts/").await["count"], 0);
    let long = json!({ "text": "ü".repeat(1000) });
    body(head.writes("alerts/", long).await, 201).await;
}

async fn there_are_not_too_many_at_once(app: TestApp) {
    app.person("head", Role::Admin).await;
    let head = Program::of(&app, "head").await;
    for _ in 0..20 {
        body(head.writes("alerts/", json!({ "text": "x" })).await, 201).await;
    }
    body(head.writes("alerts/", json!({ "text": "x" })).await, 409).await;
}

async fn one_with_an_end_is_over_by_then(app: TestApp) {
    let clock = Clock::manual(NOW);
    let app = app.told(&[], &clock).await;
    let head = app.person("head", Role::Admin).await;
    let ana = app.student("ana").await;
    let until = NOW.plus_ms(60_000);
    let body = json!({ "content": "For a minute", "until": until });
    let _: Alert = head.reads("tell_everybody", body).await;
    let (_, hello) = ana.connects().await;
    assert_eq!(hello.alerts.shown(NOW).len(), 1);
    assert!(
        hello.alerts.shown(until).is_empty(),
        "who holds it knows when"
    );
    clock.advance_ms(60_000);
    let (_, hello) = ana.connects().await;
    assert!(hello.alerts.current.is_empty());
}

async fn the_sockets_of_one_room_hear_of_it_too(app: TestApp) {
    let head = app.person("head", Role::Admin).await;
    app.student("ana").await;
    let ana = Program::of(&app, "ana").await;
    let room = ana.own_room().await;
    let (mut client, _) = Client::of(&ana, room).await;
    head.tells("Snow").await;
    let told: Value = client.until("system").await;
    assert_eq!(told["alerts"][0]["text"], "Snow");
}

async fn the_other_node_tells_it_within_a_second(here: TestApp, there: TestApp) {
    let head = here.person("head", Role::Admin).await;
    let (mut phone, _) = here.student("ana").await.at(&there).connects().await;
    let began = std::time::Instant::now();
    head.tells("Snow").await;
    phone.hears_alerts(&["Snow"]).await;
    assert!(began.elapsed().as_millis() < 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_tell_as_one() {
    if let Some(here) = TestApp::on_postgres().await {
        let there = here.second_node().await;
        in_time(the_other_node_tells_it_within_a_second(here, there)).await;
    }
}

on_both_databases!(
    everybody_hears_of_it_at_once_and_of_its_end,
    who_puts_it_away_does_so_for_good_and_for_themselves,
    programs_tell_list_and_end_by_address,
    bad_ones_are_refused_and_others_may_not,
    there_are_not_too_many_at_once,
    one_with_an_end_is_over_by_then,
    the_sockets_of_one_room_hear_of_it_too,
);
