//! Deleting a message: it keeps its place and is empty, everywhere and at once; who may, and until when.

use futures_util::future::join_all;
use quad::{
    model::{
        ClientId, MemberChange, MemberRole, Message, MessageId, Role, RoomId, RoomKind, SearchPage,
        Seq, Timestamp, WireError,
    },
    protocol::{Command, Event, ResumeFrom},
    server::{clock::Clock, store::search::index},
};
use serde_json::json;

use crate::{
    app::{Person, Socket, TestApp, in_time},
    on_both_databases,
};

/// 4 August 2025, noon.
const NOON: Timestamp = Timestamp(1_754_308_800_000);
const WINDOW_MS: i64 = 300_000;

impl Person {
    /// The status, and the code of a refusal.
    async fn deletes(&self, message_id: MessageId) -> (u16, String) {
        let answer = self
            .calls("delete_message", json!({ "message_id": message_id }))
            .await;
        let status = answer.status().as_u16();
        let said: serde_json::Value = answer.json().await.unwrap();
        (status, said["code"].as_str().unwrap_or_default().to_owned())
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn done() -> (u16, String) {
    refused(200, "")
}

impl Socket {
    async fn deletion(&mut self) -> (Seq, Message) {
        self.until(|event| match event {
            Event::MessageDeleted { seq, message, .. } => Some((seq, *message)),
            _ => None,
        })
        .await
    }
}

async fn a_deleted_message_is_empty_everywhere(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    let key = ClientId::random();
    phone.says(room_id, "First").await;
    let ack = phone.says_as(room_id, "A secret word", key).await;
    phone.says(room_id, "Last").await;
    let before = nora.connects().await.1.rooms[0].clone();
    assert_eq!(before.unread_count, 3);
    let resume = Command::Resume {
        epoch: nora.reads_room(room_id).await.epoch,
        rooms: vec![ResumeFrom {
            room_id,
            since: Seq(3),
        }],
    };

    let message_id = ack.message_id;
    phone.sends(&Command::DeleteMessage { message_id }).await;
    for socket in [&mut phone, &mut desk] {
        let (seq, message) = socket.deletion().await;
        assert_eq!((seq, message.rev, message.seq), (Seq(4), Seq(4), Seq(2)));
        assert_eq!((message.content.as_str(), message.id), ("", message_id));
        assert!(message.is_deleted());
    }
    let after = nora.connects().await.1.rooms[0].clone();
    assert_eq!((after.unread_count, after.seq), (2, Seq(4)));
    let snapshot = nora.reads_room(room_id).await;
    let contents: Vec<&str> = snapshot
        .messages
        .iter()
        .map(|m| m.content.as_str())
        .collect();
    assert_eq!(contents, ["First", "", "Last"]);
    desk.sends(&resume).await;
    let resumed = desk.all_until_pong().await;
    let store = app.store().await;
    while index::feed(&store, 100).await.unwrap().is_some() {}
    let query = json!({ "query": { "text": "secret" } });
    let found: SearchPage = nora.reads("search_messages", query).await;
    assert_eq!(found.found, []);
    for text in [json!(snapshot), json!(resumed), json!(after)] {
        assert!(!text.to_string().contains("secret"), "{text}");
    }
    for path in ["/contact", "/"] {
        let page = ana.visits(path).await.text().await.unwrap();
        assert!(!page.contains("secret"), "{path}");
    }
    // The key is used for good.
    let again = phone.says_as(room_id, "A secret word", key).await;
    assert_eq!((again.message_id, again.seq), (message_id, Seq(2)));
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(4));
}

async fn the_last_message_of_a_list_is_told_to_be_deleted(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let last = phone.says(room_id, "Forget this").await.message_id;
    assert_eq!(ana.deletes(last).await, done());
    for person in [&ana, &nora] {
        let room = person.connects().await.1.rooms[0].clone();
        let shown = room.last_message.unwrap();
        assert_eq!((shown.id, shown.excerpt.as_str()), (last, ""));
        assert!(shown.is_deleted);
        assert_eq!(room.unread_count, 0);
    }
}

async fn one_deletes_ones_own_for_some_minutes(app: TestApp) {
    let clock = Clock::manual(NOON);
    let app = app.told(&[], &clock).await;
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let first = phone.says(room_id, "one").await.message_id;
    let second = phone.says(room_id, "two").await.message_id;
    clock.advance_ms(WINDOW_MS);
    assert_eq!(ana.deletes(first).await, done());
    clock.advance_ms(1);
    assert_eq!(ana.deletes(second).await, refused(403, "too_late"));
    // Deleting again what is deleted is no later change.
    assert_eq!(nora.deletes(second).await, refused(403, "forbidden"));
    assert_eq!(root.deletes(second).await, done());
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(4));
    assert_eq!(root.deletes(second).await, done());
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(4));
}

