//! S0, S1: a room's history, and sending.

use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, ids};
use crate::{app::TestApp, on_both_databases, rest::Program};

fn contents(list: &Value) -> Vec<String> {
    let rows = list["results"].as_array().unwrap().iter();
    rows.map(|row| row["content"].as_str().unwrap().to_owned())
        .collect()
}

async fn a_message_is_the_senders_whatever_the_body_claims(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let me = body(school.ana.gets("/api/auth/me/").await, 200).await;
    let claims = json!({
        "content": " <b>Hello</b> http://a.example ", "message_type": "text", "sender_id": 999, "sender_type": "admin",
        "sender_name": "The Head", "sender": { "id": 999 }, "created_at": "2001-01-01T00:00:00Z", "id": 7, "seq": 9,
        "is_read": true,
    });
    for path in [
        format!("rooms/{room}/messages/"),
        format!("conversations/{room}/messages/"),
    ] {
        let sent = body(school.ana.writes(&path, claims.clone()).await, 201).await;
        assert_eq!(sent["content"], "<b>Hello</b> http://a.example");
        assert!(
            sent["html"]
                .as_str()
                .unwrap()
                .starts_with("&lt;b&gt;Hello&lt;/b&gt; <a href=")
        );
        assert_eq!(
            (&sent["sender_id"], &sent["sender"]["id"]),
            (&me["id"], &me["id"])
        );
        assert_eq!(
            (&sent["sender_type"], &sent["sender_name"]),
            (&json!("student"), &json!("ana"))
        );
        assert_eq!(
            (&sent["room_id"], &sent["conversation"]),
            (&json!(room), &json!(room))
        );
        assert_eq!(sent["timestamp"], sent["created_at"]);
        assert!(!sent["created_at"].as_str().unwrap().starts_with("2001"));
        assert_eq!(
            (&sent["is_read"], &sent["is_deleted"]),
            (&json!(false), &json!(false))
        );
    }
    let answer = json!({ "room_id": room, "content": "Yes?", "sender_type": "student" });
    let answer = body(school.nora.writes("send-message/", answer).await, 200).await;
    assert_eq!(
        (&answer["success"], &answer["message"]["sender_type"]),
        (&json!(true), &json!("admin"))
    );
    let list = school.ana.reads(&format!("rooms/{room}/messages/")).await;
    assert_eq!(
        (&list["count"], &list["results"][2]["content"]),
        (&json!(3), &json!("Yes?"))
    );
}

async fn a_message_is_there_once_however_often_it_is_sent(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let path = format!("rooms/{room}/messages/");
    let key = "2f1c4c1e-9a51-4a65-9d5d-0d6a3f3b8f10";
    let what = |content: &str| json!({ "content": content, "client_id": key });
    let first = body(school.ana.writes(&path, what("one")).await, 201).await;
    let again = body(school.ana.writes(&path, what("another text")).await, 200).await;
    assert_eq!(
        (&again["id"], &again["content"]),
        (&first["id"], &json!("one"))
    );
    // The key is the sender's: another person's is another message.
    let other = body(school.nora.writes(&path, what("two")).await, 201).await;
    assert_ne!(other["id"], first["id"]);
    assert_eq!(contents(&school.ana.reads(&path).await), ["one", "two"]);
}

/// A form of several parts, as programs send it: name, file name, text.
fn form(parts: &[(&str, Option<&str>, &str)]) -> String {
    let mut body = String::new();
    for (name, file, text) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        body += &format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
        );
    }
    body + "--x--\r\n"
}

