//! S0: the socket of one room, in that system's words.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use quad::model::{Role, RoomId, SupportChange, SupportStatus, UserId, permission::Actor};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, client::IntoClientRequest, protocol::Message as Frame},
};

use super::{School, body};
use crate::{
    app::{TestApp, tries_socket_with},
    on_both_databases,
    rest::Program,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one room.
pub struct Client {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub async fn tries(who: &Program, path: &str) -> Result<Self, tungstenite::Error> {
        let url = format!("ws://{}/ws/chat/{path}?token={}", who.addr, who.access);
        let (stream, _) = connect_async(url).await?;
        Ok(Self { stream })
    }

    /// One of everything, which says in its address that it speaks S4's words.
    pub async fn of_all_in_s4(who: &Program) -> Self {
        let url = format!("ws://{}/ws/chat/?compat=s4&token={}", who.addr, who.access);
        let (stream, _) = connect_async(url).await.unwrap();
        Self { stream }
    }

    /// One that is told of presence and typing alone.
    pub async fn of_signs(who: &Program) -> Result<Self, tungstenite::Error> {
        let url = format!("ws://{}/ws/presence/?token={}", who.addr, who.access);
        let (stream, _) = connect_async(url).await?;
        Ok(Self { stream })
    }

    /// One that is in, and what it was told first.
    pub async fn of(who: &Program, room: i64) -> (Self, Value) {
        Self::at(who, "", room).await
    }

    /// The same, at one of the places where there are such sockets.
    pub async fn at(who: &Program, place: &str, room: i64) -> (Self, Value) {
        let path = format!("{place}{room}/");
        let mut client = Self::tries(who, &path).await.unwrap();
        let established = client.next().await;
        assert_eq!(established["type"], "connection_established");
        assert_eq!(established["room_id"], room);
        assert!(established["connection_id"].is_string());
        assert!(established["timestamp"].is_string());
        let recent = client.next().await;
        assert_eq!(recent["type"], "recent_messages");
        (client, recent)
    }

    pub async fn says(&mut self, frame: Value) {
        self.says_text(&frame.to_string()).await;
    }

    async fn says_text(&mut self, text: &str) {
        self.stream.send(Frame::text(text)).await.unwrap();
    }

    async fn frame(&mut self) -> Frame {
        let frame = tokio::time::timeout(PATIENCE, self.stream.next()).await;
        frame.expect("a frame in time").unwrap().unwrap()
    }

    async fn next(&mut self) -> Value {
        loop {
            match self.frame().await {
                Frame::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
                Frame::Ping(_) | Frame::Pong(_) => {}
                other => panic!("expected a frame of text, got {other:?}"),
            }
        }
    }

    /// Reads on to the next frame of that type.
    pub async fn until(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Everything up to the answer to a `ping`; but what comes on a tick.
    pub async fn all_until_pong(&mut self) -> Vec<Value> {
        self.says(json!({ "type": "ping" })).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            match frame["type"].as_str().unwrap() {
                "pong" => return frames,
                "unread" => {}
                _ => frames.push(frame),
            }
        }
    }

    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Frame::Close(frame) = self.frame().await {
                return frame.unwrap().code.into();
            }
        }
    }
}

