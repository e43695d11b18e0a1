//! Internal notes for programs: whoever answers writes and reads them; whose conversation it is finds nothing of them on
//! any path.

use reqwest::Method;
use serde_json::{Value, json};

use super::{School, body, ids, socket::Client};
use crate::{app::TestApp, on_both_databases, rest::Program};

/// What stands in every note here, and in nothing else.
const SECRET: &str = "between us";

impl Program {
    /// Writes an internal note.
    async fn notes(&self, room: i64, text: &str) -> Value {
        let path = format!("rooms/{room}/messages/");
        let note = json!({ "content": text, "audience": "staff" });
        body(self.writes(&path, note).await, 201).await
    }
}

/// Every path below which something of a room is read.
fn paths(room: i64) -> Vec<String> {
    let mut paths = vec![
        "rooms/".to_owned(),
        "conversations/?unread_only=true".to_owned(),
        "rooms/?search=ana".to_owned(),
        format!("rooms/{room}/"),
        "conversation/".to_owned(),
        "conversations/".to_owned(),
        format!("conversations/{room}/"),
        format!("conversations/{room}/unread-count/"),
        "unread-count/".to_owned(),
        "notifications/".to_owned(),
    ];
    for shelf in ["rooms", "conversations"] {
        for part in [
            "",
            "?page_size=1",
            "?after=0",
            "?before=99",
            "?page=2&page_size=1",
        ] {
            paths.push(format!("{shelf}/{room}/messages/{part}"));
        }
    }
    paths
}

/// Nothing that somebody reads anywhere holds a note, nor the word for whom it is.
async fn finds_nothing(who: &Program, room: i64) {
    for path in paths(room) {
        let answer = who.reads(&path).await.to_string();
        assert!(!answer.contains(SECRET), "{path}: {answer}");
        assert!(!answer.contains("audience"), "{path}: {answer}");
    }
}

async fn whose_conversation_it_is_finds_nothing_of_a_note_on_any_path(app: TestApp) {
    let school = School::new(app).await;
    let (ana, nora) = (&school.ana, &school.nora);
    let room = ana.own_room().await;
    let question = ana.says(room, "When?").await;
    let (mut widget, _) = Client::of(ana, room).await;
    let note = nora.notes(room, SECRET).await;
    assert_eq!(note["audience"], "staff");
    finds_nothing(ana, room).await;
    // Live there was something, and no more.
    let told = widget.all_until_pong().await;
    let skip = json!({ "type": "skip", "room_id": room, "from": 2, "to": 2 });
    assert_eq!(told, [skip]);
    let (_, recent) = Client::of(ana, room).await;
    assert_eq!(recent["messages"][0]["id"], question["id"]);
    assert_eq!(recent["messages"].as_array().unwrap().len(), 1);
    assert_eq!(recent["seq"], 2);
    let resume = json!({ "type": "resume", "epoch": "", "rooms": [{ "since": 0 }] });
    widget.says(resume).await;
    let resumed = widget.all_until_pong().await;
    assert!(!json!(resumed).to_string().contains(SECRET), "{resumed:?}");

    // Nothing is unread, and the last thing that was said is the question.
    let row = ana.reads(&format!("rooms/{room}/")).await;
    assert_eq!(
        (&row["unread_count"], &row["last_message"]["id"]),
        (&json!(0), &question["id"])
    );
    assert_eq!(ana.reads("unread-count/").await["unread_count"], 0);
    assert_eq!(
        ids(&ana.reads("conversations/?unread_only=true").await["results"]),
        [0_i64; 0]
    );
    nora.says(room, "Tomorrow").await;
    assert_eq!(ana.reads("unread-count/").await["unread_count"], 1);
    let read = json!({ "room_id": room });
    let read = body(ana.writes("mark-read/", read).await, 200).await;
    assert_eq!(read["updated_count"], 1, "the note is none of them");
    finds_nothing(ana, room).await;
}

