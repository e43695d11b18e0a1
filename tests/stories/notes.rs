//! Internal notes: those who answer write to each other beside a conversation; whose it is never hears of it.

use quad::{
    model::{ClientId, Message, Role, RoomId, Seq, SupportStatus},
    protocol::{Command, Event, ResumeFrom},
    sync::{Lists, Page},
};
use serde_json::json;

use crate::{
    app::{Person, TestApp, in_time},
    on_both_databases,
};

/// What stands in every note here, and in nothing else.
const SECRET: &str = "between us";

impl Person {
    async fn list(&self) -> Lists {
        Lists::from_hello(self.connects().await.1)
    }
}

async fn a_note_reaches_those_who_answer_and_nobody_else(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "When?").await;
    let (mut desk, _) = nora.connects().await;
    let (mut other, _) = root.connects().await;
    let ack = desk.notes(room_id, SECRET).await;
    assert_eq!(ack.seq, Seq(2));
    let heard: Message = other.message().await;
    assert_eq!((heard.content.as_str(), heard.is_note()), (SECRET, true));
    let told = phone.all_until_pong().await;
    let skip = Event::Skip {
        room_id,
        from: Seq(2),
        to: Seq(2),
    };
    assert_eq!(told.last(), Some(&skip));
    assert!(!json!(told).to_string().contains(SECRET));
}

async fn a_note_is_no_answer_and_no_last_message(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "When?").await;
    let before = nora.list().await.rooms[&room_id].clone();
    nora.connects().await.0.notes(room_id, SECRET).await;

    let after = nora.list().await.rooms[&room_id].clone();
    assert_eq!(after.seq, Seq(2));
    assert_eq!(after.support, before.support, "the student still waits");
    assert_eq!(after.support.unwrap().status, SupportStatus::Open);
    assert_eq!(after.last_message, before.last_message);
    assert_eq!(after.unread_count, 1, "one's own note is not");
    assert_eq!(root.list().await.rooms[&room_id].unread_count, 2);
    let own = &ana.list().await.rooms[&room_id];
    assert_eq!((own.unread_count, own.seq), (0, Seq(2)));
    assert_eq!(own.last_message, before.last_message);
}

async fn whose_conversation_it_is_reads_none_of_it(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    for n in 0..30 {
        phone.says(room_id, &format!("no. {n}")).await;
        desk.notes(room_id, SECRET).await;
    }
    let own = ana.reads_room(room_id).await;
    assert_eq!((own.messages.len(), own.has_older), (30, false));
    assert_eq!(own.seq, Seq(60));
    let asked = json!({ "room_id": room_id, "before": 31 });
    let older: Page = ana.reads("older_messages", asked).await;
    assert_eq!(older.messages.len(), 15);
    let since = Seq(0);
    let resume = Command::Resume {
        epoch: own.epoch.clone(),
        rooms: vec![ResumeFrom { room_id, since }],
    };
    phone.all_until_pong().await;
    phone.sends(&resume).await;
    let resumed = phone.all_until_pong().await;
    let (_, hello) = ana.connects().await;
    for text in [json!(own), json!(older), json!(resumed), json!(hello)] {
        assert!(!text.to_string().contains(SECRET));
    }
    let seq = Seq(60);
    assert_eq!(resumed.last(), Some(&Event::CaughtUp { room_id, seq }));
    for path in ["/", "/contact"] {
        let page = ana.visits(path).await.text().await.unwrap();
        assert!(page.contains("no. 29") || path == "/", "{path}");
        assert!(!page.contains(SECRET), "{path}");
    }
    // The others have both, in one order.
    let seen = nora.reads_room(room_id).await;
    assert_eq!((seen.messages.len(), seen.has_older), (50, true));
}

async fn a_note_by_others_is_refused(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let tom = app.person("tom", Role::Teacher).await;
    let room_id = ana.opens_support().await.id();
    for (person, code) in [
        (&ana, "forbidden"),
        (&ben, "not_found"),
        (&tom, "not_found"),
    ] {
        let (mut socket, _) = person.connects().await;
        for audience in ["staff", "staff_and_sender"] {
            let note = json!({
                "type": "chat_message", "room_id": room_id, "content": "x", "audience": audience, "ref": audience,
                "client_id": ClientId::random(),
            });
            socket.sends_text(&note.to_string()).await;
            let refused = socket.until(|event| match event {
                Event::Error(error) => Some(*error),
                Event::Ack(ack) => panic!("{ack:?}"),
                _ => None,
            });
            let refused = refused.await;
            assert_eq!(refused.reference.as_deref(), Some(audience));
            let expected = if audience == "staff" { code } else { "invalid" };
            assert_eq!(refused.error.code(), expected);
        }
    }
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(0));
}

async fn a_note_sent_again_is_the_same_note(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut desk, _) = nora.connects().await;
    let key = ClientId::random();
    let first = desk.notes_as(room_id, SECRET, key).await;
    // A device that has forgotten what it was does not make it one for everybody.
    let again = desk.says_as(room_id, SECRET, key).await;
    assert_eq!((first.message_id, first.seq), (again.message_id, again.seq));
    assert!(ana.reads_room(room_id).await.messages.is_empty());
    assert_eq!(nora.reads_room(room_id).await.messages.len(), 1);
}

async fn a_note_in_a_silent_room_brings_it_to_those_who_answer(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    let (mut other, hello) = root.connects().await;
    let mut lists = Lists::from_hello(hello);
    let room_id = ana.opens_support().await.id();
    nora.connects().await.0.notes(room_id, SECRET).await;
    for event in other.all_until_pong().await {
        lists.apply(&event);
    }
    assert_eq!(lists.rooms[&room_id].unread_count, 1);
    assert_eq!(lists, root.list().await);
}

on_both_databases!(
    a_note_reaches_those_who_answer_and_nobody_else,
    a_note_is_no_answer_and_no_last_message,
    whose_conversation_it_is_reads_none_of_it,
    a_note_by_others_is_refused,
    a_note_sent_again_is_the_same_note,
    a_note_in_a_silent_room_brings_it_to_those_who_answer,
);

async fn a_note_is_one_at_another_node_too(here: TestApp, there: TestApp) {
    let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
    let root = here.person("root", Role::Admin).await;
    let room_id: RoomId = ana.opens_support().await.id();
    let (mut phone, _) = ana.at(&there).connects().await;
    phone.says(room_id, "When?").await;
    let (mut other, _) = root.at(&there).connects().await;
    nora.connects().await.0.notes(room_id, SECRET).await;
    let heard = other.message().await;
    assert!(heard.is_note() && heard.content == SECRET, "{heard:?}");
    let skipped = phone.until(|event| match event {
        Event::Skip { to, .. } => Some(to),
        Event::ChatMessage { message, .. } if message.is_note() => panic!("{message:?}"),
        _ => None,
    });
    assert_eq!(skipped.await, Seq(2));
}

/// SQLite is one node's.
mod two_nodes {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_note_is_one_at_another_node_too() {
        if let Some(here) = TestApp::on_postgres().await {
            let there = here.second_node().await;
            in_time(super::a_note_is_one_at_another_node_too(here, there)).await;
        }
    }
}