pub fn refusal(tried: Result<Client, tungstenite::Error>) -> (u16, Vec<u8>) {
    match tried {
        Err(tungstenite::Error::Http(answer)) => {
            let status = answer.status().as_u16();
            (status, answer.into_body().unwrap_or_default())
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the socket was opened"),
    }
}

async fn two_people_talk_in_the_words_of_the_seed(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let first = school.ana.says(room, "Hello?").await;
    let (mut nora, recent) = Client::of(&school.nora, room).await;
    assert_eq!(recent["messages"][0]["id"], first["id"]);
    assert_eq!(recent["messages"][0]["sender_type"], "student");
    let (mut ana, recent) = Client::of(&school.ana, room).await;
    assert_eq!(recent["messages"].as_array().unwrap().len(), 1);

    // Who it is from, the session says.
    let claimed = json!({
        "type": "chat_message", "message": "Yes?", "sender_type": "student", "sender_id": 1, "sender_name": "Eve",
        "ref": "r1",
    });
    nora.says(claimed).await;
    let heard = ana.until("chat_message").await;
    let message = &heard["message"];
    assert_eq!(
        (&message["content"], &message["sender_name"]),
        (&json!("Yes?"), &json!("nora"))
    );
    assert_eq!(
        (&message["sender_type"], &message["is_read"]),
        (&json!("admin"), &json!(false))
    );
    assert_eq!(
        (&heard["room_id"], &heard["seq"]),
        (&json!(room), &json!(2))
    );
    // The sender hears it too, and that it is durable, in whatever order.
    let (mut own, mut ack) = (Value::Null, Value::Null);
    while own.is_null() || ack.is_null() {
        let frame = nora.next().await;
        match frame["type"].as_str().unwrap() {
            "chat_message" => own = frame,
            "ack" => ack = frame,
            _ => {}
        }
    }
    assert_eq!(own["message"]["id"], message["id"]);
    assert_eq!(
        (&ack["ref"], &ack["message_id"]),
        (&json!("r1"), &message["id"])
    );

    ana.says(json!({ "type": "typing", "sender_name": "Eve", "is_typing": true }))
        .await;
    let typing = nora.until("typing_indicator").await;
    assert_eq!(
        (&typing["sender_name"], &typing["is_typing"]),
        (&json!("ana"), &json!(true))
    );
    ana.says(json!({ "type": "stop_typing" })).await;
    assert_eq!(nora.until("typing_indicator").await["is_typing"], false);

    ana.says(json!({ "type": "mark_read", "message_ids": [message["id"]] }))
        .await;
    let read = nora.until("messages_read").await;
    assert_eq!(
        read["message_ids"],
        json!([message["id"]]),
        "not the reader's own"
    );
    assert_eq!(
        (&read["read_seq"], &read["room_id"]),
        (&json!(2), &json!(room))
    );
    nora.says(json!({ "type": "mark_read", "read_seq": 2 }))
        .await;
    // Her own reading first.
    assert_eq!(ana.until("messages_read").await, read);
    let read = ana.until("messages_read").await;
    assert_eq!(read["message_ids"], json!([first["id"]]));
}

async fn a_sign_of_life_is_answered_with_the_time(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let (mut ana, _) = Client::of(&school.ana, room).await;
    for (sent, answered) in [("ping", "pong"), ("heartbeat", "heartbeat_ack")] {
        ana.says(json!({ "type": sent })).await;
        let answer = ana.next().await;
        assert_eq!(answer["type"], answered);
        assert!(answer["timestamp"].as_str().unwrap().ends_with('Z'));
    }
}

async fn nonsense_is_told_to_its_sender_alone(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let other = school.ben.own_room().await;
    let (mut ana, _) = Client::of(&school.ana, room).await;
    let (mut nora, _) = Client::of(&school.nora, room).await;
    for (text, code) in [
        ("{", "INVALID_JSON"),
        ("nonsense", "INVALID_JSON"),
        ("[]", "malformed"),
        ("{}", "malformed"),
        (
            r#"{"type":"recent_messages","messages":[]}"#,
            "unknown_type",
        ),
        (
            r#"{"type":"typing_indicator","is_typing":true}"#,
            "unknown_type",
        ),
        (r#"{"type":"hello"}"#, "unknown_type"),
        (r#"{"type":"chat_message"}"#, "malformed"),
        (r#"{"type":"chat_message","message":" "}"#, "invalid"),
        (r#"{"type":"mark_read"}"#, "malformed"),
    ] {
        ana.says_text(text).await;
        let error = ana.next().await;
        assert_eq!(
            (&error["type"], &error["code"]),
            (&json!("error"), &json!(code)),
            "{text}"
        );
        assert!(error["detail"].is_string());
    }
    // Nora might write to the other room, but not through this one.
    nora.says(json!({ "type": "chat_message", "message": "x", "room_id": other, "ref": "a" }))
        .await;
    let refused = nora.next().await;
    assert_eq!(
        (&refused["code"], &refused["ref"]),
        (&json!("not_found"), &json!("a"))
    );
    assert_eq!(nora.all_until_pong().await, Vec::<Value>::new());
    ana.stream.send(Frame::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(ana.next().await["code"], "INVALID_JSON");
    assert_eq!(
        school.ben.reads(&format!("rooms/{other}/messages/")).await["count"],
        0
    );
    // A hundred in a row are borne, with the two above.
    for _ in 0..99 {
        ana.says_text("{").await;
    }
    assert_eq!(ana.closed().await, 1008);
}

async fn a_room_that_is_not_yours_is_not_there(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let unknown = refusal(Client::tries(&school.ben, "999999/").await);
    assert_eq!(unknown.0, 404);
    for outsider in [&school.ben, &school.tom] {
        for path in [
            format!("{room}/"),
            room.to_string(),
            "x/".to_owned(),
            "-1/".to_owned(),
            "%2B1/".to_owned(),
        ] {
            assert_eq!(
                refusal(Client::tries(outsider, &path).await),
                unknown,
                "{path}"
            );
        }
    }
    let mut nobody = school.ana.clone();
    nobody.access = "nonsense".to_owned();
    assert_eq!(
        refusal(Client::tries(&nobody, &format!("{room}/")).await).0,
        401
    );
    // By the cookie, from a page of ours alone.
    let page = school.app.student("cleo").await;
    let cookie = format!("quad_session={}", page.session);
    let id = page.opens_support().await.id();
    for (origin, expected) in [
        (page.base.as_str(), None),
        ("https://elsewhere.example", Some(403)),
    ] {
        let mut request = format!("ws://{}/ws/chat/{id}/", school.app.addr)
            .into_client_request()
            .unwrap();
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        request
            .headers_mut()
            .insert("cookie", cookie.parse().unwrap());
        let tried = connect_async(request)
            .await
            .map(|(stream, _)| Client { stream });
        match expected {
            None => assert!(tried.is_ok()),
            Some(status) => assert_eq!(refusal(tried).0, status),
        }
    }
}

async fn one_rooms_socket_tells_of_that_room_alone(app: TestApp) {
    let school = School::new(app).await;
    let (ana, ben) = (school.ana.own_room().await, school.ben.own_room().await);
    let (mut nora, _) = Client::of(&school.nora, ana).await;
    school.ben.says(ben, "elsewhere").await;
    body(
        school
            .nora
            .writes("mark-read/", json!({ "room_id": ben }))
            .await,
        200,
    )
    .await;
    school.tom.own_room().await;
    assert_eq!(nora.all_until_pong().await, Vec::<Value>::new());
    school.ana.says(ana, "here").await;
    let heard = nora.all_until_pong().await;
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0]["message"]["content"], "here");
    // What others have to read is told on a tick, since these clients do not count.
    let unread = nora.until("unread").await;
    assert_eq!(
        unread,
        json!({ "type": "unread", "room_id": ana, "unread_count": 1, "mention_count": 0, "total": 1 })
    );
}

async fn what_was_missed_is_told_again(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let first = school.ana.says(room, "one").await;
    let mut nora = Client::tries(&school.nora, &format!("{room}/"))
        .await
        .unwrap();
    let epoch = nora.next().await["epoch"].clone();
    drop(nora);
    school.ana.says(room, "two").await;
    school.ana.says(room, "three").await;
    let (mut nora, recent) = Client::of(&school.nora, room).await;
    assert_eq!(recent["seq"], 3);
    nora.says(json!({ "type": "resume", "epoch": epoch, "rooms": [{ "since": first["seq"] }] }))
        .await;
    let told = nora.all_until_pong().await;
    let messages = told.iter().filter(|frame| frame["type"] == "chat_message");
    let contents: Vec<_> = messages.map(|frame| &frame["message"]["content"]).collect();
    assert_eq!(contents, ["two", "three"]);
    let caught_up = json!({ "type": "caught_up", "room_id": room, "seq": 3 });
    assert_eq!(told.last(), Some(&caught_up));
    for wrong in [
        json!({ "epoch": "another", "since": 1 }),
        json!({ "epoch": epoch, "since": 99 }),
    ] {
        let rooms = json!([{ "since": wrong["since"] }]);
        nora.says(json!({ "type": "resume", "epoch": wrong["epoch"], "rooms": rooms }))
            .await;
        assert_eq!(
            nora.next().await,
            json!({ "type": "reset", "room_id": room })
        );
    }
}

async fn it_hears_what_the_native_client_does_and_the_other_way_round(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let (mut seed, _) = Client::of(&school.ana, room).await;
    let query = format!("?token={}", school.nora.access);
    let mut native = tries_socket_with(school.app.addr, &query, &[])
        .await
        .unwrap();
    native.all_until_pong().await;
    native.says(RoomId(room), "from our own page").await;
    assert_eq!(
        seed.until("chat_message").await["message"]["content"],
        "from our own page"
    );
    seed.says(json!({ "message": "without a type" })).await;
    let heard = native.message().await;
    let heard = if heard.content == "without a type" {
        heard
    } else {
        native.message().await
    };
    assert_eq!(
        (heard.content.as_str(), heard.sender.name.as_str()),
        ("without a type", "ana")
    );
    // What is for those who answer alone is a place and no more.
    let change = SupportChange::Status(SupportStatus::Resolved);
    let actor = Actor {
        id: id_of(&school.nora).await,
        role: Role::Agent,
    };
    school
        .app
        .services
        .triage(actor, RoomId(room), change)
        .await
        .unwrap();
    let skip = seed.until("skip").await;
    assert_eq!(
        skip,
        json!({ "type": "skip", "room_id": room, "from": 3, "to": 3 })
    );
}

async fn id_of(who: &Program) -> UserId {
    let me = body(who.gets("/api/auth/me/").await, 200).await;
    UserId(me["id"].as_i64().unwrap())
}

async fn an_ended_session_closes_it(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let (mut ana, _) = Client::of(&school.ana, room).await;
    let sessions = school.ana.sessions().await;
    let current = sessions
        .iter()
        .find(|session| session["is_current"] == true)
        .unwrap();
    let path = format!("/api/auth/sessions/{}/", current["id"]);
    assert_eq!(school.ana.deletes(&path).await.status(), 204);
    assert_eq!(ana.closed().await, 4401);
}

async fn another_node_tells_its_sockets_too(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    let node = school.app.second_node().await;
    let mut there = school.nora.clone();
    there.addr = node.addr;
    let (mut nora, _) = Client::of(&there, room).await;
    school.ana.says(room, "here").await;
    let heard = nora.until("chat_message").await;
    assert_eq!(
        (&heard["message"]["content"], &heard["seq"]),
        (&json!("here"), &json!(1))
    );
}

on_both_databases!(
    two_people_talk_in_the_words_of_the_seed,
    a_sign_of_life_is_answered_with_the_time,
    nonsense_is_told_to_its_sender_alone,
    a_room_that_is_not_yours_is_not_there,
    one_rooms_socket_tells_of_that_room_alone,
    what_was_missed_is_told_again,
    it_hears_what_the_native_client_does_and_the_other_way_round,
    an_ended_session_closes_it,
    another_node_tells_its_sockets_too,
);