async fn a_notes_id_is_as_one_that_is_not_there(app: TestApp) {
    let school = School::new(app).await;
    let (ana, nora) = (&school.ana, &school.nora);
    let room = ana.own_room().await;
    ana.says(room, "When?").await;
    let note = nora.notes(room, SECRET).await["id"].as_i64().unwrap();
    for id in [note, 999_999] {
        let around = format!("/api/chat/rooms/{room}/messages/?around={id}");
        assert_eq!(ana.gets(&around).await.status(), 404, "{id}");
        let path = format!("rooms/{room}/mark-unread/");
        let unread = ana.writes(&path, json!({ "message_id": id })).await;
        assert_eq!(unread.status(), 404, "{id}");
        let read = json!({ "message_ids": [id] });
        let read = ana.writes("messages/mark-read/", read).await;
        assert_eq!(body(read, 200).await["updated_count"], 0, "{id}");
    }
    let around = |id| format!("/api/chat/rooms/{room}/messages/?around={id}");
    let (here, nowhere) = (
        ana.whole(&Method::GET, &around(note)).await,
        ana.whole(&Method::GET, &around(999_999)).await,
    );
    assert_eq!(here, nowhere);
}

async fn those_who_answer_read_them_on_every_path(app: TestApp) {
    let school = School::new(app).await;
    let room = school.ana.own_room().await;
    school.ana.says(room, "When?").await;
    school.app.agent("otto").await;
    let otto = Program::of(&school.app, "otto").await;
    let (mut desk, _) = Client::of(&otto, room).await;
    let note = school.nora.notes(room, SECRET).await;
    let heard = desk.until("chat_message").await;
    assert_eq!(
        (&heard["message"]["id"], &heard["message"]["audience"]),
        (&note["id"], &json!("staff"))
    );
    let (_, recent) = Client::of(&otto, room).await;
    assert_eq!(recent["messages"][1]["content"], SECRET);
    let history = otto.reads(&format!("rooms/{room}/messages/?after=1")).await;
    assert_eq!(history["results"][0]["audience"], "staff");
    let around = format!("rooms/{room}/messages/?around={}", note["id"]);
    assert_eq!(otto.reads(&around).await["results"][1]["id"], note["id"]);
    assert_eq!(otto.reads("unread-count/").await["unread_count"], 2);
    let row = otto.reads(&format!("rooms/{room}/")).await;
    assert_eq!(row["last_message"]["content"], "When?");
    // By a socket of that room, too.
    desk.says(
        json!({ "type": "chat_message", "content": "me too", "audience": "staff", "ref": "a" }),
    )
    .await;
    desk.until("ack").await;
    let all = school
        .nora
        .reads(&format!("rooms/{room}/messages/?after=2"))
        .await;
    assert_eq!(all["results"][0]["audience"], "staff");
    finds_nothing(&school.ana, room).await;
}

async fn only_those_who_answer_may_write_them(app: TestApp) {
    let School {
        ana,
        ben,
        nora,
        tom,
        app,
    } = School::new(app).await;
    let room = ana.own_room().await;
    let path = format!("rooms/{room}/messages/");
    for (who, status) in [(&ana, 403), (&ben, 404), (&tom, 404), (&nora, 201)] {
        let note = json!({ "content": "x", "audience": "staff" });
        assert_eq!(who.writes(&path, note).await.status(), status);
    }
    for wrong in [
        json!("staff_and_sender"),
        json!("everybody"),
        json!(1),
        json!(""),
    ] {
        let note = json!({ "content": "x", "audience": wrong });
        let refused = body(nora.writes(&path, note).await, 400).await;
        assert!(
            refused["errors"]["audience"].is_array() || refused.to_string().contains("audience")
        );
    }
    let all = json!({ "content": "for all", "audience": "all" });
    let sent = body(nora.writes(&path, all).await, 201).await;
    assert_eq!(
        sent.get("audience"),
        None,
        "what is for everybody says nothing of it"
    );
    assert_eq!(sent["seq"], 2, "what was refused took no place");
    drop(app);
}

on_both_databases!(
    whose_conversation_it_is_finds_nothing_of_a_note_on_any_path,
    a_notes_id_is_as_one_that_is_not_there,
    those_who_answer_read_them_on_every_path,
    only_those_who_answer_may_write_them,
);
