//! Internal notes, and what else is not for everybody: who may write it, what it moves, for whom it is unread.

use quad::{
    model::{
        Audience, Desk, Message, RoomId, Seq, SupportChange, SupportStatus, Timestamp, UserId,
        WireError,
    },
    server::store::{
        finding, history, lists, marks, post::NewPost, sight::Sight, support, writer::Write,
    },
};

use crate::{
    finding::answered,
    on_both_databases,
    people::{post, posted},
    store::{NOW, TestStore},
};

/// A message for that audience.
fn post_for(audience: Audience, sender: UserId, room: RoomId, text: &str) -> NewPost {
    NewPost {
        audience,
        ..post(sender, room, text)
    }
}

impl TestStore {
    async fn notes(&self, sender: UserId, room: RoomId, text: &str) -> Message {
        let note = post_for(Audience::Staff, sender, room, text);
        self.posts(note).await.unwrap().message
    }

    /// What is unread for that reader, by every query that counts it: the list, the room, the sum over all rooms.
    async fn unread_everywhere(&self, reader: UserId, room: RoomId) -> i64 {
        let row = self.room_for(reader, room).await.unwrap();
        let actor = self.actor(reader).await;
        let sight = Sight::of(actor, row.whose(reader));
        let read = row.read_seq;
        let counted = self.reads(async |conn| marks::unread(conn, sight, room, read).await);
        let counted = counted.await;
        let between = (read, Seq(i64::MAX));
        let others = self.reads(async |conn| history::of_others(conn, sight, room, between).await);
        let total = self.reads(async |conn| finding::unread(conn, actor, &answered(actor)).await);
        let found = [counted, others.await, total.await];
        assert_eq!(found, [row.unread_count; 3]);
        row.unread_count
    }

    async fn support(&self, room: RoomId) -> (SupportStatus, Option<Timestamp>) {
        let row = self.reads(async |conn| support::by_room(conn, room).await);
        let state = row.await.unwrap().state;
        (state.status, state.waiting_since)
    }
}

async fn a_note_is_a_change_of_the_room_and_moves_nothing_else(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    let question = db.says(ana, room, "When?").await;
    let note = db.notes(nora, room, "ask Tom").await;
    assert_eq!((note.seq, note.audience), (Seq(2), Audience::Staff));
    assert_eq!(db.all_in(room).await, [question.clone(), note]);
    assert_eq!(db.seq_of(room).await, Seq(2));
    assert_eq!(
        db.support(room).await,
        (SupportStatus::Open, Some(NOW)),
        "the person still waits"
    );
    for reader in [ana, nora] {
        let row = db.room_for(reader, room).await.unwrap();
        assert_eq!(
            (row.seq, row.last_message.unwrap().id),
            (Seq(2), question.id)
        );
    }
    // What is resolved stays so.
    let change = SupportChange::Status(SupportStatus::Resolved);
    let resolve = Write::Triage {
        user_id: nora,
        room_id: room,
        change,
    };
    db.writer.write(resolve).await.unwrap();
    db.notes(nora, room, "as agreed").await;
    assert_eq!(db.support(room).await, (SupportStatus::Resolved, None));
}

async fn notes_and_answers_of_one_batch_are_told_apart(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let (room, other) = (db.support_room(ana).await, db.student("ben").await);
    let other = db.support_room(other).await;
    let batch = vec![
        post_for(Audience::Staff, nora, room, "first a note"),
        post(nora, room, "an answer"),
        post_for(Audience::Staff, nora, room, "last a note"),
        post_for(Audience::Staff, nora, other, "only a note"),
        post_for(Audience::Staff, ana, room, "not mine to write"),
    ];
    let results = db
        .writes_together(batch.into_iter().map(Write::Post).collect())
        .await;
    let results: Vec<_> = results.into_iter().map(posted).collect();
    let answer = results[1].as_ref().unwrap().message.id;
    let refused = results[4].as_ref().map(drop);
    assert_eq!(refused.unwrap_err(), &WireError::Forbidden);
    let last = async |room| db.room_for(nora, room).await.unwrap().last_message;
    assert_eq!(last(room).await.unwrap().id, answer);
    assert_eq!(last(other).await, None);
    let kept: Vec<_> = db.all_in(room).await.iter().map(|m| m.audience).collect();
    assert_eq!(kept, [Audience::Staff, Audience::All, Audience::Staff]);
    assert_eq!(db.all_in(other).await[0].audience, Audience::Staff);
}

