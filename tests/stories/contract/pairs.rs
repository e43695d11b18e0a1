//! S2, S4: rooms of two: private threads and direct rooms; S3: messages by their room, and the second place of it all.

use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, groups::is_as_nothing, ids};
use crate::{app::TestApp, on_both_databases};

async fn a_private_thread_is_opened_once_by_message_or_person(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let room = tom
        .makes(json!({ "name": "Algebra", "public": true }))
        .await;
    ana.does(&format!("rooms/{room}/join/"), 200).await;
    let message = ana.says(room, "I do not get it").await["id"].clone();
    let open = json!({ "owner_message": message });
    let thread = body(tom.writes("private-threads/", open.clone()).await, 201).await;
    let again = body(tom.writes("private-threads/", open.clone()).await, 200).await;
    assert_eq!(
        (&thread["id"], &thread["kind"]),
        (&again["id"], &json!("thread"))
    );
    assert_eq!(thread["owner_message"], message);
    let (ana_id, tom_id) = (ana.own_id().await, tom.own_id().await);
    let two = [&thread["user1"], &thread["user2"]];
    for (id, name) in [(ana_id, "ana"), (tom_id, "tom")] {
        let one = two.iter().find(|user| user["id"] == id).unwrap();
        assert_eq!(
            (&one["name"], &one["username"]),
            (&json!(name), &json!(name))
        );
    }
    assert_eq!(thread["participants"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&thread["host"], &thread["can_join"]),
        (&Value::Null, &json!(false))
    );

    // By a person alone it is another one, whoever opens it.
    let by_person = body(
        tom.writes("private-threads/", json!({ "user_id": ana_id }))
            .await,
        201,
    )
    .await;
    let by_other = body(
        ana.writes("private-threads/", json!({ "user_id": tom_id }))
            .await,
        200,
    )
    .await;
    assert_eq!(by_person["id"], by_other["id"]);
    assert_ne!(by_person["id"], thread["id"]);
    assert_eq!(by_person["owner_message"], Value::Null);

    let id = thread["id"].as_i64().unwrap();
    let path = format!("private-threads/{id}/messages/");
    let sent = body(ana.writes(&path, json!({ "content": "Here?" })).await, 201).await;
    assert_eq!(
        tom.reads(&path).await["results"],
        json!([with_read(&sent, false)])
    );
    assert!(ana.does(&path, 400).await["fields"]["content"].is_array());
    let list = tom.reads("private-threads/").await;
    assert_eq!(
        ids(&list["results"]),
        [id, by_person["id"].as_i64().unwrap()]
    );
    assert_eq!(list["results"][0]["unread_count"], 1);
    assert_eq!(ana.reads(&format!("private-threads/{id}/")).await["id"], id);
    assert_eq!(ben.reads("private-threads/").await["count"], 0);

    let inside = [
        (Method::GET, "private-threads/{id}/"),
        (Method::GET, "private-threads/{id}/messages/"),
        (Method::POST, "private-threads/{id}/messages/"),
    ];
    is_as_nothing(ben, id, &inside).await;
    // A room that is no thread is none here, for those who are in it too.
    is_as_nothing(tom, room, &inside).await;
    for (who, said, status) in [
        (ben, open.clone(), 404),
        (ana, open, 400),
        (ana, json!({}), 400),
        (ana, json!({ "owner_message": "x" }), 400),
        (ana, json!({ "owner_message": 999_999 }), 404),
        (ana, json!({ "user_id": ana_id }), 400),
        (ana, json!({ "user_id": 999_999 }), 404),
    ] {
        body(who.writes("private-threads/", said.clone()).await, status).await;
    }
    // Either of the two makes it read-only, for both.
    ana.does(&format!("rooms/{id}/archive/"), 200).await;
    let refused = body(tom.writes(&path, json!({ "content": "x" })).await, 409).await;
    assert_eq!(refused["code"], "archived");
    tom.does(&format!("rooms/{id}/unarchive/"), 200).await;
    ben.does(&format!("rooms/{id}/archive/"), 404).await;
}

