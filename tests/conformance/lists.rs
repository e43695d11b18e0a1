//! Lists of rooms: which, in what order, with how much unread.

use futures_util::future::join_all;
use quad::{
    model::{
        Desk, Role, RoomForMe, RoomId, RoomKind, Seq, UserId, limits::UNREAD_MAX, permission::Actor,
    },
    server::store::{lists, marks, rooms, users},
};

use crate::{
    on_both_databases,
    people::{account, post},
    posting::eyes,
    store::{NOW, TestStore},
};

impl TestStore {
    /// Somebody as the permission table knows them.
    pub async fn actor(&self, id: UserId) -> Actor {
        let user = self.reads(async |conn| users::by_id(conn, id).await).await;
        let role = user.unwrap().role;
        Actor { id, role }
    }

    async fn list_of(&self, reader: UserId) -> Vec<RoomForMe> {
        let reader = self.actor(reader).await;
        self.reads(async |conn| lists::of_person(conn, reader).await)
            .await
    }

    async fn desk_list(&self, reader: UserId) -> Vec<RoomForMe> {
        let (reader, desk) = (self.actor(reader).await, Desk::default_desk());
        self.reads(async |conn| lists::of_desk(conn, reader, &desk).await)
            .await
    }

    pub async fn room_for(&self, reader: UserId, room: RoomId) -> Option<RoomForMe> {
        let reader = self.actor(reader).await;
        self.reads(async |conn| lists::one(conn, reader, room).await)
            .await
    }

    async fn unread_of(&self, reader: UserId, room: RoomId) -> i64 {
        self.room_for(reader, room).await.unwrap().unread_count
    }
}

fn ids(rooms: &[RoomForMe]) -> Vec<RoomId> {
    rooms.iter().map(RoomForMe::id).collect()
}

async fn a_persons_list_has_their_own_room_and_those_they_are_in(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let own = db.support_room(ana).await;
    db.support_room(ben).await;
    let joined = db.course_room(&[ben, ana]).await;
    let archived = db.course_room(&[ana]).await;
    let (left, gone) = (
        db.course_room(&[ana]).await,
        db.course_room(&[ben, ana]).await,
    );
    db.runs(&format!(
        "UPDATE rooms SET archived_at = 1 WHERE id = {archived}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE room_id = {left}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {gone}"
    ))
    .await;
    let mut list = ids(&db.list_of(ana).await);
    list.sort();
    assert_eq!(list, [own, joined, archived]);
}

async fn a_desks_list_has_what_was_written_last_first(db: TestStore) {
    let nora = db.agent("nora").await;
    let mut written = Vec::new();
    for name in ["ana", "ben", "cleo", "dora"] {
        let student = db.student(name).await;
        written.push((student, db.support_room(student).await));
    }
    // Nobody has written to dora's, ben's is gone, and the last is of another desk.
    for n in [0, 1, 2, 0] {
        db.says(written[n].0, written[n].1, "hello").await;
    }
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {}",
        written[1].1
    ))
    .await;
    let faculty = Desk("faculty".to_owned());
    let other = db.tries(async |conn| {
        rooms::ensure_support(conn, &faculty, written[3].0, NOW)
            .await
            .map(|(id, _)| id)
    });
    let other = other.await.unwrap();
    db.says(written[3].0, other, "hello").await;

    assert_eq!(
        ids(&db.desk_list(nora).await),
        [written[0].1, written[2].1],
        "the last first"
    );
    let reader = db.actor(nora).await;
    let facultys = db.reads(async |conn| lists::of_desk(conn, reader, &faculty).await);
    assert_eq!(ids(&facultys.await), [other]);
}

