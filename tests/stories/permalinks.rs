//! A message by its address: the room opens around it, its end is reached from there without a hole, and what one may not
//! see is as what is not there.

use quad::{
    model::{Message, MessageId, Role, RoomId, RoomKind, Seq},
    sync::{Applied, Page, Snapshot},
};
use serde_json::json;

use crate::{
    app::{Person, Socket, TestApp},
    on_both_databases,
};

impl Person {
    async fn reads_around(&self, room_id: RoomId, message_id: MessageId) -> Snapshot {
        let body = json!({ "room_id": room_id, "message_id": message_id });
        self.reads("room_around", body).await
    }

    async fn reads_newer(&self, room_id: RoomId, after: Seq) -> Page {
        let body = json!({ "room_id": room_id, "after": after });
        self.reads("newer_messages", body).await
    }

    /// Status and text of the answer.
    async fn tries_around(&self, room_id: RoomId, message_id: MessageId) -> (u16, String) {
        let body = json!({ "room_id": room_id, "message_id": message_id });
        let answer = self.calls("room_around", body).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn status_of(&self, path: &str) -> u16 {
        self.gets(path).await.status().as_u16()
    }
}

async fn says_many(socket: &mut Socket, room_id: RoomId, count: usize) -> Vec<MessageId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let ack = socket.says(room_id, &format!("message {n}")).await;
        ids.push(ack.message_id);
    }
    ids
}

fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

async fn a_room_opens_around_a_message_and_leads_to_its_end(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let ana = app.student("ana").await;
    let room_id = tess.creates(RoomKind::Public, "Algebra").await;
    ana.joins(room_id).await;
    let (mut host, _) = tess.connects().await;
    let said = says_many(&mut host, room_id, 130).await;
    let mut part = ana.reads_around(room_id, said[60]).await;
    assert_eq!(ids(&part.messages), said[36..=85]);
    assert_eq!((part.has_older, part.has_newer), (true, true));

    // What comes meanwhile does not stand beside what is far from it …
    let (mut phone, _) = ana.connects().await;
    let mut later = says_many(&mut host, room_id, 3).await;
    for event in phone.all_until_pong().await {
        assert!(!matches!(part.apply(&event), Applied::Gap | Applied::Reset));
    }
    assert_eq!(ids(&part.messages), said[36..=85]);

    // … and is there when one has come to the end, page by page.
    while part.has_newer {
        let page = ana.reads_newer(room_id, part.newest_seq()).await;
        assert!(!page.messages.is_empty());
        assert!(part.append(page));
    }
    let mut all = said[36..].to_vec();
    all.append(&mut later);
    assert_eq!(ids(&part.messages), all);
    let fresh = ana.reads_room(room_id).await;
    assert!(!fresh.has_newer);
    part.taken_at = fresh.taken_at;
    part.user_rev = fresh.user_rev;
    assert_eq!(part.newest(), fresh);

    // At the edges there is nothing beyond.
    let last = *all.last().unwrap();
    let end = ana.reads_around(room_id, last).await;
    assert_eq!(
        (end.has_newer, end.messages.last().unwrap().id),
        (false, last)
    );
    let start = ana.reads_around(room_id, said[0]).await;
    assert!(start.has_newer);
    assert_eq!(
        start.messages.iter().filter(|one| one.id < said[0]).count(),
        2
    );
    assert!(!start.has_older);
}

async fn what_one_may_not_see_is_as_what_is_not_there(app: TestApp) {
    let (ana, ben) = (app.student("ana").await, app.student("ben").await);
    let nora = app.agent("nora").await;
    let room_id = ana.opens_support().await.id();
    let other = ben.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    let (mut desk, _) = nora.connects().await;
    let question = phone.says(room_id, "When is the exam?").await.message_id;
    let note = desk
        .notes(room_id, "Cancelled, do not tell")
        .await
        .message_id;
    let unknown = ana.tries_around(room_id, MessageId(999_999)).await;
    assert_eq!(unknown.0, 404);
    assert_eq!(ana.tries_around(room_id, note).await, unknown);
    // A message of another room, and rooms that are not theirs or not there.
    assert_eq!(ben.tries_around(other, question).await, unknown);
    assert_eq!(ben.tries_around(room_id, question).await, unknown);
    assert_eq!(ben.tries_around(RoomId(999_999), question).await, unknown);
    assert_eq!(nora.tries_around(room_id, note).await.0, 200);
    let seen = ana.reads_around(room_id, question).await;
    assert_eq!(ids(&seen.messages), [question]);
    // The note is a change of which they know no more than that.
    assert_eq!((seen.seq, seen.has_newer), (Seq(2), false));

    let pages = [
        (&ana, format!("/contact?message={question}"), 200),
        (&ana, format!("/contact?message={note}"), 404),
        (&ana, format!("/chat/{room_id}/999999"), 404),
        (&ana, "/chat/999999/1".to_owned(), 404),
        (&ana, format!("/chat/{room_id}/x"), 404),
        (&nora, format!("/admin/chat/{room_id}?message={note}"), 200),
        (&nora, format!("/admin/chat/{room_id}?message=999999"), 404),
        (&ben, format!("/chat/{room_id}/{question}"), 404),
    ];
    for (person, path, status) in pages {
        assert_eq!(person.status_of(&path).await, status, "{path}");
    }
}

async fn its_page_is_complete_without_a_script(app: TestApp) {
    let tess = app.person("tess", Role::Teacher).await;
    let room_id = tess.creates(RoomKind::Public, "Algebra").await;
    let (mut host, _) = tess.connects().await;
    let said = says_many(&mut host, room_id, 120).await;
    let path = format!("/chat/{room_id}/{}", said[20]);
    let page = tess.gets(&path).await.text().await.unwrap();
    // The list beside it says what was said last.
    let row_of = |page: &str, text: &str| {
        let mut rows = page.split("<li").filter(|row| row.contains("data-row"));
        rows.find(|row| row.contains(text)).map(str::to_owned)
    };
    let row = row_of(&page, "message 20<").unwrap();
    assert!(row.contains("data-found"), "{row}");
    assert_eq!(row_of(&page, "message 119<"), None);
    let end = tess.gets(&format!("/chat/{room_id}")).await;
    let end = end.text().await.unwrap();
    let row = row_of(&end, "message 119<").unwrap();
    assert!(!row.contains("data-found"));
    // Whoever is not signed in comes back to it.
    let answer = app.anonymous().visits(&path).await;
    let to = answer.headers()["location"].to_str().unwrap();
    assert_eq!(
        (answer.status().as_u16(), to),
        (302, format!("/sign-in?next={path}").as_str())
    );
}

on_both_databases!(
    a_room_opens_around_a_message_and_leads_to_its_end,
    what_one_may_not_see_is_as_what_is_not_there,
    its_page_is_complete_without_a_script,
);
