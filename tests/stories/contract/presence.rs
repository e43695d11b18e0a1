//! S3, S4: presence for programs: one's own, other people's, who is online, who types; and the socket of signs.

use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, ids, socket::Client};
use crate::{app::TestApp, on_both_databases, rest::Program};

const PRESENCE: [&str; 7] = [
    "chosen",
    "current_room",
    "is_online",
    "is_typing",
    "last_seen",
    "status",
    "user_id",
];

fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

impl School {
    /// A room of tom's with ana and ben in it.
    async fn class(&self) -> i64 {
        let what = json!({ "name": "Algebra", "kind": "public" });
        let room = self.tom.makes(what).await;
        for student in [&self.ana, &self.ben] {
            student.does(&format!("rooms/{room}/join/"), 200).await;
        }
        room
    }
}

impl Program {
    async fn status_of(&self, id: i64) -> Value {
        self.reads(&format!("users/{id}/status/")).await
    }
}

async fn ones_own_presence_is_read_and_chosen(app: TestApp) {
    let school = School::new(app).await;
    let ana = &school.ana;
    let id = ana.own_id().await;
    let own = ana.reads("presence/").await;
    assert_eq!(names(&own), PRESENCE);
    assert_eq!(
        (&own["user_id"], &own["status"], &own["chosen"]),
        (&json!(id), &json!("online"), &json!("online")),
        "whoever asks is there"
    );
    for (place, status) in [("/api/chat", "busy"), ("/chat", "away")] {
        let path = format!("{place}/presence/");
        let put = ana.request(Method::PUT, &path);
        let put = put.json(&json!({ "status": status, "user_id": 1 }));
        let chosen = body(put.send().await.unwrap(), 200).await;
        let read = body(ana.gets(&path).await, 200).await;
        assert_eq!(chosen["status"], status);
        assert_eq!(read["status"], status);
    }
    for (said, status) in [
        (json!({ "status": "busy" }), "busy"),
        (json!({ "is_online": true }), "online"),
    ] {
        let told = body(ana.writes("users/status/update/", said).await, 200).await;
        assert_eq!(
            (&told["status"], &told["user_id"]),
            (&json!(status), &json!(id))
        );
    }
    let gone = ana
        .writes("users/status/update/", json!({ "is_online": false }))
        .await;
    let gone = body(gone, 200).await;
    assert_eq!(
        (&gone["status"], &gone["is_online"]),
        (&json!("offline"), &json!(false))
    );
    for said in [
        json!({}),
        json!({ "status": "asleep" }),
        json!({ "status": 3 }),
    ] {
        for (method, path) in [
            (Method::PUT, "presence/"),
            (Method::POST, "users/status/update/"),
        ] {
            let refused = body(ana.asks(method, path, said.clone()).await, 400).await;
            assert!(refused["fields"]["status"].is_array(), "{refused}");
        }
    }
    let odd = json!({ "is_online": "yes" });
    let refused = body(ana.writes("users/status/update/", odd).await, 400).await;
    assert!(refused["fields"]["is_online"].is_array(), "{refused}");
}

