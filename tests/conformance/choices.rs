//! What people want of rooms: each for themselves, told once, with the list counter.

use quad::{
    model::{RoomChoice, RoomId, UserId, UserRev, WireError},
    server::store::writer::{Chosen, Outcome, Write},
};

use crate::{on_both_databases, store::TestStore};

impl TestStore {
    async fn chooses(
        &self,
        user_id: UserId,
        room_id: RoomId,
        choice: RoomChoice,
    ) -> Result<Option<Chosen>, WireError> {
        let write = Write::Choose {
            user_id,
            room_id,
            choice,
        };
        match self.writer.write(write).await? {
            Outcome::Chosen(chosen) => Ok(chosen),
            other => panic!("{other:?}"),
        }
    }
}

async fn each_wants_for_themselves_and_is_told_what_changed(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana, ben]).await;
    let other = db.course_room(&[ana]).await;
    let before = db.rev_of(ana).await;
    let chosen = db.chooses(ana, room, RoomChoice::Quiet(true)).await;
    let chosen = chosen.unwrap().unwrap();
    assert_eq!((chosen.user_id, chosen.room_id), (ana, room));
    assert_eq!(
        (chosen.choices.is_quiet, chosen.choices.is_pinned),
        (true, false)
    );
    assert_eq!(chosen.user_rev, UserRev(before.0 + 1));
    let chosen = db.chooses(ana, room, RoomChoice::Pinned(true)).await;
    let chosen = chosen.unwrap().unwrap();
    assert_eq!(
        (chosen.choices.is_quiet, chosen.choices.is_pinned),
        (true, true)
    );
    let wants = async |user, room| {
        let row = db.room_for(user, room).await.unwrap();
        (row.is_quiet, row.is_pinned)
    };
    assert_eq!(wants(ana, room).await, (true, true));
    assert_eq!(wants(ana, other).await, (false, false));
    assert_eq!(wants(ben, room).await, (false, false));
}

async fn what_is_so_already_changes_nothing(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.course_room(&[ana]).await;
    let before = db.rev_of(ana).await;
    for choice in [RoomChoice::Quiet(false), RoomChoice::Pinned(false)] {
        assert!(db.chooses(ana, room, choice).await.unwrap().is_none());
    }
    assert_eq!(db.rev_of(ana).await, before);
}

async fn who_is_not_inside_is_answered_as_if_there_were_nothing(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let room = db.course_room(&[ana]).await;
    let choice = RoomChoice::Pinned(true);
    for room in [room, RoomId(999_999)] {
        let refused = db.chooses(ben, room, choice).await;
        assert!(matches!(refused, Err(WireError::NotFound)), "{refused:?}");
    }
}

on_both_databases!(
    each_wants_for_themselves_and_is_told_what_changed,
    what_is_so_already_changes_nothing,
    who_is_not_inside_is_answered_as_if_there_were_nothing,
);
