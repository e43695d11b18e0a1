//! Counters, by which a node sees what others have written: of rooms, of receipts, of lists, of the control log.

use std::collections::{BTreeMap, BTreeSet};

use quad::{
    model::{Desk, MarksRev, RoomCounters, RoomId, Seq, SessionId, UserId, UserRev},
    server::store::{
        control::{self, ControlKind},
        marks, rooms, users,
        writer::Write,
    },
};

use crate::{on_both_databases, store::TestStore};

impl TestStore {
    async fn counters(&self, ids: &[RoomId]) -> BTreeMap<RoomId, (Seq, MarksRev)> {
        let found = self.reads(async |conn| rooms::counters(conn, ids).await);
        by_room(found.await)
    }

    async fn receipts_after(&self, room: RoomId, since: i64) -> Vec<(UserId, Seq)> {
        let reached =
            self.reads(async |conn| marks::receipts_after(conn, room, MarksRev(since)).await);
        let reached = reached.await.into_iter();
        reached
            .map(|reach| (reach.user_id, reach.receipt_seq))
            .collect()
    }
}

fn by_room(counters: Vec<RoomCounters>) -> BTreeMap<RoomId, (Seq, MarksRev)> {
    let by_room = counters
        .into_iter()
        .map(|room| (room.room_id, (room.seq, room.marks_rev)));
    by_room.collect()
}

async fn counters_say_how_far_each_room_has_come(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let (room, other) = (db.support_room(ana).await, db.course_room(&[ana]).await);
    db.says_often(ana, room, 3).await;
    db.marks(nora, room, 2).await.unwrap();
    let expected = [
        (room, (Seq(3), MarksRev(1))),
        (other, (Seq(0), MarksRev(0))),
    ];
    let asked = [other, RoomId(999), room];
    assert_eq!(db.counters(&asked).await, BTreeMap::from(expected));
    assert_eq!(db.counters(&[]).await, BTreeMap::new());
}

async fn a_long_list_of_counters_is_whole(db: TestStore) {
    let ana = db.student("ana").await;
    let rooms = [db.support_room(ana).await, db.course_room(&[ana]).await];
    let mut asked: Vec<RoomId> = (1000..4000).map(RoomId).collect();
    asked.insert(0, rooms[0]);
    asked.push(rooms[1]);
    let found: BTreeSet<RoomId> = db.counters(&asked).await.into_keys().collect();
    assert_eq!(found, BTreeSet::from(rooms));
    let mut asked: Vec<UserId> = (1000..4000).map(UserId).collect();
    asked.push(ana);
    let revs = db.reads(async |conn| users::revs(conn, &asked).await);
    assert_eq!(revs.await, [(ana, UserRev(1))]);
}

async fn a_desks_counters_are_those_of_its_rooms(db: TestStore) {
    let (ana, ben, cleo) = (
        db.student("ana").await,
        db.student("ben").await,
        db.student("cleo").await,
    );
    let (own, gone) = (db.support_room(ana).await, db.support_room(ben).await);
    let other = db.support_room(cleo).await;
    db.course_room(&[ana]).await;
    db.says(ana, own, "hello").await;
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {gone}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE rooms SET desk = 'faculty' WHERE id = {other}"
    ))
    .await;
    let desk = Desk::default_desk();
    let found = db.reads(async |conn| rooms::counters_of_desk(conn, &desk).await);
    let expected = BTreeMap::from([(own, (Seq(1), MarksRev(0)))]);
    assert_eq!(by_room(found.await), expected);
}

async fn the_counter_of_receipts_grows_by_one_with_each(db: TestStore) {
    let (ana, nora, otto) = (
        db.student("ana").await,
        db.agent("nora").await,
        db.agent("otto").await,
    );
    let room = db.support_room(ana).await;
    db.says_often(ana, room, 5).await;
    for (reader, seq, expected) in [
        (nora, 1, Some(1)),
        (otto, 4, Some(2)),
        (otto, 3, None),
        (nora, 2, Some(3)),
    ] {
        let marked = db.marks(reader, room, seq).await.unwrap();
        assert_eq!(marked.map(|mark| mark.marks_rev.0), expected);
    }
    assert_eq!(db.counters(&[room]).await[&room].1, MarksRev(3));
    assert_eq!(
        db.receipts_after(room, 0).await,
        [(otto, Seq(4)), (nora, Seq(2))],
        "each as it is now, at its last change"
    );
    assert_eq!(db.receipts_after(room, 2).await, [(nora, Seq(2))]);
    assert_eq!(db.receipts_after(room, 3).await, []);
    let read = db.reads(async |conn| marks::read_seq(conn, otto, room).await);
    assert_eq!(read.await, Seq(4));
    let unread = db.reads(async |conn| marks::read_seq(conn, ana, room).await);
    assert_eq!(unread.await, Seq(0));
}

async fn the_control_log_is_read_from_where_one_stands(db: TestStore) {
    let ana = db.student("ana").await;
    assert_eq!(db.reads(control::newest).await, 0);
    let mut ended: Vec<SessionId> = Vec::new();
    for n in 0..5 {
        let id = db.session(ana, &format!("token {n}")).await;
        db.writer.write(Write::EndSession(id)).await.unwrap();
        ended.push(id);
    }
    assert_eq!(db.reads(control::newest).await, 5);
    for (since, limit, expected) in [(0, 9, 0..5), (0, 2, 0..2), (3, 9, 3..5), (5, 9, 5..5)] {
        let rows = db.reads(async |conn| control::after(conn, since, limit).await);
        let rows = rows.await;
        let sessions: Vec<_> = rows.iter().filter_map(|row| row.session_id).collect();
        assert_eq!(sessions, ended[expected]);
        assert!(rows.iter().zip(since + 1..).all(|(row, seq)| {
            (row.seq, row.kind, row.user_id) == (seq, ControlKind::SessionEnded, Some(ana))
        }));
    }
}

on_both_databases!(
    counters_say_how_far_each_room_has_come,
    a_long_list_of_counters_is_whole,
    a_desks_counters_are_those_of_its_rooms,
    the_counter_of_receipts_grows_by_one_with_each,
    the_control_log_is_read_from_where_one_stands,
);
