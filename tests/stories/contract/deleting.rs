//! S0, S2, S3, S4: one message by its id, and its deletion, by every address and on the sockets of one room.

use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, socket::Client};
use crate::{app::TestApp, on_both_databases, rest::Program};

impl Program {
    async fn removes(&self, path: &str) -> u16 {
        let request = self.request(Method::DELETE, &format!("/api/chat/{path}"));
        request.send().await.unwrap().status().as_u16()
    }
}

fn is_gone(message: &Value) {
    assert_eq!(
        (&message["content"], &message["html"]),
        (&json!(""), &json!(""))
    );
    assert_eq!(
        (&message["is_deleted"], &message["deleted"]),
        (&json!(true), &json!(true))
    );
}

async fn a_message_is_read_and_deleted_by_its_id(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let (mut client, _) = Client::of(&school.nora, room).await;
    for place in [
        "messages/ID/",
        "messages/ID/delete/",
        "private-messages/ID/",
    ] {
        let sent = school.ana.says(room, "Hello").await;
        let id = sent["id"].to_string();
        let shown = school.ana.reads(&format!("messages/{id}/")).await;
        assert_eq!(
            (&shown["id"], &shown["content"]),
            (&sent["id"], &json!("Hello"))
        );
        let place = place.replace("ID", &id);
        assert_eq!(school.nora.removes(&place).await, 403, "{place}");
        assert_eq!(school.ana.removes(&place).await, 204, "{place}");
        assert_eq!(school.ana.removes(&place).await, 204, "again");
        let told = client.until("message_deleted").await;
        assert_eq!(
            (&told["message"]["id"], &told["room_id"]),
            (&sent["id"], &json!(room))
        );
        is_gone(&told["message"]);
        is_gone(&school.ana.reads(&format!("messages/{id}/")).await);
    }
    let list = school.ana.reads(&format!("rooms/{room}/messages/")).await;
    assert_eq!(list["count"], 3, "each keeps its place");
    list["results"].as_array().unwrap().iter().for_each(is_gone);
}

async fn s0_deletes_by_a_body(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let sent = school.ana.says(room, "Hello").await;
    let what = json!({ "message_id": sent["id"], "user_id": 1, "user_type": "admin" });
    let refused = body(
        school.nora.writes("delete-message/", what.clone()).await,
        403,
    )
    .await;
    assert_eq!(refused["code"], "forbidden");
    let deleted = body(school.ana.writes("delete-message/", what).await, 200).await;
    assert_eq!(deleted["success"], true);
    is_gone(&deleted["message"]);
    for wrong in [
        json!({}),
        json!({ "message_id": "x" }),
        json!({ "message_id": [1] }),
    ] {
        let refused = body(school.ana.writes("delete-message/", wrong).await, 400).await;
        assert!(refused["fields"]["message_id"].is_array(), "{refused}");
    }
}

async fn what_one_may_not_see_is_not_there(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let id = school.ana.says(room, "Hello").await["id"].to_string();
    for place in [
        "messages/ID/",
        "messages/ID/delete/",
        "private-messages/ID/",
    ] {
        for method in [Method::GET, Method::DELETE] {
            let path = |id: &str| format!("/api/chat/{}", place.replace("ID", id));
            let foreign = school.ben.whole(&method, &path(&id)).await;
            for unknown in ["999999", "x", "-1", "99999999999999999999"] {
                assert_eq!(foreign, school.ben.whole(&method, &path(unknown)).await);
            }
            assert!(
                matches!(foreign.0, 404 | 405),
                "{method} {place}: {}",
                foreign.0
            );
        }
    }
}

async fn a_rooms_socket_deletes_in_its_own_room_alone(app: TestApp) {
    let school = School::new(app).await;
    let room = school
        .tom
        .makes(json!({ "name": "Algebra", "public": true }))
        .await;
    let other = school
        .tom
        .makes(json!({ "name": "Geometry", "public": true }))
        .await;
    let (inside, outside) = (
        school.tom.says(room, "a").await,
        school.tom.says(other, "b").await,
    );
    let (mut client, _) = Client::at(&school.tom, "rooms/", room).await;
    let command = |id: &Value| json!({ "type": "delete_message", "message_id": id, "ref": "r" });
    client.says(command(&outside["id"])).await;
    let refused = client.until("error").await;
    assert_eq!(
        (&refused["code"], &refused["ref"]),
        (&json!("not_found"), &json!("r"))
    );
    client.says(command(&inside["id"])).await;
    is_gone(&client.until("message_deleted").await["message"]);
}

on_both_databases!(
    a_message_is_read_and_deleted_by_its_id,
    s0_deletes_by_a_body,
    what_one_may_not_see_is_not_there,
    a_rooms_socket_deletes_in_its_own_room_alone,
);
