//! S3, S4: the socket of everything without a subprotocol.

use serde_json::{Value, json};

use super::{School, body, socket::Client};
use crate::{app::TestApp, on_both_databases};

/// The room of Ana and the teacher, and a socket of each; Ana's is still silent.
async fn two(school: &School) -> (i64, Client, Client) {
    let (ana, tom) = (&school.ana, &school.tom);
    let with = json!({ "user_id": tom.own_id().await });
    let room = ana.writes("conversations/start_conversation/", with).await;
    let room = body(room, 201).await["id"].as_i64().unwrap();
    let mut sockets = Vec::new();
    for who in [ana, tom] {
        let mut socket = Client::tries(who, "").await.unwrap();
        socket.until("hello").await;
        sockets.push(socket);
    }
    let tom = sockets.pop().unwrap();
    (room, sockets.pop().unwrap(), tom)
}

fn types(frames: &[Value]) -> Vec<&str> {
    let types = frames.iter().map(|frame| frame["type"].as_str().unwrap());
    types.collect()
}

async fn a_message_is_answered_by_what_its_sender_calls_it(app: TestApp) {
    let school = School::new(app).await;
    let (room, mut ana, mut tom) = two(&school).await;
    let uuid = "6f1ab08c-3a5e-4a3a-9d27-0c1f5b1c7f10";
    for (temp_id, content) in [
        (json!("temp-1"), "one"),
        (json!(17), "two"),
        (json!(uuid), "three"),
    ] {
        let frame = json!({ "type": "chat_message", "conversation_id": room.to_string(), "content": content, "temp_id": temp_id });
        ana.says(frame).await;
        let ack = ana.until("ack").await;
        assert_eq!(ack["temp_id"], temp_id);
        assert_eq!(ack["client_id"] == uuid, temp_id == uuid);
        let heard = tom.until("chat_message").await;
        assert_eq!(heard["message"]["content"], content);
        assert_eq!(heard["message"]["client_id"], ack["client_id"]);
    }
    // The same key again is the same message.
    let again = json!({ "type": "chat_message", "conversation_id": room, "content": "three", "temp_id": uuid });
    ana.says(again).await;
    let first = tom_has_three(&school, room).await;
    assert_eq!(ana.until("ack").await["message_id"], first);

    let refused = json!({ "type": "chat_message", "conversation_id": room, "content": " ", "temp_id": "empty" });
    ana.says(refused).await;
    let error = ana.until("error").await;
    assert_eq!(error["temp_id"], "empty");
    let elsewhere = json!({ "type": "chat_message", "conversation_id": 9_999, "content": "x", "temp_id": "far", "ref": "r" });
    ana.says(elsewhere).await;
    let error = ana.until("error").await;
    assert_eq!(
        (&error["code"], &error["temp_id"], &error["ref"]),
        (&json!("not_found"), &json!("far"), &json!("r"))
    );
}

/// There are three messages; answers the last one's id.
async fn tom_has_three(school: &School, room: i64) -> Value {
    let path = format!("conversations/{room}/messages/");
    let page = school.tom.reads(&path).await;
    let rows = page["results"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "{page}");
    let last = rows.iter().find(|row| row["content"] == "three").unwrap();
    last["id"].clone()
}

async fn who_uses_these_words_hears_them_too(app: TestApp) {
    let school = School::new(app).await;
    let (room, mut ana, mut tom) = two(&school).await;
    let tom_id = school.tom.own_id().await;
    let say = |text: &str| json!({ "type": "chat_message", "room_id": room, "content": text });
    tom.says(say("Before")).await;
    tom.until("ack").await;
    ana.until("chat_message").await;
    let before = ana.all_until_pong().await;
    assert!(!types(&before).contains(&"new_message_notification"));

    ana.says(json!({ "type": "read_messages", "conversation_id": room }))
        .await;
    let read = tom.until("messages_read").await;
    assert_eq!(read["room_id"], room);

    tom.says(say("After")).await;
    let told = ana.until("new_message_notification").await;
    assert_eq!(
        (&told["conversation_id"], &told["message"]["content"]),
        (&json!(room), &json!("After"))
    );
    assert_eq!(told["message"]["sender_id"], tom_id);
    // Of one's own there is none, and to who does not use the words nothing is said in them.
    ana.says(json!({ "type": "chat_message", "conversation_id": room, "content": "Mine" }))
        .await;
    tom.until("chat_message").await;
    let own = ana.all_until_pong().await;
    assert!(!types(&own).contains(&"new_message_notification"));
    let native = tom.all_until_pong().await;
    for word in ["new_message_notification", "user_status"] {
        assert!(!types(&native).contains(&word), "{native:?}");
    }

    // Typing and presence come without saying where one looks.
    tom.says(json!({ "type": "typing", "room_id": room })).await;
    assert_eq!(ana.until("typing_indicator").await["room_id"], room);
    tom.says(json!({ "type": "presence", "status": "busy" }))
        .await;
    let mut status = ana.until("user_status").await;
    while status["user_id"] != tom_id || status["status"] != "busy" {
        status = ana.until("user_status").await;
    }
}