/// A message as somebody else has it in a list.
fn with_read(message: &Value, is_read: bool) -> Value {
    let mut message = message.clone();
    message["is_read"] = json!(is_read);
    message
}

async fn a_direct_room_is_started_once_and_with_a_word(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let (ana_id, ben_id) = (ana.own_id().await, ben.own_id().await);
    let started = json!({ "user_id": ben_id, "message": "Hi" });
    let room = body(ana.writes("conversations/start/", started).await, 201).await;
    assert_eq!(
        (&room["kind"], &room["last_message_preview"]),
        (&json!("direct"), &json!("Hi"))
    );
    let mut names: Vec<_> = room["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["user"]["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["ana", "ben"]);
    for path in ["conversations/start_conversation/", "conversations/start/"] {
        let again = ben
            .writes(path, json!({ "user_id": ana_id.to_string() }))
            .await;
        assert_eq!(body(again, 200).await["id"], room["id"], "{path}");
    }
    let (with_nora, with_ben) = (
        json!({ "user_id": school.nora.own_id().await, "message": "x".repeat(1001) }),
        json!({ "user_id": ben_id, "message": 7 }),
    );
    for (said, field) in [
        (with_nora, "content"),
        (with_ben, "message"),
        (json!({}), "user_id"),
        (json!({ "user_id": ana_id }), "user_id"),
    ] {
        let refused = body(ana.writes("conversations/start/", said).await, 400).await;
        assert!(refused["fields"][field].is_array(), "{refused}");
    }
    body(
        ana.writes("conversations/start/", json!({ "user_id": 999_999 }))
            .await,
        404,
    )
    .await;
    assert_eq!(
        school.nora.reads("conversations/").await["count"],
        0,
        "what cannot be sent opens nothing"
    );
    assert_eq!(
        ids(&ben.reads("conversations/").await["results"]),
        ids(&json!([room]))
    );

    let id = room["id"].as_i64().unwrap();
    let add = format!("conversations/{id}/add_message/");
    let mut sent = vec![
        ben.reads(&format!("conversations/{id}/")).await["messages"][0]["id"]
            .as_i64()
            .unwrap(),
    ];
    for n in 0..4 {
        let message = body(
            ben.writes(&add, json!({ "content": format!("no. {n}") }))
                .await,
            201,
        )
        .await;
        sent.push(message["id"].as_i64().unwrap());
    }
    let messages = format!("conversations/{id}/messages/");
    for (query, expected) in [
        (format!("?before_id={}", sent[3]), &sent[..3]),
        (format!("?before_id={}&page_size=2", sent[3]), &sent[1..3]),
        (format!("?after_id={}", sent[1]), &sent[2..]),
        (format!("?after_id={}&page_size=1", sent[1]), &sent[2..3]),
        (
            format!("?after_id={}&before_id={}", sent[0], sent[4]),
            &sent[1..4],
        ),
    ] {
        let list = ana.reads(&format!("{messages}{query}")).await;
        assert_eq!(ids(&list["results"]), expected, "{query}");
    }
    let part = ana
        .reads(&format!("{messages}?before_id={}&page_size=2", sent[3]))
        .await;
    let (_, next) = part["next"]
        .as_str()
        .unwrap()
        .split_once("/api/chat/")
        .unwrap();
    assert_eq!(ids(&ana.reads(next).await["results"]), sent[..1]);
    for (wrong, status) in [
        ("?before_id=x", 400),
        ("?before_id=999999", 404),
        ("?after_id=999999", 404),
    ] {
        body(
            ana.gets(&format!("/api/chat/{messages}{wrong}")).await,
            status,
        )
        .await;
    }
    let read = ana
        .does(&format!("conversations/{id}/mark_read/"), 200)
        .await;
    assert_eq!(read["updated_count"], 4);
    let inside = [
        (Method::POST, "conversations/{id}/add_message/"),
        (Method::POST, "conversations/{id}/mark_read/"),
        (Method::GET, "conversations/{id}/"),
    ];
    is_as_nothing(&school.tom, id, &inside).await;
    is_as_nothing(&school.nora, id, &inside).await;
}

