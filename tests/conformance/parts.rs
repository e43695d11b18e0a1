//! History in parts, as programs ask for it; marks by message, back and forth; somebody else's support room.

use quad::{
    model::{Desk, Message, MessageId, Role, RoomId, Seq, Slice, UserId, UserRev, WireError},
    server::store::{
        history::{self, Bounds},
        marks,
        sight::Sight,
        writer::{Outcome, Write},
    },
};

use crate::{
    on_both_databases,
    people::marked,
    posting::{EVERYTHING, eyes},
    store::TestStore,
};

fn bounds(after: Option<i64>, before: Option<i64>) -> Bounds {
    Bounds {
        after: after.map(Seq),
        before: before.map(Seq),
    }
}

fn seqs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.seq.0).collect()
}

async fn the_newest_and_the_oldest_between_two_places(db: TestStore) {
    let (_, room) = db.talk(10).await;
    for (within, limit, offset, newest, oldest) in [
        ((None, None), 3, 0, vec![8, 9, 10], vec![1, 2, 3]),
        ((None, None), 3, 9, vec![1], vec![1, 2, 3]),
        ((None, None), 3, 10, vec![], vec![1, 2, 3]),
        ((Some(4), Some(8)), 9, 0, vec![5, 6, 7], vec![5, 6, 7]),
        ((Some(4), Some(5)), 9, 0, vec![], vec![]),
        ((Some(i64::MAX), None), 9, 0, vec![], vec![]),
        ((None, Some(i64::MIN)), 9, 0, vec![], vec![]),
    ] {
        let within = bounds(within.0, within.1);
        let slice = Slice { limit, offset };
        let found = db
            .reads(async |conn| history::newest(conn, EVERYTHING, room, within, slice).await)
            .await;
        assert_eq!(seqs(&found), newest, "{within:?} {slice:?}");
        let found = db
            .reads(async |conn| history::oldest(conn, EVERYTHING, room, within, limit).await)
            .await;
        assert_eq!(seqs(&found), oldest, "{within:?} {slice:?}");
    }
    for (most, expected) in [(3, 3), (10, 10), (11, 10)] {
        let count = db.reads(async |conn| history::count(conn, EVERYTHING, room, most).await);
        assert_eq!(count.await, expected);
    }
}

async fn what_is_for_staff_is_left_out_of_every_part(db: TestStore) {
    let (ana, room) = db.talk(4).await;
    let nora = db.agent("nora").await;
    db.says(nora, room, "a note").await;
    db.runs("UPDATE messages SET audience = 'staff' WHERE seq IN (2, 5)")
        .await;
    db.runs("UPDATE messages SET audience = 'staff_and_sender' WHERE seq = 3")
        .await;
    let sight = |reader: UserId, is_staff: bool| Sight { reader, is_staff };
    let other = db.student("ben").await;
    let all = Slice {
        limit: 9,
        offset: 0,
    };
    for (sight, expected) in [
        (sight(nora, true), vec![1, 2, 3, 4, 5]),
        (sight(ana, false), vec![1, 3, 4]),
        (sight(other, false), vec![1, 4]),
    ] {
        let none = Bounds::default();
        let newest = db.reads(async |conn| history::newest(conn, sight, room, none, all).await);
        assert_eq!(seqs(&newest.await), expected);
        let oldest = db.reads(async |conn| history::oldest(conn, sight, room, none, 9).await);
        assert_eq!(seqs(&oldest.await), expected);
        let count = db.reads(async |conn| history::count(conn, sight, room, 9).await);
        assert_eq!(usize::try_from(count.await).unwrap(), expected.len());
    }
}

async fn messages_are_found_by_their_ids_in_whatever_room(db: TestStore) {
    let (ana, room) = db.talk(2).await;
    let ben = db.student("ben").await;
    let other = db.support_room(ben).await;
    let (mine, his) = (
        db.says(ana, room, "a").await,
        db.says(ben, other, "b").await,
    );
    let ids = [mine.id, MessageId(999), his.id, MessageId(-1)];
    let mut found = db
        .reads(async |conn| history::by_ids(conn, &ids).await)
        .await;
    found.sort_by_key(|change| change.message.id);
    let found: Vec<_> = found.into_iter().map(|change| change.message).collect();
    assert_eq!(found, [mine, his]);
    let nothing = db
        .reads(async |conn| history::by_ids(conn, &[]).await)
        .await;
    assert!(nothing.is_empty());
}

