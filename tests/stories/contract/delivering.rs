//! S0, S1: what has come, on the socket of one room and in what a program reads of its own messages.

use serde_json::{Value, json};

use super::{School, socket::Client};
use crate::{app::TestApp, on_both_databases, rest::Program};

async fn a_socket_of_one_room_hears_which_messages_have_come(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let elsewhere = school.ben.own_room().await;
    let first = school.ana.says(room, "one").await;
    let (mut ana, _) = Client::of(&school.ana, room).await;
    let (mut nora, _) = Client::of(&school.nora, room).await;
    let second = school.ana.says(room, "two").await;
    school.nora.says(room, "three").await;
    let nora_id = &school.nora.own_id().await;

    // Of another room nothing is told here, and nothing is taken.
    let other = school.ben.says(elsewhere, "here").await;
    let ids = json!([first["id"], other["id"]]);
    nora.says(json!({ "type": "delivered", "message_ids": ids }))
        .await;
    let told = ana.until("messages_delivered").await;
    let expected = json!({
        "type": "messages_delivered", "room_id": room, "user_id": nora_id, "read_seq": 1,
        "message_ids": [first["id"]],
    });
    assert_eq!(told, expected);
    // By place, beyond the end: not what the one to whom it came has written.
    nora.says(json!({ "type": "delivered", "read_seq": 99 }))
        .await;
    let told = ana.until("messages_delivered").await;
    assert_eq!(
        (&told["read_seq"], &told["user_id"]),
        (&json!(3), &json!(nora_id))
    );
    assert_eq!(told["message_ids"], json!([first["id"], second["id"]]));
    let rows = school
        .ben
        .reads(&format!("rooms/{elsewhere}/messages/"))
        .await;
    assert_eq!(rows["results"][0]["status"], "sent");
    for wrong in [
        json!({ "type": "delivered" }),
        json!({ "type": "delivered", "message_ids": "all" }),
    ] {
        nora.says(wrong).await;
        assert_eq!(nora.until("error").await["code"], "malformed");
    }
}

async fn who_comes_back_to_a_socket_of_one_room_is_told_what_has_come(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let (mut before, _) = Client::of(&school.nora, room).await;
    let sent = school.ana.says(room, "one").await;
    before
        .says(json!({ "type": "delivered", "message_ids": [sent["id"]] }))
        .await;
    before.until("messages_delivered").await;
    let (mut ana, _) = Client::of(&school.ana, room).await;
    let epoch = &school.app.services.epoch.0;
    let rooms = json!([{ "room_id": room, "since": 0 }]);
    ana.says(json!({ "type": "resume", "epoch": epoch, "rooms": rooms }))
        .await;
    let told = ana.until("messages_delivered").await;
    assert_eq!(told["message_ids"], json!([sent["id"]]));
}

async fn how_far_ones_own_messages_have_come_is_said_to_oneself(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let path = format!("rooms/{room}/messages/");
    let state = async |who: &Program| -> [Value; 3] {
        let list = who.reads(&path).await;
        let row = &list["results"][0];
        ["is_delivered", "status", "is_read"].map(|name| row[name].clone())
    };
    let question = school.ana.says(room, "question").await;
    let (mut desk, _) = Client::of(&school.nora, room).await;
    assert_eq!(
        state(&school.ana).await,
        [json!(false), json!("sent"), json!(false)]
    );
    desk.says(json!({ "type": "delivered", "message_ids": [question["id"]] }))
        .await;
    desk.until("messages_delivered").await;
    let delivered = [json!(true), json!("delivered"), json!(false)];
    assert_eq!(state(&school.ana).await, delivered);
    // So does the list of rooms say, and the socket.
    let rooms = school.ana.reads("rooms/").await;
    assert_eq!(rooms["results"][0]["last_message"]["status"], "delivered");
    let (_, recent) = Client::of(&school.ana, room).await;
    assert_eq!(recent["messages"][0]["status"], "delivered");
    let others = [Value::Null, Value::Null, json!(false)];
    assert_eq!(state(&school.nora).await, others, "it is not hers");
    desk.says(json!({ "type": "mark_read", "message_ids": [question["id"]] }))
        .await;
    desk.until("messages_read").await;
    assert_eq!(
        state(&school.ana).await,
        [json!(true), json!("read"), json!(true)]
    );
}

on_both_databases!(
    a_socket_of_one_room_hears_which_messages_have_come,
    who_comes_back_to_a_socket_of_one_room_is_told_what_has_come,
    how_far_ones_own_messages_have_come_is_said_to_oneself,
);