async fn messages_are_listed_and_sent_by_their_room(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let room = ana.own_room().await;
    let sent = json!({ "room": room, "content": "Hello" });
    let sent = body(ana.writes("messages/", sent).await, 201).await;
    assert_eq!(
        (&sent["room"], &sent["content"]),
        (&json!(room), &json!("Hello"))
    );
    let by_room = ana.reads(&format!("messages/?room={room}")).await;
    assert_eq!(
        by_room["results"],
        ana.reads(&format!("rooms/{room}/messages/")).await["results"]
    );
    assert_eq!(ids(&by_room["results"]), ids(&json!([sent])));
    for said in [
        json!({ "content": "x" }),
        json!({ "room": "x", "content": "x" }),
    ] {
        assert!(body(ana.writes("messages/", said).await, 400).await["fields"]["room"].is_array());
    }
    assert!(body(ana.gets("/api/chat/messages/").await, 400).await["fields"]["room"].is_array());
    let foreign = ben
        .whole(&Method::GET, &format!("/api/chat/messages/?room={room}"))
        .await;
    assert_eq!(foreign.0, 404);
    for unknown in ["999999", "x", "-1"] {
        let unknown = format!("/api/chat/messages/?room={unknown}");
        assert_eq!(ben.whole(&Method::GET, &unknown).await, foreign);
    }
    let into = json!({ "room": room, "content": "x" });
    body(ben.writes("messages/", into).await, 404).await;
}

async fn the_second_place_serves_the_same_and_pages_stay(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana) = (&school.tom, &school.ana);
    let said = json!({ "name": "Algebra", "chat_type": "public" });
    let room = body(tom.posts("/chat/rooms/", &said).await, 201).await["id"]
        .as_i64()
        .unwrap();
    let joined = ana
        .posts(&format!("/chat/rooms/{room}/join/"), &json!({}))
        .await;
    assert_eq!(body(joined, 200).await["is_participant"], true);
    let sent = json!({ "room": room, "content": "Hello" });
    body(ana.posts("/chat/messages/", &sent).await, 201).await;
    for part in [
        "rooms/".to_owned(),
        format!("rooms/{room}/"),
        format!("rooms/{room}/participants/"),
        format!("messages/?room={room}"),
    ] {
        let there = body(ana.gets(&format!("/chat/{part}")).await, 200).await;
        assert_eq!(there, ana.reads(&part).await, "{part}");
    }
    let list = body(ana.gets("/chat/rooms/?page_size=1&joined=true").await, 200).await;
    assert_eq!(list["count"], 1);
    for (method, path, status, code) in [
        (Method::DELETE, "/chat/rooms/", 405, "method_not_allowed"),
        (Method::GET, "/chat/rooms/1/nothing/", 404, "not_found"),
        (Method::GET, "/chat/rooms/999999/", 404, "not_found"),
        (Method::GET, "/chat/rooms/x/", 404, "not_found"),
    ] {
        let (answered, _, text) = ana.whole(&method, path).await;
        assert_eq!(answered, status, "{method} {path}");
        assert!(text.contains(&format!("\"code\":\"{code}\"")), "{text}");
    }
    let nobody = crate::rest::Program::without_tokens(&school.app);
    assert_eq!(nobody.gets("/chat/rooms/").await.status(), 401);
    let browser = school.app.student("cem").await;
    // A cookie alone writes nothing there either.
    let written = browser
        .client
        .post(format!("{}/chat/rooms/{room}/join/", browser.base));
    assert_eq!(written.send().await.unwrap().status(), 403);
    let written = browser.request(Method::POST, &format!("/chat/rooms/{room}/join/"));
    assert_eq!(written.send().await.unwrap().status(), 200);
    // The pages of the browser stand beside it.
    for page in ["/chat".to_owned(), format!("/chat/{room}")] {
        let shown = browser.visits(&page).await;
        assert_eq!(shown.status(), 200, "{page}");
        assert!(
            shown.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
    }
}

on_both_databases!(
    a_private_thread_is_opened_once_by_message_or_person,
    a_direct_room_is_started_once_and_with_a_word,
    messages_are_listed_and_sent_by_their_room,
    the_second_place_serves_the_same_and_pages_stay,
);
