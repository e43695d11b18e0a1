//! S1: one's own conversation, the list, one of them.

use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases, rest::Program};

async fn ones_own_conversation_is_made_once(app: TestApp) {
    let school = School::new(app).await;
    let own = school.ana.reads("conversation/").await;
    assert_eq!(
        (&own["kind"], &own["desk"]),
        (&json!("support"), &json!("admin"))
    );
    assert_eq!(school.ana.reads("conversation/").await["id"], own["id"]);
    let again = school.ana.writes("conversation/", json!({})).await;
    let again = body(again, 400).await;
    assert_eq!(
        (&again["code"], &again["conversation"]["id"]),
        (&json!("already_exists"), &own["id"])
    );
    // A teacher has one too; nothing need be sent.
    let made = school
        .tom
        .request(reqwest::Method::POST, "/api/chat/conversation/")
        .send()
        .await;
    let made = body(made.unwrap(), 201).await;
    assert_eq!(made["user"]["name"], "tom");
    assert_ne!(made["id"], own["id"]);
    // Those who answer have none.
    let refused = body(school.nora.gets("/api/chat/conversation/").await, 403).await;
    assert_eq!(refused["code"], "forbidden");
    body(school.nora.writes("conversation/", json!({})).await, 403).await;
}

async fn of_many_openings_at_once_one_makes_it(app: TestApp) {
    let school = School::new(app).await;
    let tries = (0..20).map(|_| school.ana.writes("conversation/", json!({})));
    let answers = futures_util::future::join_all(tries).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status().as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(
        statuses[1..].iter().all(|status| *status == 400),
        "{statuses:?}"
    );
    assert_eq!(school.nora.reads("conversations/").await["count"], 1);
}

async fn found(who: &Program, query: &str) -> Vec<i64> {
    ids(&who.reads(&format!("conversations/{query}")).await["results"])
}

async fn the_list_is_ones_own_or_that_of_ones_desk(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (school.ana.own_room().await, school.ben.own_room().await);
    school.ana.says(ana, "I need help\nwith my course").await;
    let nora = &school.nora;
    assert_eq!(found(nora, "").await, [ana, ben]);
    assert_eq!(found(&school.ana, "").await, [ana]);
    assert_eq!(found(&school.tom, "").await, Vec::<i64>::new());
    school.ben.says(ben, "me too").await;
    let list = nora.reads("conversations/").await;
    assert_eq!(ids(&list["results"]), [ben, ana], "newest first");
    let row = &list["results"][1];
    assert_eq!(
        (&row["user_name"], &row["last_message_preview"]),
        (&json!("ana"), &json!("I need help"))
    );
    assert_eq!(
        (&row["unread_count"], &row["last_message"]["sender_name"]),
        (&json!(1), &json!("ana"))
    );
    assert_eq!(row["last_message_at"], row["last_message"]["created_at"]);
    assert!(row.get("user_email").is_some());

    for (query, expected) in [
        ("?search=ANA", vec![ana]),
        ("?search=nobody", vec![]),
        ("?search=_", vec![]),
        ("?kind=support", vec![ben, ana]),
        ("?kind=direct", vec![]),
        ("?kind=public", vec![]),
        ("?scope=mine", vec![]),
        ("?scope=all", vec![ben, ana]),
        ("?unread_only=true", vec![ben, ana]),
        ("?page_size=1&page=2", vec![ana]),
    ] {
        assert_eq!(found(nora, query).await, expected, "{query}");
    }
    body(
        nora.writes(&format!("conversations/{ben}/mark-read/"), json!({}))
            .await,
        200,
    )
    .await;
    assert_eq!(found(nora, "?unread_only=true").await, [ana]);
    assert_eq!(found(nora, "?unread_only=false").await, [ben, ana]);
    assert_eq!(
        found(&school.ana, "?unread_only=true").await,
        Vec::<i64>::new()
    );
    for wrong in ["?unread_only=x", "?scope=x", "?kind=x"] {
        let refused = nora.gets(&format!("/api/chat/conversations/{wrong}")).await;
        body(refused, 400).await;
    }
}

async fn letters_of_every_script_are_found_in_any_case(app: TestApp) {
    let school = School::new(app).await;
    school.app.student("élodie").await;
    let elodie = Program::of(&school.app, "élodie").await;
    let room = elodie.own_room().await;
    assert_eq!(found(&school.nora, "?search=%C3%89LO").await, [room]);
}

async fn a_conversation_comes_with_its_newest_messages(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    for n in 1..=22 {
        school.ana.says(room, &format!("no. {n}")).await;
    }
    for who in [&school.ana, &school.nora] {
        let shown = who.reads(&format!("conversations/{room}/")).await;
        let messages = shown["messages"].as_array().unwrap();
        assert_eq!(
            (messages.len(), &messages[0]["content"]),
            (20, &json!("no. 3"))
        );
        assert_eq!(shown["last_message"]["content"], messages[19]["content"]);
        assert_eq!(shown["seq"], 22);
    }
    assert_eq!(
        school.ana.reads(&format!("conversations/{room}/")).await["unread_count"],
        0
    );
    let for_nora = school.nora.reads(&format!("conversations/{room}/")).await;
    assert_eq!(for_nora["unread_count"], 22);
    assert_ne!(for_nora["last_message"], Value::Null);
}

on_both_databases!(
    ones_own_conversation_is_made_once,
    of_many_openings_at_once_one_makes_it,
    the_list_is_ones_own_or_that_of_ones_desk,
    letters_of_every_script_are_found_in_any_case,
    a_conversation_comes_with_its_newest_messages,
);