async fn people_are_those_whom_one_may_know(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben, nora, tom) = (&school.ana, &school.ben, &school.nora, &school.tom);
    let (ana_id, ben_id) = (ana.own_id().await, ben.own_id().await);
    let (nora_id, tom_id) = (nora.own_id().await, tom.own_id().await);
    let list = ana.reads("users/").await;
    assert_eq!(
        ids(&list["results"]),
        [nora_id],
        "who answers is for everybody"
    );
    assert_eq!(
        names(&list["results"][0]),
        [
            "avatar",
            "id",
            "is_online",
            "last_seen",
            "name",
            "role",
            "status",
            "username"
        ]
    );
    assert_eq!(list["results"][0]["status"], "offline");
    assert_eq!(
        ids(&nora.reads("users/").await["results"]),
        [ana_id, ben_id, tom_id]
    );
    for id in [
        ben_id.to_string(),
        tom_id.to_string(),
        "999999".into(),
        "0".into(),
        "-1".into(),
        "x".into(),
    ] {
        let stranger = ana
            .whole(&Method::GET, &format!("/api/chat/users/{id}/status/"))
            .await;
        let nobody = ana
            .whole(&Method::GET, "/api/chat/users/888888/status/")
            .await;
        assert_eq!(stranger.0, 404);
        assert_eq!(stranger, nobody, "{id}");
    }
    let own = ana.status_of(ana_id).await;
    assert_eq!(
        (&own["status"], own.get("chosen")),
        (&json!("offline"), None),
        "no device is there"
    );

    let room = school.class().await;
    let list = ana.reads("users/").await;
    assert_eq!(ids(&list["results"]), [ben_id, nora_id, tom_id], "by name");
    for search in ["search=BE", "q=be", "search=&q=Ben"] {
        let found = ana.reads(&format!("users/?{search}")).await;
        assert_eq!(
            (ids(&found["results"]), &found["count"]),
            (vec![ben_id], &json!(1))
        );
    }
    let second = ana.reads("users/?page=2&page_size=2").await;
    assert_eq!(
        (ids(&second["results"]), &second["count"]),
        (vec![tom_id], &json!(3))
    );
    assert_eq!(ana.status_of(tom_id).await["last_seen"], Value::Null);

    tom.does(&format!("rooms/{room}/kick/{ana_id}/"), 200).await;
    let gone = ana.gets(&format!("/api/chat/users/{tom_id}/status/")).await;
    assert_eq!(gone.status(), 404);
    // A desk's conversation is something shared too.
    let teacher = json!({ "kind": "private", "name": "Staff" });
    tom.makes(teacher).await;
    ana.own_room().await;
    assert_eq!(nora.status_of(ana_id).await["status"], "offline");
}

async fn who_is_online_is_told_to_those_who_may_know(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let ben_id = ben.own_id().await;
    let room = school.class().await;
    let online = async |who: &Program| ids_of_users(&who.reads("presence/online/").await);
    assert_eq!(online(ana).await, [0_i64; 0]);
    let (mut client, _) = Client::of(ben, room).await;
    assert_eq!(ana.status_of(ben_id).await["status"], "online");
    while online(ana).await != [ben_id] {}
    let row = ana.reads("presence/online/").await["results"][0].clone();
    assert_eq!(row["user"]["username"], "ben");
    assert_eq!(
        (&row["status"], &row["current_room"], &row["is_typing"]),
        (&json!("online"), &json!(room), &json!(false))
    );
    assert!(row["last_seen"].is_string());
    let below_chat = body(ana.gets("/chat/presence/online/").await, 200).await;
    assert_eq!(below_chat["count"], 1);
    // Those who share no room are not told where; who is a stranger is told nothing.
    assert_eq!(
        school.nora.status_of(ben_id).await["current_room"],
        Value::Null
    );
    let dan = school.app.student("dan").await;
    assert!(
        dan.client
            .get(format!("{}/api/chat/presence/online/", dan.base))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("\"count\":0")
    );
    let participants = ana.reads(&format!("rooms/{room}/participants/")).await;
    let presence = |list: &Value, id: i64| {
        let mut rows = list["results"].as_array().unwrap().iter();
        rows.find(|row| row["user_id"] == id).unwrap()["presence"].clone()
    };
    assert_eq!(presence(&participants, ben_id), "online");
    let away = ben.asks(Method::PUT, "presence/", json!({ "status": "away" }));
    body(away.await, 200).await;
    let participants = ana.reads(&format!("rooms/{room}/participants/")).await;
    assert_eq!(presence(&participants, ben_id), "away");
    let hidden = ben.asks(Method::PUT, "presence/", json!({ "status": "offline" }));
    body(hidden.await, 200).await;
    assert_eq!(online(ana).await, [0_i64; 0]);
    assert_eq!(ana.status_of(ben_id).await["status"], "offline");
    assert_eq!(ana.status_of(ben_id).await["current_room"], Value::Null);
    client.all_until_pong().await;
}

