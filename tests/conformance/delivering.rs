//! What has come to whom: forward only, beside the receipts, with the same counter, and never in rooms of many.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use quad::{
    model::{MarksRev, RoomId, Seq, UserId, UserRev, WireError},
    server::store::{
        marks::{self, Reach},
        rooms,
        writer::{Delivered, Outcome},
    },
};

use crate::{on_both_databases, people::delivery, store::TestStore};

impl TestStore {
    async fn delivers(
        &self,
        user: UserId,
        room: RoomId,
        seq: i64,
    ) -> Result<Option<Delivered>, WireError> {
        match self.writer.write(delivery(user, room, seq)).await? {
            Outcome::Delivered(delivered) => Ok(delivered.map(|delivered| *delivered)),
            other => panic!("not a delivery: {other:?}"),
        }
    }

    /// How far it has come now, and the counter after that; none: nothing was new.
    async fn comes(&self, user: UserId, room: RoomId, seq: i64) -> Option<(i64, i64)> {
        let delivered = self.delivers(user, room, seq).await.unwrap();
        delivered.map(|delivered| (delivered.delivered_seq.0, delivered.marks_rev.0))
    }

    async fn deliveries(&self, room: RoomId) -> BTreeMap<UserId, Seq> {
        self.reads(async |conn| marks::deliveries(conn, room).await)
            .await
    }

    async fn read_in(&self, room: RoomId) -> BTreeMap<UserId, Seq> {
        self.reads(async |conn| marks::receipts(conn, room).await)
            .await
    }

    async fn marks_rev(&self, room: RoomId) -> MarksRev {
        let at = self.reads(async |conn| rooms::counters(conn, &[room]).await);
        at.await[0].marks_rev
    }
}

async fn what_has_come_goes_forward_only_and_not_beyond_the_end(db: TestStore) {
    let (ana, room) = db.talk(5).await;
    let nora = db.agent("nora").await;
    for (seq, expected) in [
        (2, Some((2, 1))),
        (2, None),
        (1, None),
        (0, None),
        (-1, None),
        (i64::MIN, None),
        (4, Some((4, 2))),
        (i64::MAX, Some((5, 3))),
        (6, None),
    ] {
        assert_eq!(db.comes(nora, room, seq).await, expected, "{seq}");
    }
    assert_eq!(db.deliveries(room).await, BTreeMap::from([(nora, Seq(5))]));
    assert_eq!(db.marks_rev(room).await, MarksRev(3), "without holes");
    assert_eq!(db.comes(ana, room, 1).await, Some((1, 4)));
    let both = [(nora, Seq(5)), (ana, Seq(1))];
    assert_eq!(db.deliveries(room).await, BTreeMap::from(both));
    assert!(db.deliveries(RoomId(999)).await.is_empty());
}

async fn who_has_received_and_read_nothing_has_read_nothing(db: TestStore) {
    let (_, room) = db.talk(4).await;
    let nora = db.agent("nora").await;
    let before = db.room_for(nora, room).await.unwrap();
    assert_eq!((before.unread_count, before.read_seq), (4, Seq(0)));
    db.comes(nora, room, 4).await.unwrap();
    assert_eq!(db.rev_of(nora).await, UserRev(0), "her list is the same");
    assert_eq!(db.room_for(nora, room).await.unwrap(), before);
    assert!(db.read_in(room).await.is_empty());
    let of_rooms = db.reads(async |conn| marks::receipts_of(conn, &[room]).await);
    assert!(of_rooms.await.is_empty());
    let of_rooms = db.reads(async |conn| marks::deliveries_of(conn, &[room, RoomId(999)]).await);
    let expected = BTreeMap::from([(room, BTreeMap::from([(nora, Seq(4))]))]);
    assert_eq!(of_rooms.await, expected);
    // And reads then, as anybody does.
    let marked = db.marks(nora, room, 3).await.unwrap().unwrap();
    assert_eq!((marked.read_seq, marked.receipt_seq), (Seq(3), Seq(3)));
    assert_eq!((marked.unread_count, marked.user_rev), (1, UserRev(1)));
    assert_eq!(db.read_in(room).await, BTreeMap::from([(nora, Seq(3))]));
    assert_eq!(db.deliveries(room).await, BTreeMap::from([(nora, Seq(4))]));
}

