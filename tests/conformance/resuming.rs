//! Resuming: what changed after a place, each message once and as it is now, and nothing else.

use quad::{
    model::{Audience, Message, RoomId, Seq},
    server::store::messages,
};

use crate::{on_both_databases, store::TestStore};

impl TestStore {
    async fn changed(&self, room: RoomId, since: i64, limit: i64) -> Vec<Message> {
        let changes = self
            .reads(async |conn| messages::changed_after(conn, room, Seq(since), limit).await)
            .await;
        changes.into_iter().map(|change| change.message).collect()
    }

    /// Places and changes, in the order in which they are brought.
    async fn changes(&self, room: RoomId, since: i64, limit: i64) -> Vec<(i64, i64)> {
        let changed = self.changed(room, since, limit).await;
        changed.iter().map(|m| (m.seq.0, m.rev.0)).collect()
    }

    /// What an edit will do: the next number of the room is the change's.
    async fn edits(&self, room: RoomId, seq: i64) {
        self.runs(&format!(
            "UPDATE room_seq SET seq = seq + 1 WHERE room_id = {room}"
        ))
        .await;
        self.runs(&format!(
            "UPDATE messages SET content = 'edited', rev = (SELECT seq FROM room_seq WHERE room_id = {room})
             WHERE room_id = {room} AND seq = {seq}"
        ))
        .await;
    }
}

async fn who_knows_everything_gets_nothing(db: TestStore) {
    let (_, room) = db.talk(5).await;
    for since in [5, 6, i64::MAX] {
        assert!(db.changed(room, since, 10).await.is_empty(), "{since}");
    }
    assert!(db.changed(RoomId(999), 0, 10).await.is_empty());
}

async fn who_knows_a_part_gets_the_rest(db: TestStore) {
    let (_, room) = db.talk(5).await;
    assert_eq!(db.changes(room, 3, 10).await, [(4, 4), (5, 5)]);
    assert_eq!(db.changes(room, 4, 10).await, [(5, 5)]);
    for since in [0, -1, i64::MIN] {
        assert_eq!(db.changed(room, since, 10).await, db.all_in(room).await);
    }
}

async fn a_changed_message_comes_once_as_it_is_now_at_its_last_change(db: TestStore) {
    let (ana, room) = db.talk(5).await;
    db.edits(room, 2).await;
    db.edits(room, 4).await;
    db.says(ana, room, "in between").await;
    db.edits(room, 2).await;
    assert_eq!(db.changes(room, 5, 10).await, [(4, 7), (8, 8), (2, 9)]);
    assert_eq!(db.changes(room, 7, 10).await, [(8, 8), (2, 9)]);
    assert_eq!(db.changes(room, 8, 10).await, [(2, 9)]);
    let edited = db.changed(room, 8, 10).await.remove(0);
    assert_eq!((edited.content.as_str(), edited.seq), ("edited", Seq(2)));
    let all = db.changes(room, 0, 10).await;
    assert_eq!(all, [(1, 1), (3, 3), (5, 5), (4, 7), (8, 8), (2, 9)]);
}

async fn two_messages_of_one_change_come_in_the_order_of_their_places(db: TestStore) {
    let (_, room) = db.talk(3).await;
    db.runs("UPDATE messages SET rev = 4 WHERE seq IN (1, 3)")
        .await;
    assert_eq!(db.changes(room, 3, 10).await, [(1, 4), (3, 4)]);
}

async fn a_limit_keeps_the_first_changes(db: TestStore) {
    let (_, room) = db.talk(5).await;
    db.edits(room, 1).await;
    assert_eq!(db.changes(room, 0, 3).await, [(2, 2), (3, 3), (4, 4)]);
    assert_eq!(db.changes(room, 4, 2).await, [(5, 5), (1, 6)]);
    assert_eq!(db.changes(room, 0, 5).await.len(), 5);
    assert_eq!(db.changes(room, 0, 0).await, []);
}

async fn another_rooms_changes_are_not_brought(db: TestStore) {
    let (ana, room) = db.talk(3).await;
    let other = db.course_room(&[ana]).await;
    db.says_often(ana, other, 10).await;
    db.edits(other, 1).await;
    assert!(db.changed(room, 3, 10).await.is_empty());
    assert_eq!(db.changes(other, 9, 10).await, [(10, 10), (1, 11)]);
}

async fn each_change_says_who_may_see_it(db: TestStore) {
    let (_, room) = db.talk(3).await;
    for (seq, audience) in [(2, "staff"), (3, "staff_and_sender")] {
        db.runs(&format!(
            "UPDATE messages SET audience = '{audience}' WHERE seq = {seq}"
        ))
        .await;
    }
    let changes = db.reads(async |conn| messages::changed_after(conn, room, Seq(0), 10).await);
    let audiences: Vec<Audience> = changes.await.into_iter().map(|c| c.audience).collect();
    let expected = [Audience::All, Audience::Staff, Audience::StaffAndSender];
    assert_eq!(audiences, expected, "it is left to the reader to leave out");
}

on_both_databases!(
    each_change_says_who_may_see_it,
    who_knows_everything_gets_nothing,
    who_knows_a_part_gets_the_rest,
    a_changed_message_comes_once_as_it_is_now_at_its_last_change,
    two_messages_of_one_change_come_in_the_order_of_their_places,
    a_limit_keeps_the_first_changes,
    another_rooms_changes_are_not_brought,
);