fn ids_of_users(list: &Value) -> Vec<i64> {
    let rows = list["results"].as_array().unwrap().iter();
    rows.map(|row| row["user_id"].as_i64().unwrap()).collect()
}

async fn who_types_is_told_to_those_in_the_room(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let room = school.class().await;
    let (mut client, _) = Client::of(ben, room).await;
    client.says(json!({ "type": "typing" })).await;
    client.all_until_pong().await;
    let path = format!("presence/typing/?room={room}");
    let told = ana.reads(&path).await;
    assert_eq!(told["count"], 1);
    assert_eq!(
        told["results"][0],
        json!({ "room_id": room, "user_id": ben.own_id().await, "sender_name": "ben", "is_typing": true })
    );
    assert_eq!(ben.reads(&path).await["count"], 0, "others alone");
    client.says(json!({ "type": "stop_typing" })).await;
    client.all_until_pong().await;
    assert_eq!(ana.reads(&path).await["count"], 0);
    assert_eq!(ana.gets("/api/chat/presence/typing/").await.status(), 400);
    let own = school
        .nora
        .makes(json!({ "name": "Own", "kind": "private" }))
        .await;
    let foreign = ana
        .whole(
            &Method::GET,
            &format!("/api/chat/presence/typing/?room={own}"),
        )
        .await;
    for unknown in ["999999", "x"] {
        let unknown = format!("/api/chat/presence/typing/?room={unknown}");
        assert_eq!(ana.whole(&Method::GET, &unknown).await, foreign);
    }
    assert_eq!(foreign.0, 404);
}

async fn the_socket_of_signs_carries_presence_and_typing_alone(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (&school.ana, &school.ben);
    let (ana_id, ben_id) = (ana.own_id().await, ben.own_id().await);
    let room = school.class().await;
    let mut signs = Client::of_signs(ana).await.unwrap();
    let mut told = Vec::new();
    while told.len() < 4 {
        let frame = signs.until("presence").await;
        told.push(frame["user_id"].as_i64().unwrap());
    }
    told.sort_unstable();
    let mut all = vec![
        ana_id,
        ben_id,
        school.nora.own_id().await,
        school.tom.own_id().await,
    ];
    all.sort_unstable();
    assert_eq!(told, all, "oneself, and whom one knows");
    let (mut client, _) = Client::of(ben, room).await;
    let frame = signs.until("presence").await;
    assert_eq!(
        (&frame["user_id"], &frame["status"]),
        (&json!(ben_id), &json!("online"))
    );
    client.says(json!({ "type": "typing" })).await;
    let frame = signs.until("typing_indicator").await;
    assert_eq!(
        (&frame["room_id"], &frame["sender_name"]),
        (&json!(room), &json!("ben"))
    );
    client
        .says(json!({ "type": "chat_message", "message": "Not a sign" }))
        .await;
    client.until("ack").await;
    signs
        .says(json!({ "type": "presence", "status": "busy" }))
        .await;
    let frame = signs.until("presence").await;
    assert_eq!(
        (&frame["user_id"], &frame["status"]),
        (&json!(ana_id), &json!("busy"))
    );
    for kind in ["chat_message", "resume", "hello", "mark_read"] {
        let command = json!({ "type": kind, "ref": kind, "room_id": room, "content": "x", "read_seq": 1, "epoch": "", "rooms": [] });
        signs.says(command).await;
        let frame = signs.until("error").await;
        assert_eq!(
            (&frame["code"], &frame["ref"]),
            (&json!("unknown_type"), &json!(kind))
        );
    }
    for frame in signs.all_until_pong().await {
        let kind = frame["type"].as_str().unwrap();
        assert!(["presence", "typing_indicator"].contains(&kind), "{frame}");
    }
    let nobody = Program::without_tokens(&school.app);
    assert!(Client::of_signs(&nobody).await.is_err());
}

on_both_databases!(
    ones_own_presence_is_read_and_chosen,
    people_are_those_whom_one_may_know,
    who_is_online_is_told_to_those_who_may_know,
    who_types_is_told_to_those_in_the_room,
    the_socket_of_signs_carries_presence_and_typing_alone,
);
