//! Posting: what is stored, one order without holes.

use futures_util::future::join_all;
use quad::{
    model::{Message, MessageId, MessageKind, Role, RoomId, Seq, Timestamp, UserId},
    server::store::{messages, post::NewPost, rooms, sight::Sight},
};

use crate::{
    on_both_databases,
    people::post,
    store::{NOW, TestStore},
    users::HARD_TEXTS,
};

/// Eyes that see what is for staff alone, too.
pub const EVERYTHING: Sight = Sight {
    reader: UserId(0),
    is_staff: true,
};

/// The same, of one reader.
pub fn eyes(reader: UserId) -> Sight {
    Sight {
        reader,
        ..EVERYTHING
    }
}

impl TestStore {
    /// Everything in a room, in its order.
    pub async fn all_in(&self, room: RoomId) -> Vec<Message> {
        self.reads(async |conn| messages::before(conn, EVERYTHING, room, None, 10_000).await)
            .await
    }

    pub async fn seq_of(&self, room: RoomId) -> Seq {
        let counters = self.reads(async |conn| rooms::counters(conn, &[room]).await);
        counters.await[0].seq
    }

    /// Asserts that a room has so many messages, numbered from 1 without holes, whose ids grow with their places.
    pub async fn assert_dense(&self, room: RoomId, count: i64) {
        let all = self.all_in(room).await;
        let seqs: Vec<i64> = all.iter().map(|message| message.seq.0).collect();
        assert_eq!(seqs, (1..=count).collect::<Vec<_>>());
        assert!(all.iter().all(|message| message.rev == message.seq));
        assert!(all.is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(self.seq_of(room).await, Seq(count));
        let sql = format!("SELECT last_message_id FROM room_seq WHERE room_id = {room}");
        let (last,) = self.finds::<(Option<MessageId>,)>(&sql).await[0];
        assert_eq!(last, all.last().map(|message| message.id));
    }
}

async fn a_message_is_stored_as_it_is_answered(db: TestStore) {
    let ana = db.person("ana", Role::Teacher).await;
    let room = db.support_room(ana).await;
    let new = post(ana, room, "Where is room 12?");
    let posted = db.posts(new.clone()).await.unwrap();
    assert!(posted.is_new);
    assert_eq!((posted.room.id, posted.room.user_id), (room, Some(ana)));
    let message = posted.message;
    assert_eq!(message.client_id, Some(new.client_id));
    assert_eq!((message.seq, message.rev), (Seq(1), Seq(1)));
    assert_eq!((message.room_id, message.kind), (room, MessageKind::Text));
    assert_eq!((&message.content, message.created_at), (&new.content, NOW));
    let sender = &message.sender;
    assert_eq!(
        (sender.id, sender.name.as_str(), sender.role),
        (ana, "ana", Role::Teacher)
    );
    assert_eq!(db.all_in(room).await, [message]);
}

async fn what_is_not_asked_for_has_its_default(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "hello").await;
    let words =
        db.finds::<(String, String, i64)>("SELECT audience, kind, content_rev FROM messages");
    assert_eq!(words.await, [("all".to_owned(), "text".to_owned(), 1)]);
    let empty = db.finds::<(i64,)>(
        "SELECT count(*) FROM messages WHERE reply_to_id IS NULL AND thread_root_id IS NULL
             AND edited_at IS NULL AND deleted_at IS NULL",
    );
    assert_eq!(empty.await, [(1,)]);
}

async fn a_message_has_the_writers_time_or_that_of_its_import(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.clock.advance_ms(7);
    let imported = NewPost {
        at: Some(Timestamp(-5)),
        ..post(ana, room, "long ago")
    };
    let imported = db.posts(imported).await.unwrap().message;
    let said = db.says(ana, room, "now").await;
    assert_eq!((imported.seq, imported.created_at), (Seq(1), Timestamp(-5)));
    assert_eq!((said.seq, said.created_at), (Seq(2), NOW.plus_ms(7)));
    assert_eq!(db.all_in(room).await, [imported, said]);
}

async fn texts_come_back_as_they_were_written(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let long = "ü".repeat(100_000);
    let texts: Vec<&str> = HARD_TEXTS.into_iter().chain(["", &long]).collect();
    for text in &texts {
        assert_eq!(db.says(ana, room, text).await.content, **text);
    }
    let stored: Vec<String> = db
        .all_in(room)
        .await
        .into_iter()
        .map(|m| m.content)
        .collect();
    assert_eq!(stored, texts);
}

async fn fifty_senders_at_once_make_one_order_without_holes(db: TestStore) {
    let mut students = Vec::new();
    for n in 0..50 {
        students.push(db.student(&format!("student {n}")).await);
    }
    let rooms = [
        db.course_room(&students).await,
        db.course_room(&students).await,
    ];
    let senders = students.iter().map(|student| async {
        let mut answers = Vec::new();
        for n in 0..20 {
            let room = rooms[n % 2];
            answers.push(db.says(*student, room, &format!("no. {n}")).await);
        }
        answers
    });
    let mut answers: Vec<Message> = Vec::new();
    for own in join_all(senders).await {
        assert!(own.is_sorted_by(|a, b| a.id < b.id), "a sender's own order");
        answers.extend(own);
    }
    for room in rooms {
        db.assert_dense(room, 500).await;
        let mut answered: Vec<_> = answers
            .iter()
            .filter(|m| m.room_id == room)
            .cloned()
            .collect();
        answered.sort_by_key(|message| message.seq);
        assert_eq!(db.all_in(room).await, answered);
    }
}

async fn the_id_of_a_deleted_message_is_not_given_again(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let gone = db.says(ana, room, "gone").await;
    db.runs("DELETE FROM messages").await;
    let next = db.says(ana, room, "next").await;
    assert!(next.id > gone.id);
    assert_eq!(next.seq, Seq(2), "nor is its place");
}

async fn a_name_that_changed_stands_on_earlier_messages_too(db: TestStore) {
    let ana: UserId = db.student("ana").await;
    let room = db.support_room(ana).await;
    let first = post(ana, room, "hello");
    db.posts(first.clone()).await.unwrap();
    db.runs("UPDATE users SET name = 'Ana B', role = 'teacher'")
        .await;
    let again = db.posts(first).await.unwrap().message;
    assert_eq!(
        (again.sender.name.as_str(), again.sender.role),
        ("Ana B", Role::Teacher)
    );
    assert_eq!(db.all_in(room).await, [again]);
}

on_both_databases!(
    a_message_is_stored_as_it_is_answered,
    what_is_not_asked_for_has_its_default,
    a_message_has_the_writers_time_or_that_of_its_import,
    texts_come_back_as_they_were_written,
    fifty_senders_at_once_make_one_order_without_holes,
    the_id_of_a_deleted_message_is_not_given_again,
    a_name_that_changed_stands_on_earlier_messages_too,
);