async fn a_message_may_come_as_a_form(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let sends = async |path: &str, text: String| {
        let request = school
            .ana
            .request(Method::POST, &format!("/api/chat/{path}"));
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        request.body(text).send().await.unwrap()
    };
    let room_text = room.to_string();
    let key = "2f1c4c1e-9a51-4a65-9d5d-0d6a3f3b8f11";
    let parts = [
        ("content", None, "Grüße"),
        ("message_type", None, "text"),
        ("room", None, room_text.as_str()),
        ("client_id", None, key),
    ];
    for (path, status) in [
        (format!("rooms/{room}/messages/"), 201),
        (format!("conversations/{room}/messages/"), 200),
        ("messages/".to_owned(), 200),
        ("send-message/".to_owned(), 200),
    ] {
        let sent = body(sends(&path, form(&parts)).await, status).await;
        let message = if path == "send-message/" {
            &sent["message"]
        } else {
            &sent
        };
        assert_eq!(
            (&message["content"], &message["client_id"]),
            (&json!("Grüße"), &json!(key))
        );
    }
    assert_eq!(
        school.ana.reads(&format!("rooms/{room}/messages/")).await["count"],
        1
    );
    let path = format!("rooms/{room}/messages/");
    for (text, field) in [
        (form(&[]), "content"),
        (form(&[("content", None, "")]), "content"),
        (
            form(&[("content", None, "x"), ("file", Some("a.txt"), "abc")]),
            "file",
        ),
        (form(&[("attachment", Some("a.txt"), "abc")]), "attachment"),
    ] {
        let refused = body(sends(&path, text).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{refused}");
    }
    let broken = body(sends(&path, "--y\r\nnothing".to_owned()).await, 400).await;
    assert_eq!(broken["code"], "malformed");
    let huge = form(&[("content", None, &"x".repeat(200_000))]);
    assert_eq!(sends(&path, huge).await.status(), 413);
}

async fn what_cannot_be_sent_is_told(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let path = format!("rooms/{room}/messages/");
    let long = "x".repeat(1001);
    for (what, field) in [
        (json!({}), "content"),
        (json!({ "content": " \n" }), "content"),
        (json!({ "content": 7 }), "content"),
        (json!({ "content": long }), "content"),
        (json!({ "content": "a\0b" }), "content"),
        (json!({ "content": "x", "client_id": "x" }), "client_id"),
        (
            json!({ "content": "x", "message_type": "system" }),
            "message_type",
        ),
        (
            json!({ "content": "x", "message_type": "voice" }),
            "message_type",
        ),
        (
            json!({ "content": "x", "attachment_ids": [1] }),
            "attachment_ids",
        ),
    ] {
        let refused = body(school.ana.writes(&path, what.clone()).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{what}: {refused}");
    }
    let whole = format!("/api/chat/{path}");
    for (kind, text, status) in [
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "\"x\"", 400),
        ("text/plain", "{\"content\":\"x\"}", 415),
        ("application/x-www-form-urlencoded", "content=x", 415),
        (
            "multipart/form-data; boundary=b",
            "--b\r\n\r\nx\r\n--b--",
            400,
        ),
    ] {
        let request = school.ana.request(Method::POST, &whole);
        let refused = request.header("content-type", kind).body(text).send();
        body(refused.await.unwrap(), status).await;
    }
    let large = json!({ "content": "x".repeat(200_000) });
    body(school.ana.writes(&path, large).await, 413).await;
    for wrong in [
        json!({}),
        json!({ "content": "x" }),
        json!({ "room_id": "x", "content": "x" }),
    ] {
        body(school.ana.writes("send-message/", wrong).await, 400).await;
    }
    let foreign = json!({ "room_id": room, "content": "x" });
    let unknown = json!({ "room_id": 999_999, "content": "x" });
    let foreign = body(school.ben.writes("send-message/", foreign).await, 404).await;
    assert_eq!(
        foreign,
        body(school.ben.writes("send-message/", unknown).await, 404).await
    );
    assert_eq!(school.ana.reads(&path).await["count"], 0);
}

/// Follows a list's links and answers what all pages together hold, oldest first.
async fn walked(who: &Program, from: &str) -> Vec<String> {
    let (mut at, mut all) = (from.to_owned(), Vec::new());
    loop {
        let list = who.reads(&at).await;
        let mut page = contents(&list);
        page.extend(all);
        all = page;
        let Some(next) = list["next"].as_str() else {
            return all;
        };
        next.split_once("/api/chat/").unwrap().1.clone_into(&mut at);
    }
}

async fn a_history_is_read_in_parts(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let mut sent = Vec::new();
    for n in 1..=25 {
        sent.push(school.ana.says(room, &format!("no. {n}")).await);
    }
    let all: Vec<String> = (1..=25).map(|n| format!("no. {n}")).collect();
    let path = format!("conversations/{room}/messages/");
    let nora = &school.nora;

    let newest = nora.reads(&path).await;
    assert_eq!(
        (&newest["count"], contents(&newest)),
        (&json!(25), all[5..].to_vec())
    );
    assert_eq!(newest["previous"], Value::Null);
    let older = nora.reads(&format!("{path}?page=2")).await;
    assert_eq!(
        (contents(&older), &older["next"]),
        (all[..5].to_vec(), &Value::Null)
    );
    assert!(older["previous"].is_string());
    assert_eq!(walked(nora, &format!("{path}?page_size=4")).await, all);

    let at = |n: usize| sent[n - 1]["seq"].as_i64().unwrap();
    let before = format!("{path}?page_size=4&before={}", at(20));
    assert_eq!(contents(&nora.reads(&before).await), all[15..19]);
    assert_eq!(walked(nora, &before).await, all[..19]);
    let after = format!("{path}?page_size=4&after={}", at(20));
    let list = nora.reads(&after).await;
    assert_eq!(
        (contents(&list), &list["count"]),
        (all[20..24].to_vec(), &Value::Null)
    );
    let next = list["next"]
        .as_str()
        .unwrap()
        .split_once("/api/chat/")
        .unwrap()
        .1;
    let last = nora.reads(next).await;
    assert_eq!(
        (contents(&last), &last["next"]),
        (all[24..].to_vec(), &Value::Null)
    );
    let between = format!("{path}?after={}&before={}", at(3), at(6));
    assert_eq!(contents(&nora.reads(&between).await), all[3..5]);
    let around = format!("{path}?page_size=5&around={}", sent[11]["id"]);
    let around = nora.reads(&around).await;
    assert_eq!(contents(&around), all[9..14]);
    assert!(around["next"].is_string() && around["previous"].is_string());
    let first = format!("{path}?page_size=5&around={}", sent[0]["id"]);
    assert_eq!(contents(&nora.reads(&first).await), all[..3]);
}

async fn what_is_asked_of_a_history_is_clamped_or_refused(app: TestApp) {
    let school = School::new(app).await;
    let (room, other) = (school.ana.own_room().await, school.ben.own_room().await);
    let sent = school.ana.says(room, "hello").await;
    let path = format!("rooms/{room}/messages/");
    for odd in [
        "?page_size=-1",
        "?page_size=0",
        "?page_size=1000000000",
        "?limit=-1",
        "?before=9223372036854775807",
    ] {
        assert_eq!(
            ids(&school.ana.reads(&format!("{path}{odd}")).await["results"]).len(),
            1,
            "{odd}"
        );
    }
    for empty in [
        "?page=2",
        "?before=0",
        "?before=-9",
        "?after=9223372036854775807",
    ] {
        let list = school.ana.reads(&format!("{path}{empty}")).await;
        assert_eq!(list["results"], json!([]), "{empty}");
    }
    for wrong in [
        "?page=x",
        "?page_size=x",
        "?before=abc",
        "?after=1.5",
        "?around=x",
        "?page=600",
        "?page=9999999999999999999",
    ] {
        let refused = school.ana.gets(&format!("/api/chat/{path}{wrong}")).await;
        assert_eq!(body(refused, 400).await["code"], "invalid", "{wrong}");
        // For whom the room is not there, the rest is not worth a word.
        let foreign = school.ben.gets(&format!("/api/chat/{path}{wrong}")).await;
        assert_eq!(foreign.status(), 404);
    }
    // A message of another room is not here, whoever may see it there.
    for elsewhere in [sent["id"].clone(), json!(999_999)] {
        let around = format!("/api/chat/rooms/{other}/messages/?around={elsewhere}");
        assert_eq!(school.nora.gets(&around).await.status(), 404);
    }
}

async fn whether_a_message_is_read_is_the_readers(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let path = format!("rooms/{room}/messages/");
    let question = school.ana.says(room, "question").await;
    let seen = async |who: &Program| -> Vec<(bool, i64)> {
        let list = who.reads(&path).await;
        let rows = list["results"].as_array().unwrap().iter();
        rows.map(|row| {
            (
                row["is_read"].as_bool().unwrap(),
                row["read_by_count"].as_i64().unwrap(),
            )
        })
        .collect()
    };
    assert_eq!(seen(&school.ana).await, [(false, 0)]);
    assert_eq!(seen(&school.nora).await, [(false, 0)]);
    let ids = json!({ "message_ids": [question["id"]] });
    body(school.nora.writes("mark-read/", ids).await, 200).await;
    school.nora.says(room, "answer").await;
    assert_eq!(seen(&school.ana).await, [(true, 1), (false, 0)]);
    assert_eq!(seen(&school.nora).await, [(true, 1), (false, 0)]);
}

on_both_databases!(
    a_message_may_come_as_a_form,
    a_message_is_the_senders_whatever_the_body_claims,
    a_message_is_there_once_however_often_it_is_sent,
    what_cannot_be_sent_is_told,
    a_history_is_read_in_parts,
    what_is_asked_of_a_history_is_clamped_or_refused,
    whether_a_message_is_read_is_the_readers,
);