async fn only_those_who_answer_write_notes(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let nora = db.agent("nora").await;
    let (room, course) = (
        db.support_room(ana).await,
        db.course_room(&[ana, nora]).await,
    );
    for (sender, room, refusal) in [
        (ana, room, WireError::Forbidden),
        (ben, room, WireError::NotFound),
        (nora, course, WireError::Forbidden),
    ] {
        let note = post_for(Audience::Staff, sender, room, "no");
        assert_eq!(db.posts(note).await.unwrap_err(), refusal);
    }
    let note = db.notes(nora, room, "yes").await;
    assert_eq!(note.seq, Seq(1), "what was refused took no place");
    assert_eq!(db.all_in(room).await, [note]);
}

async fn a_key_is_one_message_whatever_audience_the_second_try_names(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    let note = post_for(Audience::Staff, nora, room, "a note");
    let first = db.posts(note.clone()).await.unwrap();
    let audience = Audience::All;
    let again = db.posts(NewPost { audience, ..note }).await.unwrap();
    assert!(first.is_new && !again.is_new);
    assert_eq!(again.message, first.message);
}

async fn a_note_is_unread_for_those_who_answer_alone(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let otto = db.agent("otto").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "When?").await;
    db.notes(nora, room, "one").await;
    db.notes(nora, room, "two").await;
    for (reader, unread) in [(ana, 0), (nora, 1), (otto, 3)] {
        assert_eq!(db.unread_everywhere(reader, room).await, unread);
    }
    db.says(nora, room, "Tomorrow").await;
    let marked = db.marks(otto, room, 2).await.unwrap().unwrap();
    assert_eq!(marked.unread_count, 2);
    assert_eq!(db.unread_everywhere(otto, room).await, 2);
    // Her mark may stand anywhere: what she does not see is never behind it.
    assert_eq!(db.unread_everywhere(ana, room).await, 1);
    let marked = db.marks(ana, room, 1).await.unwrap().unwrap();
    assert_eq!(marked.unread_count, 1);
    let marked = db.marks(ana, room, 4).await.unwrap().unwrap();
    assert_eq!(marked.unread_count, 0);
}

async fn a_room_with_nothing_but_a_note_is_on_the_desks_list(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let (reader, desk) = (db.actor(nora).await, Desk::default_desk());
    let room = db.support_room(ana).await;
    let listed = async || {
        let list = db.reads(async |conn| lists::of_desk(conn, reader, &desk).await);
        list.await
            .into_iter()
            .map(|room| room.id())
            .collect::<Vec<_>>()
    };
    assert!(listed().await.is_empty());
    db.notes(nora, room, "will call").await;
    assert_eq!(listed().await, [room]);
    assert_eq!(db.room_for(ana, room).await.unwrap().last_message, None);
}

/// What a course's question-to-teacher mode writes: staff and who asked.
async fn a_question_to_the_teacher_is_the_last_message_of_those_who_see_it(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let tom = db.person("tom", quad::model::Role::Teacher).await;
    let room = db.course_room(&[ana, ben, tom]).await;
    db.runs_rooms(tom).await;
    let asks = async |sender, text| {
        let question = post_for(Audience::StaffAndSender, sender, room, text);
        db.posts(question).await.unwrap().message.id
    };
    let last = async |reader| {
        let row = db.room_for(reader, room).await.unwrap();
        row.last_message.map(|last| last.id)
    };
    let hers = asks(ana, "hers").await;
    assert_eq!(last(ben).await, None);
    let said = db.says(tom, room, "for all").await.id;
    let his = asks(ben, "his").await;
    let again = asks(ana, "hers again").await;
    assert_eq!(last(ana).await, Some(again));
    assert_eq!(last(ben).await, Some(his));
    assert_eq!(last(tom).await, Some(again));
    for (reader, unread) in [(ana, 1), (ben, 1), (tom, 3)] {
        assert_eq!(db.unread_everywhere(reader, room).await, unread);
    }
    db.runs(&format!("DELETE FROM messages WHERE id = {his}"))
        .await;
    assert_eq!(last(ben).await, Some(said), "the newest that he sees");
    assert!(hers < said);
}

on_both_databases!(
    a_note_is_a_change_of_the_room_and_moves_nothing_else,
    only_those_who_answer_write_notes,
    a_key_is_one_message_whatever_audience_the_second_try_names,
    a_note_is_unread_for_those_who_answer_alone,
    a_room_with_nothing_but_a_note_is_on_the_desks_list,
    a_question_to_the_teacher_is_the_last_message_of_those_who_see_it,
);

mod batches {
    use super::*;

    on_both_databases!(in one thread: notes_and_answers_of_one_batch_are_told_apart);
}