async fn those_who_keep_order_delete_what_others_wrote(app: TestApp) {
    let tom = app.person("tom", Role::Teacher).await;
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let (eve, root) = (
        app.student("eve").await,
        app.person("root", Role::Admin).await,
    );
    let room_id = tom.creates(RoomKind::Public, "Algebra").await;
    let mut says = Vec::new();
    for person in [&ana, &ben, &root] {
        person.joins(room_id).await;
        let (mut socket, _) = person.connects().await;
        says.push(socket.says(room_id, "something").await.message_id);
    }
    let [of_ana, of_ben, of_root] = says[..] else {
        panic!("three")
    };
    assert_eq!(ana.deletes(of_ben).await, refused(403, "forbidden"));
    assert_eq!(eve.deletes(of_ben).await, refused(404, "not_found"));
    assert_eq!(
        eve.deletes(MessageId(999_999)).await,
        refused(404, "not_found")
    );
    let ana_id = ana.connects().await.1.user.id;
    let moderator = MemberChange::Role(MemberRole::Moderator);
    assert_eq!(tom.changes(room_id, ana_id, moderator).await, 200);
    assert_eq!(ana.deletes(of_ben).await, done());
    assert_eq!(tom.deletes(of_ana).await, done());
    assert_eq!(root.deletes(of_root).await, done());
    // What Quad itself tells is nobody's.
    let told = tom.reads_room(room_id).await.messages[0].id;
    assert_eq!(tom.deletes(told).await, refused(403, "forbidden"));
}

async fn what_is_archived_stays(app: TestApp) {
    let tom = app.person("tom", Role::Teacher).await;
    let room_id = tom.creates(RoomKind::Private, "Board").await;
    let (mut socket, _) = tom.connects().await;
    let message_id = socket.says(room_id, "something").await.message_id;
    let body = json!({ "room_id": room_id, "is_archived": true });
    assert_eq!(tom.calls("archive_room", body).await.status(), 200);
    assert_eq!(tom.deletes(message_id).await, refused(409, "archived"));
}

async fn a_note_that_is_deleted_was_never_there_for_its_student(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let root = app.person("root", Role::Admin).await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    phone.says(room_id, "When?").await;
    let (mut desk, _) = nora.connects().await;
    let (mut other, _) = root.connects().await;
    let note = desk.notes(room_id, "between us").await.message_id;
    phone.all_until_pong().await;
    assert_eq!(ana.deletes(note).await, refused(404, "not_found"));
    assert_eq!(nora.deletes(note).await, done());
    assert_eq!(other.deletion().await.0, Seq(3));
    let (from, to) = (Seq(3), Seq(3));
    let skip = Event::Skip { room_id, from, to };
    assert_eq!(phone.all_until_pong().await, [skip]);
    assert_eq!(root.connects().await.1.rooms[0].unread_count, 1);
}

async fn two_at_once_are_one_change(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let message_id = phone.says(room_id, "x").await.message_id;
    phone.all_until_pong().await;
    let deletions = join_all((0..8).map(|_| ana.deletes(message_id))).await;
    assert!(
        deletions.iter().all(|answer| *answer == done()),
        "{deletions:?}"
    );
    let told = phone.all_until_pong().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(ana.reads_room(room_id).await.seq, Seq(2));
}

async fn a_refused_deletion_names_its_command(app: TestApp) {
    let (ana, nora) = (app.student("ana").await, app.agent("nora").await);
    let room_id: RoomId = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let message_id = phone.says(room_id, "x").await.message_id;
    let (mut desk, _) = nora.connects().await;
    let command = json!({ "type": "delete_message", "message_id": message_id, "ref": "a" });
    desk.sends_text(&command.to_string()).await;
    let error = desk.until(|event| match event {
        Event::Error(error) => Some(error),
        _ => None,
    });
    let error = error.await;
    assert_eq!(error.reference.as_deref(), Some("a"));
    assert_eq!(error.error, WireError::Forbidden);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_tells_it_too() {
    let Some(here) = TestApp::on_postgres().await else {
        return;
    };
    in_time(async {
        let there = here.second_node().await;
        let (ana, nora) = (here.student("ana").await, here.agent("nora").await);
        let room_id = ana.opens_support().await.id();
        let (mut phone, _) = ana.connects().await;
        let message_id = phone.says(room_id, "x").await.message_id;
        let (mut desk, hello) = nora.at(&there).connects().await;
        assert_eq!(hello.rooms[0].unread_count, 1);
        assert_eq!(ana.deletes(message_id).await, done());
        let (seq, message) = desk.deletion().await;
        assert_eq!((seq, message.id), (Seq(2), message_id));
    })
    .await;
}

on_both_databases!(
    a_deleted_message_is_empty_everywhere,
    the_last_message_of_a_list_is_told_to_be_deleted,
    one_deletes_ones_own_for_some_minutes,
    those_who_keep_order_delete_what_others_wrote,
    what_is_archived_stays,
    a_note_that_is_deleted_was_never_there_for_its_student,
    two_at_once_are_one_change,
    a_refused_deletion_names_its_command,
);