async fn a_desks_list_stops_at_five_hundred(db: TestStore) {
    let nora = db.agent("nora").await;
    let desk = Desk::default_desk();
    let people = db.tries(async |conn| {
        let mut people = Vec::new();
        for n in 0..502 {
            let new = account(&format!("student {n}"), Role::Student);
            let id = users::insert(conn, &new, NOW).await?.unwrap();
            let (room, _) = rooms::ensure_support(conn, &desk, id, NOW).await?;
            people.push((id, room));
        }
        Ok(people)
    });
    let people = people.await.unwrap();
    let all = people
        .iter()
        .map(|(id, room)| db.posts(post(*id, *room, "hello")));
    let mut posted: Vec<_> = join_all(all)
        .await
        .into_iter()
        .map(|posted| posted.unwrap().message)
        .collect();
    posted.sort_by_key(|message| std::cmp::Reverse(message.id));
    let newest: Vec<RoomId> = posted.iter().take(500).map(|m| m.room_id).collect();
    assert_eq!(ids(&db.desk_list(nora).await), newest);
}

async fn a_row_has_the_last_message_and_the_readers_mark(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    db.says(ana, room, "first").await;
    let last = db.says(ana, room, "\n  second line first \n third").await;
    db.marks(nora, room, 1).await.unwrap();
    for row in [
        db.desk_list(nora).await.remove(0),
        db.room_for(nora, room).await.unwrap(),
    ] {
        assert_eq!(
            (row.seq, row.read_seq, row.unread_count),
            (Seq(2), Seq(1), 1)
        );
        let shown = row.last_message.unwrap();
        assert_eq!((shown.id, shown.seq), (last.id, last.seq));
        assert_eq!((shown.sender_id, shown.created_at), (ana, NOW));
        assert_eq!(shown.excerpt, "second line first");
        assert_eq!(row.shared.user.unwrap().name, "ana");
    }
    let own = db.list_of(ana).await.remove(0);
    assert_eq!((own.read_seq, own.unread_count), (Seq(0), 0));
    assert!(db.room_for(ana, RoomId(999)).await.is_none());
}

async fn unread_is_what_others_wrote_and_is_still_there(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    for (sender, count) in [(ana, 3), (ben, 4)] {
        for n in 0..count {
            db.says(sender, room, &format!("no. {n}")).await;
        }
    }
    assert_eq!(db.unread_of(ana, room).await, 4);
    assert_eq!(db.unread_of(ben, room).await, 3);
    db.runs("UPDATE messages SET kind = 'system' WHERE seq = 5")
        .await;
    db.runs("UPDATE messages SET deleted_at = 1 WHERE seq = 6")
        .await;
    assert_eq!(db.unread_of(ana, room).await, 2);
    let marked = db.marks(ana, room, 4).await.unwrap().unwrap();
    assert_eq!(marked.unread_count, 1);
    assert_eq!(db.unread_of(ana, room).await, 1);
    assert_eq!(db.unread_of(ben, room).await, 3);
}

async fn unread_counts_stop_at_a_thousand(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    db.says_often(ana, room, 1002).await;
    assert_eq!(db.unread_of(nora, room).await, UNREAD_MAX);
    assert_eq!(db.desk_list(nora).await[0].unread_count, UNREAD_MAX);
    for (read_seq, expected) in [(0, 1000), (2, 1000), (3, 999), (1002, 0)] {
        let unread =
            db.reads(async |conn| marks::unread(conn, eyes(nora), room, Seq(read_seq)).await);
        assert_eq!(unread.await, expected, "after {read_seq}");
    }
    assert_eq!(db.list_of(ana).await[0].unread_count, 0);
}

async fn a_thread_knows_the_message_it_is_about_and_where_that_is(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    let message = db.says(ana, room, "I do not get it").await.id;
    for about in [Some(message), None] {
        let made = db.tries(async |conn| {
            rooms::ensure_pair(conn, RoomKind::Thread, (ben, ana), about, NOW).await
        });
        let (thread, is_new) = made.await.unwrap();
        assert!(is_new);
        let shared = db.room_for(ana, thread).await.unwrap().shared;
        let expected = (about, about.map(|_| room));
        assert_eq!((shared.owner_message, shared.owner_room), expected);
    }
}

on_both_databases!(
    a_persons_list_has_their_own_room_and_those_they_are_in,
    a_desks_list_has_what_was_written_last_first,
    a_desks_list_stops_at_five_hundred,
    a_row_has_the_last_message_and_the_readers_mark,
    unread_is_what_others_wrote_and_is_still_there,
    unread_counts_stop_at_a_thousand,
    a_thread_knows_the_message_it_is_about_and_where_that_is,
);
