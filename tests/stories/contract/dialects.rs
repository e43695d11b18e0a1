//! S2: the sockets of its rooms and of its private threads, in its words.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    School, body,
    socket::{Client, refusal},
};
use crate::{app::TestApp, on_both_databases};

/// The types of these frames.
fn types(frames: &[Value]) -> Vec<&str> {
    frames
        .iter()
        .map(|frame| frame["type"].as_str().unwrap())
        .collect()
}

async fn a_rooms_socket_tells_who_comes_asks_and_goes(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let room = tom.makes(json!({ "name": "Board", "public": false })).await;
    let (mut host, recent) = Client::at(tom, "rooms/", room).await;
    assert_eq!(recent["messages"].as_array().unwrap().len(), 1);
    let (mut plain, _) = Client::of(tom, room).await;
    let ask = format!("rooms/{room}/join-request/");
    let request = body(ana.writes(&ask, json!({ "note": "Please" })).await, 201).await;
    let received = host.until("join_request_received").await;
    assert_eq!(
        (&received["room_id"], &received["request"]),
        (&json!(room), &request)
    );
    assert_eq!(received["pending_count"], 1);

    host.says(json!({ "type": "approve_join", "request_id": request["id"] }))
        .await;
    let joined = host.until("user_joined").await;
    assert_eq!(
        (&joined["user_id"], &joined["user"]["name"]),
        (&request["user"]["id"], &json!("ana"))
    );
    assert_eq!(
        (&joined["seq"], &joined["participant_count"]),
        (&json!(2), &json!(2))
    );
    let (mut member, _) = Client::at(ana, "rooms/", room).await;
    member.says(json!({ "type": "typing" })).await;
    let typing = host.until("typing").await;
    assert_eq!(
        (&typing["sender_name"], &typing["is_typing"]),
        (&json!("ana"), &json!(true))
    );
    member
        .says(json!({ "type": "chat_message", "message": "Hello" }))
        .await;
    assert_eq!(
        host.until("chat_message").await["message"]["content"],
        "Hello"
    );

    // What a member may not do is refused, and nothing happens.
    for command in [
        json!({ "type": "kick_user", "user_id": joined["user_id"], "ref": "a" }),
        json!({ "type": "deny_join", "request_id": request["id"], "ref": "a" }),
    ] {
        member.says(command).await;
        let refused = member.until("error").await;
        assert_eq!(
            (&refused["code"], &refused["ref"]),
            (&json!("forbidden"), &json!("a"))
        );
    }
    member
        .says(json!({ "type": "join_request", "ref": "b" }))
        .await;
    assert_eq!(member.until("error").await["code"], "already_exists");
    host.says(json!({ "type": "kick_user", "ref": "c" })).await;
    assert_eq!(host.until("error").await["code"], "malformed");
    host.says(json!({ "type": "deny_join", "request_id": request["id"] }))
        .await;
    assert_eq!(host.until("error").await["code"], "conflict");

    let second = body(ben.writes(&ask, json!({})).await, 201).await["id"].clone();
    host.says(json!({ "type": "deny_join", "request_id": second }))
        .await;
    assert_eq!(host.until("join_denied").await["request"]["id"], second);
    host.says(json!({ "type": "kick_user", "user_id": joined["user_id"] }))
        .await;
    let left = host.until("user_left").await;
    assert_eq!(
        (&left["user_id"], &left["participant_count"]),
        (&joined["user_id"], &json!(1))
    );
    assert_eq!(host.until("kick_user").await["user_id"], joined["user_id"]);
    assert_eq!(member.closed().await, 4403);
    // Aliases are for their own path.
    let told = plain.all_until_pong().await;
    let told = types(&told);
    assert!(
        told.contains(&"member_joined") && told.contains(&"member_left"),
        "{told:?}"
    );
    for alias in [
        "user_joined",
        "user_left",
        "kick_user",
        "join_request_received",
        "typing",
    ] {
        assert!(!told.contains(&alias), "{alias}");
    }
}

async fn a_private_threads_socket_is_for_the_two(app: TestApp) {
    let school = School::new(app).await;
    let (tom, ana, ben) = (&school.tom, &school.ana, &school.ben);
    let with = json!({ "user_id": tom.own_id().await });
    let thread = body(ana.writes("private-threads/", with).await, 201).await["id"]
        .as_i64()
        .unwrap();
    let (mut first, _) = Client::at(ana, "private/", thread).await;
    let (mut second, _) = Client::at(tom, "private/", thread).await;
    first
        .says(json!({ "type": "private_message", "message": "Only you" }))
        .await;
    let told = second.until("private_message").await;
    assert_eq!(
        (&told["message"]["content"], &told["seq"]),
        (&json!("Only you"), &json!(1))
    );
    first.until("private_message").await;
    second.says(json!({ "type": "typing" })).await;
    assert_eq!(first.until("typing").await["sender_name"], "tom");
    second.says(json!({ "type": "stop_typing" })).await;
    assert_eq!(first.until("stop_typing").await["is_typing"], false);

    let group = tom
        .makes(json!({ "name": "Algebra", "public": true }))
        .await;
    let unknown = refusal(Client::tries(ben, "private/999999/").await);
    assert_eq!(unknown.0, 404);
    for (who, path) in [
        (ben, format!("private/{thread}/")),
        (ben, format!("rooms/{thread}/")),
        (ben, "private/x/".to_owned()),
        (ben, format!("rooms/{group}/")),
        // In it, but it is no thread.
        (tom, format!("private/{group}/")),
    ] {
        assert_eq!(refusal(Client::tries(who, &path).await), unknown, "{path}");
    }
    let archived = ana
        .asks(Method::POST, &format!("rooms/{thread}/archive/"), json!({}))
        .await;
    body(archived, 200).await;
    second
        .says(json!({ "type": "private_message", "message": "x" }))
        .await;
    assert_eq!(second.until("error").await["code"], "archived");
}

on_both_databases!(
    a_rooms_socket_tells_who_comes_asks_and_goes,
    a_private_threads_socket_is_for_the_two,
);