async fn what_is_read_has_come(db: TestStore) {
    let (_, room) = db.talk(5).await;
    let nora = db.agent("nora").await;
    db.marks(nora, room, 3).await.unwrap().unwrap();
    assert_eq!(db.comes(nora, room, 3).await, None);
    assert_eq!(db.comes(nora, room, 2).await, None);
    let known = db.reads(async |conn| marks::delivered_seq(conn, nora, room).await);
    assert_eq!(known.await, Seq(3));
    assert!(db.deliveries(room).await.is_empty());
    assert_eq!(db.marks_rev(room).await, MarksRev(1));
    assert_eq!(db.comes(nora, room, 4).await, Some((4, 2)));
    let known = db.reads(async |conn| marks::delivered_seq(conn, nora, room).await);
    assert_eq!(known.await, Seq(4));
    let unknown = db.reads(async |conn| marks::delivered_seq(conn, nora, RoomId(999)).await);
    assert_eq!(unknown.await, Seq(0));
}

async fn who_missed_it_finds_each_as_it_is_now(db: TestStore) {
    let (ana, room) = db.talk(5).await;
    let (nora, otto) = (db.agent("nora").await, db.agent("otto").await);
    db.comes(nora, room, 2).await.unwrap();
    db.comes(ana, room, 4).await.unwrap();
    db.marks(ana, room, 1).await.unwrap().unwrap();
    db.comes(nora, room, 3).await.unwrap();
    // The first of those who answer is enough.
    assert_eq!(db.comes(otto, room, 3).await, None);
    let reach = |user_id, receipt: i64, delivered: i64| Reach {
        user_id,
        receipt_seq: Seq(receipt),
        delivered_seq: Seq(delivered),
    };
    let expected = [reach(ana, 1, 4), reach(nora, 0, 3)];
    for (since, expected) in [(0, &expected[..]), (3, &expected[1..]), (4, &[])] {
        let after = db.reads(async |conn| marks::receipts_after(conn, room, MarksRev(since)).await);
        assert_eq!(after.await, expected, "{since}");
    }
}

async fn rooms_of_many_keep_nothing_of_it(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    db.says(ana, room, "hello").await;
    assert_eq!(db.comes(ben, room, 1).await, None);
    assert_eq!(db.count("marks").await, 0);
    assert_eq!(db.marks_rev(room).await, MarksRev(0));
}

async fn what_is_not_ones_own_has_not_come(db: TestStore) {
    let (_, room) = db.talk(2).await;
    let ben = db.student("ben").await;
    for room in [room, RoomId(999)] {
        let refused = db.delivers(ben, room, 1).await.unwrap_err();
        assert_eq!(refused, WireError::NotFound);
    }
    assert_eq!(db.count("marks").await, 0);
}

async fn at_once_on_two_nodes_the_counter_has_no_hole(db: TestStore) {
    let (_, room) = db.talk(40).await;
    let nora = db.agent("nora").await;
    let node = db.another_node().await;
    let (db, node) = (&db, &node);
    // Not in order, and read in between: 37 and 40 have no common divisor.
    let all = (0..40_i64).map(|n| async move {
        let at = if n % 2 == 0 { db } else { node };
        let seq = (n * 37) % 40 + 1;
        if n % 5 == 0 {
            let marked = at.marks(nora, room, seq).await.unwrap();
            marked.map(|marked| marked.marks_rev)
        } else {
            let delivered = at.delivers(nora, room, seq).await.unwrap();
            delivered.map(|delivered| delivered.marks_rev)
        }
    });
    let mut revs: Vec<_> = join_all(all).await.into_iter().flatten().collect();
    revs.sort_unstable();
    let last = db.marks_rev(room).await;
    assert_eq!(revs, (1..=last.0).map(MarksRev).collect::<Vec<_>>());
    let known = db.reads(async |conn| marks::delivered_seq(conn, nora, room).await);
    assert_eq!(known.await, Seq(40));
}

on_both_databases!(
    what_has_come_goes_forward_only_and_not_beyond_the_end,
    who_has_received_and_read_nothing_has_read_nothing,
    what_is_read_has_come,
    who_missed_it_finds_each_as_it_is_now,
    rooms_of_many_keep_nothing_of_it,
    what_is_not_ones_own_has_not_come,
    at_once_on_two_nodes_the_counter_has_no_hole,
);
