//! Marks: forward only, never beyond the end; receipts apart from the own badge; the list counter without holes.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use quad::{
    model::{RoomId, Seq, UserId, UserRev},
    server::store::marks,
};

use crate::{on_both_databases, posting::eyes, store::TestStore};

impl TestStore {
    async fn receipts(&self, room: RoomId) -> BTreeMap<UserId, Seq> {
        self.reads(async |conn| marks::receipts(conn, room).await)
            .await
    }

    /// An agent, and a support room with so many messages for them.
    async fn agent_and_room(&self, count: usize) -> (UserId, RoomId) {
        let (ana, nora) = (self.student("ana").await, self.agent("nora").await);
        let room = self.support_room(ana).await;
        self.says_often(ana, room, count).await;
        (nora, room)
    }
}

async fn a_mark_moves_forward_and_says_what_is_left(db: TestStore) {
    let (nora, room) = db.agent_and_room(10).await;
    for (seq, left, rev) in [(3, 7, 1), (4, 6, 2), (10, 0, 3)] {
        let marked = db.marks(nora, room, seq).await.unwrap().unwrap();
        assert_eq!((marked.user_id, marked.room.id), (nora, room));
        assert_eq!((marked.read_seq, marked.receipt_seq), (Seq(seq), Seq(seq)));
        assert_eq!((marked.unread_count, marked.user_rev), (left, UserRev(rev)));
        let row = db.room_for(nora, room).await.unwrap();
        assert_eq!((row.read_seq, row.unread_count), (Seq(seq), left));
    }
}

async fn a_mark_that_does_not_move_changes_nothing(db: TestStore) {
    let (nora, room) = db.agent_and_room(10).await;
    db.marks(nora, room, 5).await.unwrap();
    for seq in [5, 4, 1, 0, -1, i64::MIN] {
        assert!(db.marks(nora, room, seq).await.unwrap().is_none(), "{seq}");
    }
    assert_eq!(db.rev_of(nora).await, UserRev(1));
    assert_eq!(db.receipts(room).await, BTreeMap::from([(nora, Seq(5))]));
}

async fn who_has_read_nothing_has_no_mark(db: TestStore) {
    let (nora, room) = db.agent_and_room(3).await;
    let empty = db.course_room(&[nora]).await;
    for (room, seq) in [(room, 0), (room, -5), (empty, 0), (empty, 7)] {
        let marked = db.marks(nora, room, seq).await.unwrap();
        assert!(marked.is_none(), "{seq}: {marked:?}");
    }
    assert_eq!(db.rev_of(nora).await, UserRev(0));
    assert!(db.receipts(room).await.is_empty());
}

async fn nobody_has_read_what_is_not_there_yet(db: TestStore) {
    let (nora, room) = db.agent_and_room(10).await;
    let marked = db.marks(nora, room, i64::MAX).await.unwrap().unwrap();
    assert_eq!((marked.read_seq, marked.receipt_seq), (Seq(10), Seq(10)));
    assert!(db.marks(nora, room, 11).await.unwrap().is_none());
}

async fn a_receipt_stays_where_the_own_badge_went_back(db: TestStore) {
    let (nora, room) = db.agent_and_room(10).await;
    db.marks(nora, room, 8).await.unwrap();
    // What "mark as unread" will do.
    db.runs("UPDATE marks SET read_seq = 2").await;
    let marked = db.marks(nora, room, 5).await.unwrap().unwrap();
    assert_eq!((marked.read_seq, marked.receipt_seq), (Seq(5), Seq(8)));
    assert_eq!(marked.unread_count, 5);
    assert_eq!(db.receipts(room).await, BTreeMap::from([(nora, Seq(8))]));
    assert_eq!(db.room_for(nora, room).await.unwrap().read_seq, Seq(5));
    let marked = db.marks(nora, room, 9).await.unwrap().unwrap();
    assert_eq!((marked.read_seq, marked.receipt_seq), (Seq(9), Seq(9)));
}

async fn receipts_are_everybodys_in_that_room(db: TestStore) {
    let (nora, room) = db.agent_and_room(4).await;
    let (otto, ben) = (db.agent("otto").await, db.student("ben").await);
    let other = db.support_room(ben).await;
    db.says(ben, other, "hello").await;
    db.marks(nora, room, 2).await.unwrap();
    db.marks(otto, room, 4).await.unwrap();
    db.marks(nora, other, 1).await.unwrap();
    assert_eq!(
        db.receipts(room).await,
        BTreeMap::from([(nora, Seq(2)), (otto, Seq(4))])
    );
    assert_eq!(db.receipts(other).await, BTreeMap::from([(nora, Seq(1))]));
    assert!(db.receipts(RoomId(999)).await.is_empty());
}

async fn unread_counts_what_others_wrote_after_the_mark(db: TestStore) {
    let (nora, room) = db.agent_and_room(5).await;
    db.says(nora, room, "own").await;
    for (read_seq, expected) in [(-1, 5), (0, 5), (2, 3), (5, 0), (6, 0), (i64::MAX, 0)] {
        let unread =
            db.reads(async |conn| marks::unread(conn, eyes(nora), room, Seq(read_seq)).await);
        assert_eq!(unread.await, expected, "after {read_seq}");
    }
    let unread = db.reads(async |conn| marks::unread(conn, eyes(nora), RoomId(999), Seq(0)).await);
    assert_eq!(unread.await, 0);
}

async fn a_hundred_marks_at_once_leave_the_greatest_and_count_without_holes(db: TestStore) {
    let (nora, room) = db.agent_and_room(100).await;
    let node = db.another_node().await;
    let (db, node) = (&db, &node);
    // Not in order: 37 and 100 have no common divisor.
    let all = (0..100_i64).map(|n| async move {
        let at = if n % 2 == 0 { db } else { node };
        at.marks(nora, room, (n * 37) % 100 + 1).await.unwrap()
    });
    let mut moved: Vec<_> = join_all(all).await.into_iter().flatten().collect();
    moved.sort_by_key(|marked| marked.user_rev);
    let revs: Vec<i64> = moved.iter().map(|marked| marked.user_rev.0).collect();
    assert_eq!(revs, (1..=db.rev_of(nora).await.0).collect::<Vec<_>>());
    assert!(moved.is_sorted_by(|a, b| a.read_seq < b.read_seq));
    assert_eq!(db.receipts(room).await, BTreeMap::from([(nora, Seq(100))]));
}

async fn the_list_counter_grows_with_each_change_of_that_persons_list(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    assert_eq!(db.rev_of(ana).await, UserRev(1));
    db.says(nora, room, "hello").await;
    assert_eq!(db.rev_of(ana).await, UserRev(1), "others' messages do not");
    let marked = db.marks(ana, room, 1).await.unwrap().unwrap();
    assert_eq!(marked.user_rev, UserRev(2));
    db.opens_support(ana).await.unwrap();
    assert_eq!(db.rev_of(ana).await, UserRev(2));
    assert_eq!(db.rev_of(nora).await, UserRev(0));
}

on_both_databases!(
    a_mark_moves_forward_and_says_what_is_left,
    a_mark_that_does_not_move_changes_nothing,
    who_has_read_nothing_has_no_mark,
    nobody_has_read_what_is_not_there_yet,
    a_receipt_stays_where_the_own_badge_went_back,
    receipts_are_everybodys_in_that_room,
    unread_counts_what_others_wrote_after_the_mark,
    a_hundred_marks_at_once_leave_the_greatest_and_count_without_holes,
    the_list_counter_grows_with_each_change_of_that_persons_list,
);