async fn what_others_wrote_between_two_places_is_counted(db: TestStore) {
    let (ana, room) = db.talk(4).await;
    let nora = db.agent("nora").await;
    db.says(nora, room, "own").await;
    db.says(ana, room, "six").await;
    for ((after, up_to), expected) in [
        ((0, 6), 5),
        ((2, 4), 2),
        ((4, 5), 0),
        ((4, 6), 1),
        ((6, 2), 0),
    ] {
        let between = (Seq(after), Seq(up_to));
        let count =
            db.reads(async |conn| history::of_others(conn, eyes(nora), room, between).await);
        assert_eq!(count.await, expected, "{between:?}");
    }
}

impl TestStore {
    async fn unreads(
        &self,
        user_id: UserId,
        room_id: RoomId,
        message_id: MessageId,
    ) -> Result<Option<(Seq, Seq, i64, UserRev)>, WireError> {
        let write = Write::MarkUnread {
            user_id,
            room_id,
            message_id,
        };
        let marked = marked(self.writer.write(write).await)?;
        Ok(marked.map(|mark| {
            (
                mark.read_seq,
                mark.receipt_seq,
                mark.unread_count,
                mark.user_rev,
            )
        }))
    }
}

async fn unreading_takes_the_badge_back_and_leaves_the_receipt(db: TestStore) {
    let (ana, room) = db.talk(5).await;
    let nora = db.agent("nora").await;
    let all = Slice {
        limit: 9,
        offset: 0,
    };
    let messages = db
        .reads(async |conn| history::newest(conn, EVERYTHING, room, Bounds::default(), all).await)
        .await;
    let third = messages[2].id;
    assert_eq!(
        db.unreads(nora, room, third).await,
        Ok(None),
        "nothing is read yet"
    );
    db.marks(nora, room, 5).await.unwrap();
    let back = (Seq(2), Seq(5), 3, UserRev(2));
    assert_eq!(db.unreads(nora, room, third).await, Ok(Some(back)));
    assert_eq!(db.unreads(nora, room, third).await, Ok(None));
    assert_eq!(
        db.unreads(nora, room, messages[4].id).await,
        Ok(None),
        "never forward"
    );
    assert_eq!(db.rev_of(nora).await, UserRev(2));
    let receipts = db
        .reads(async |conn| marks::receipts(conn, room).await)
        .await;
    assert_eq!(receipts.into_iter().collect::<Vec<_>>(), [(nora, Seq(5))]);

    let ben = db.student("ben").await;
    let other = db.support_room(ben).await;
    let elsewhere = db.says(ben, other, "elsewhere").await.id;
    for (who, room, message) in [
        (nora, room, elsewhere),
        (nora, room, MessageId(999)),
        (nora, RoomId(999), third),
        (ben, room, third),
    ] {
        assert_eq!(
            db.unreads(who, room, message).await,
            Err(WireError::NotFound)
        );
    }
    // What one may not see cannot be named.
    db.marks(ana, room, 5).await.unwrap();
    db.runs("UPDATE messages SET audience = 'staff' WHERE seq = 4")
        .await;
    assert_eq!(
        db.unreads(ana, room, messages[3].id).await,
        Err(WireError::NotFound)
    );
}

async fn somebody_who_answers_opens_anothers_support_room(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let tom = db.person("tom", Role::Teacher).await;
    let open = async |by: UserId, user_id: UserId| {
        let desk = Desk::default_desk();
        match db
            .writer
            .write(Write::OpenSupportRoomOf { by, user_id, desk })
            .await?
        {
            Outcome::SupportRoom { room, is_new } => Ok((room.id(), is_new)),
            other => panic!("not a support room: {other:?}"),
        }
    };
    let (room, is_new) = open(nora, ana).await.unwrap();
    assert_eq!(is_new, Some(UserRev(1)), "it is in the person's list");
    assert_eq!(open(nora, ana).await, Ok((room, None)));
    assert_eq!(db.support_room(ana).await, room);
    assert!(open(nora, tom).await.unwrap().1.is_some());
    for by in [ana, tom] {
        assert_eq!(open(by, ana).await, Err(WireError::Forbidden));
    }
    let closed = db.student("cem").await;
    db.runs(&format!(
        "UPDATE users SET closed_at = 1 WHERE id = {closed}"
    ))
    .await;
    for nobody in [nora, closed, UserId(999)] {
        assert_eq!(open(nora, nobody).await, Err(WireError::NotFound));
    }
    assert_eq!(open(closed, ana).await, Err(WireError::Unauthorized));
}

on_both_databases!(
    the_newest_and_the_oldest_between_two_places,
    what_is_for_staff_is_left_out_of_every_part,
    messages_are_found_by_their_ids_in_whatever_room,
    what_others_wrote_between_two_places_is_counted,
    unreading_takes_the_badge_back_and_leaves_the_receipt,
    somebody_who_answers_opens_anothers_support_room,
);
