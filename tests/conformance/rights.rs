//! Rights inside the writer's transaction: who is refused, and how.

use quad::{
    model::{Role, RoomId, Seq, UserId, WireError},
    server::store::post::NewPost,
};

use crate::{on_both_databases, people::post, store::TestStore};

const NOBODY: UserId = UserId(999);

impl TestStore {
    /// What comes of posting and of marking.
    async fn verdicts(&self, user: UserId, room: RoomId) -> [Result<(), WireError>; 2] {
        [
            self.posts(post(user, room, "hello")).await.map(drop),
            self.marks(user, room, 1).await.map(drop),
        ]
    }

    async fn closes(&self, user: UserId) {
        self.runs(&format!("UPDATE users SET closed_at = 1 WHERE id = {user}"))
            .await;
    }
}

fn both(error: WireError) -> [Result<(), WireError>; 2] {
    [Err(error.clone()), Err(error)]
}

async fn a_support_room_is_open_to_its_person_and_its_desk_alone(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    for (name, role) in [("nora", Role::Agent), ("head", Role::Admin)] {
        let staff = db.person(name, role).await;
        assert_eq!(db.verdicts(staff, room).await, [Ok(()), Ok(())], "{name}");
    }
    assert_eq!(db.verdicts(ana, room).await, [Ok(()), Ok(())]);
    for (name, role) in [("ben", Role::Student), ("tom", Role::Teacher)] {
        let other = db.person(name, role).await;
        assert_eq!(db.verdicts(other, room).await, both(WireError::NotFound));
    }
    db.assert_dense(room, 3).await;
}

async fn another_desks_room_is_hidden_from_those_who_do_not_answer_there(db: TestStore) {
    let (ana, nora) = (db.student("ana").await, db.agent("nora").await);
    let room = db.support_room(ana).await;
    db.runs("UPDATE rooms SET desk = 'faculty'").await;
    assert_eq!(db.verdicts(nora, room).await, both(WireError::NotFound));
    assert_eq!(db.verdicts(ana, room).await, [Ok(()), Ok(())]);
}

async fn other_rooms_are_open_to_members_until_they_leave(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let head = db.person("head", Role::Admin).await;
    let room = db.course_room(&[ana, ben]).await;
    assert_eq!(db.verdicts(ben, room).await, [Ok(()), Ok(())]);
    assert_eq!(db.verdicts(head, room).await, both(WireError::NotFound));
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE user_id = {ben}"
    ))
    .await;
    assert_eq!(db.verdicts(ben, room).await, both(WireError::NotFound));
    assert_eq!(db.verdicts(ana, room).await, [Ok(()), Ok(())]);
}

async fn an_archived_room_is_read_only_and_a_deleted_one_is_gone(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "hello").await;
    db.runs("UPDATE rooms SET archived_at = 1").await;
    assert_eq!(
        db.verdicts(ana, room).await,
        [Err(WireError::Archived), Ok(())]
    );
    db.runs("UPDATE rooms SET deleted_at = 1").await;
    assert_eq!(db.verdicts(ana, room).await, both(WireError::NotFound));
    db.assert_dense(room, 1).await;
}

async fn a_room_that_is_not_there_is_answered_like_a_hidden_one(db: TestStore) {
    let ana = db.student("ana").await;
    for room in [RoomId(999), RoomId(0), RoomId(-1), RoomId(i64::MAX)] {
        assert_eq!(db.verdicts(ana, room).await, both(WireError::NotFound));
    }
}

async fn nobody_and_closed_accounts_are_not_signed_in(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.closes(ana).await;
    for user in [ana, NOBODY] {
        assert_eq!(db.verdicts(user, room).await, both(WireError::Unauthorized));
        assert_eq!(
            db.verdicts(user, RoomId(999)).await,
            both(WireError::Unauthorized)
        );
    }
    assert_eq!(db.count("messages").await, 0);
    assert_eq!(db.count("marks").await, 0);
}

async fn a_key_sent_again_is_judged_again_before_it_is_answered(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.course_room(&[ana]).await;
    let first = post(ana, room, "hello");
    db.posts(first.clone()).await.unwrap();
    db.runs("UPDATE members SET left_at = 1").await;
    let refused = db.posts(first.clone()).await.unwrap_err();
    assert_eq!(refused, WireError::NotFound);
    db.closes(ana).await;
    let refused = db.posts(first).await.unwrap_err();
    assert_eq!(refused, WireError::Unauthorized);
}

async fn a_refused_key_is_free_for_the_next_try(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let wrong = post(ana, RoomId(999), "hello");
    db.posts(wrong.clone()).await.unwrap_err();
    let right = NewPost {
        room_id: room,
        ..wrong
    };
    let posted = db.posts(right).await.unwrap();
    assert!(posted.is_new);
    assert_eq!(posted.message.seq, Seq(1));
}

async fn a_text_with_a_nul_is_refused_and_takes_no_place(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    for text in ["\0", "a\0b", "ends with it\0"] {
        let refused = db.posts(post(ana, room, text)).await.unwrap_err();
        assert!(matches!(refused, WireError::Invalid { .. }), "{refused:?}");
    }
    db.says(ana, room, "without").await;
    db.assert_dense(room, 1).await;
}

on_both_databases!(
    a_support_room_is_open_to_its_person_and_its_desk_alone,
    another_desks_room_is_hidden_from_those_who_do_not_answer_there,
    other_rooms_are_open_to_members_until_they_leave,
    an_archived_room_is_read_only_and_a_deleted_one_is_gone,
    a_room_that_is_not_there_is_answered_like_a_hidden_one,
    nobody_and_closed_accounts_are_not_signed_in,
    a_key_sent_again_is_judged_again_before_it_is_answered,
    a_refused_key_is_free_for_the_next_try,
    a_text_with_a_nul_is_refused_and_takes_no_place,
);