async fn the_socket_of_everything_speaks_as_the_contract_has_it(app: TestApp) {
    let school = School::new(app).await;
    let (room, mut ana, mut tom) = two(&school).await;
    let mut direct = Client::of_all_in_s4(&school.ana).await;
    let hello = direct.until("hello").await;
    let row = hello["rooms"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["room_id"] == room);
    let row = row.unwrap();
    assert_eq!(
        (&row["unread_count"], &row["mention_count"]),
        (&json!(0), &json!(0))
    );
    let (mut told, tom_id) = (Vec::new(), school.tom.own_id().await);
    while !told.contains(&tom_id) {
        let status = direct.until("user_status").await;
        assert!(
            ["online", "away", "busy", "offline"].contains(&status["status"].as_str().unwrap()),
            "{status}"
        );
        told.push(status["user_id"].as_i64().unwrap());
    }
    // S3's clients leave the type out.
    tom.says(json!({ "message": "See *this*", "room_id": room.to_string() }))
        .await;
    let ack = tom.until("ack").await;
    assert_eq!(ack["temp_id"], Value::Null);
    for client in [&mut ana, &mut direct] {
        let frame = client.until("chat_message").await;
        let message = &frame["message"];
        assert_eq!(
            (
                &message["sender_id"],
                &message["sender_type"],
                &message["message_type"]
            ),
            (&json!(tom_id), &json!("teacher"), &json!("text"))
        );
        assert!(
            message["html"].as_str().unwrap().contains("See"),
            "{message}"
        );
    }
    let told = direct.until("new_message_notification").await;
    assert_eq!(told["message"]["id"], ack["message_id"]);
}

async fn nothing_is_read_or_sent_where_one_is_not(app: TestApp) {
    let school = School::new(app).await;
    let (room, _ana, mut tom) = two(&school).await;
    let mut ben = Client::tries(&school.ben, "").await.unwrap();
    for kind in ["read_messages", "typing", "chat_message", "private_message"] {
        let frame = json!({ "type": kind, "conversation_id": room, "content": "x", "ref": kind, "sender_id": 1 });
        ben.says(frame).await;
        let error = ben.until("error").await;
        assert_eq!(
            (&error["code"], &error["ref"]),
            (&json!("not_found"), &json!(kind))
        );
    }
    for nonsense in [
        json!({ "type": "read_messages" }),
        json!({ "type": "chat_message", "conversation_id": {}, "content": "x" }),
        json!({ "type": "chat_message", "conversation_id": null, "temp_id": [], "content": "x" }),
        json!({ "conversation_id": room }),
    ] {
        ben.says(nonsense).await;
        let error = ben.until("error").await;
        assert!(
            ["malformed", "unknown_type"].contains(&error["code"].as_str().unwrap()),
            "{error}"
        );
    }
    let heard = tom.all_until_pong().await;
    for word in ["chat_message", "messages_read", "typing_indicator"] {
        assert!(!types(&heard).contains(&word), "{heard:?}");
    }
}

on_both_databases!(
    a_message_is_answered_by_what_its_sender_calls_it,
    who_uses_these_words_hears_them_too,
    the_socket_of_everything_speaks_as_the_contract_has_it,
    nothing_is_read_or_sent_where_one_is_not,
);
