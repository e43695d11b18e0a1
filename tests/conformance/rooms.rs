//! Rooms: a support room is made once; what rights and routing are told of rooms.

use futures_util::future::join_all;
use quad::{
    model::{Desk, Membership, Role, RoomId, RoomKind, Seq, Timestamp, UserId, UserRev, WireError},
    server::store::{members, rooms},
};

use crate::{
    on_both_databases,
    store::{NOW, TestStore},
};

impl TestStore {
    async fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.reads(async |conn| members::membership(conn, room, user, NOW).await)
            .await
            .is_some()
    }

    async fn rooms_of(&self, user: UserId) -> Vec<RoomId> {
        let mut ids = self
            .reads(async |conn| rooms::ids_of_person(conn, user).await)
            .await;
        ids.sort();
        ids
    }
}

async fn of_a_hundred_openings_at_once_one_makes_the_room(db: TestStore) {
    let ana = db.student("ana").await;
    let node = db.another_node().await;
    let openings = (0..100).map(|n| [&db, &node][n % 2].opens_support(ana));
    let opened = join_all(openings).await;
    let rooms: Vec<RoomId> = opened
        .iter()
        .map(|opened| opened.as_ref().unwrap().0.id())
        .collect();
    assert!(rooms.iter().all(|id| *id == rooms[0]));
    let made: Vec<UserRev> = opened
        .into_iter()
        .filter_map(|opened| opened.unwrap().1)
        .collect();
    assert_eq!(made, [UserRev(1)]);
    assert_eq!(db.count("rooms").await, 1);
    assert_eq!(db.count("room_seq").await, 1);
    assert_eq!(db.rev_of(ana).await, UserRev(1));
}

async fn a_new_support_room_is_its_persons_and_empty(db: TestStore) {
    let ana = db.student("ana").await;
    let (room, _) = db.opens_support(ana).await.unwrap();
    assert_eq!((room.seq, room.read_seq), (Seq(0), Seq(0)));
    assert_eq!((room.unread_count, &room.last_message), (0, &None));
    let shared = &room.shared;
    assert_eq!((shared.kind, shared.name.as_str()), (RoomKind::Support, ""));
    assert_eq!(shared.created_at, NOW);
    assert_eq!(shared.desk, Some(Desk::default_desk()));
    let card = shared.user.clone().unwrap();
    assert_eq!(
        (card.id, card.name.as_str(), card.role),
        (ana, "ana", Role::Student)
    );
}

async fn a_person_has_one_room_at_each_desk(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let mut ids = Vec::new();
    for (desk, user) in [("admin", ana), ("faculty", ana), ("admin", ben)] {
        let desk = Desk(desk.to_owned());
        for expected in [true, false] {
            let made = db.tries(async |conn| rooms::ensure_support(conn, &desk, user, NOW).await);
            let (id, is_new) = made.await.unwrap();
            assert_eq!(is_new, expected);
            ids.push(id);
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert_eq!(db.count("rooms").await, 3);
}

async fn who_answers_support_has_no_support_room(db: TestStore) {
    for (name, role) in [("nora", Role::Agent), ("head", Role::Admin)] {
        let id = db.person(name, role).await;
        assert_eq!(
            db.opens_support(id).await.unwrap_err(),
            WireError::Forbidden
        );
    }
    let closed = db.student("ana").await;
    db.runs(&format!(
        "UPDATE users SET closed_at = 1 WHERE id = {closed}"
    ))
    .await;
    for nobody in [closed, UserId(999)] {
        assert_eq!(
            db.opens_support(nobody).await.unwrap_err(),
            WireError::Unauthorized
        );
    }
    assert_eq!(db.count("rooms").await, 0);
}

async fn a_room_says_what_rights_need(db: TestStore) {
    let ana = db.student("ana").await;
    let id = db.support_room(ana).await;
    db.runs("UPDATE rooms SET archived_at = 5").await;
    let row = db.reads(async |conn| rooms::by_id(conn, id).await).await;
    let row = row.unwrap();
    assert_eq!((row.id, row.kind), (id, RoomKind::Support));
    assert_eq!(
        (row.desk.clone(), row.user_id),
        (Some(Desk::default_desk()), Some(ana))
    );
    assert_eq!(
        (row.archived_at, row.deleted_at),
        (Some(Timestamp(5)), None)
    );
    let facts = row.facts(Some(Membership::MEMBER), false);
    assert!(facts.membership.is_some() && facts.is_archived && !facts.is_deleted);
    db.runs("UPDATE rooms SET archived_at = NULL, deleted_at = 6")
        .await;
    let row = db.reads(async |conn| rooms::by_id(conn, id).await).await;
    let facts = row.unwrap().facts(None, true);
    assert!(facts.membership.is_none() && !facts.is_archived && facts.is_deleted);
}

async fn a_room_that_is_not_there_is_not_found(db: TestStore) {
    let (ana, room) = (db.student("ana").await, RoomId(999));
    assert!(
        db.reads(async |conn| rooms::by_id(conn, room).await)
            .await
            .is_none()
    );
    let counters = db.reads(async |conn| rooms::counters(conn, &[room]).await);
    assert_eq!(counters.await, []);
    assert!(!db.is_member(room, ana).await);
}

async fn a_member_is_one_until_they_leave(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let (algebra, other) = (
        db.course_room(&[ana, ben]).await,
        db.course_room(&[ben]).await,
    );
    assert!(db.is_member(algebra, ana).await);
    assert!(!db.is_member(other, ana).await);
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE room_id = {algebra} AND user_id = {ana}"
    ))
    .await;
    assert!(!db.is_member(algebra, ana).await);
    assert!(db.is_member(algebra, ben).await);
}

async fn a_persons_rooms_are_their_own_and_those_they_are_in(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let own = db.support_room(ana).await;
    db.support_room(ben).await;
    let joined = db.course_room(&[ben, ana]).await;
    let left = db.course_room(&[ben, ana]).await;
    let gone = db.course_room(&[ben, ana]).await;
    db.runs(&format!(
        "INSERT INTO members (room_id, user_id, role, joined_at) VALUES ({own}, {ana}, 'member', 0)"
    ))
    .await;
    db.runs(&format!(
        "UPDATE members SET left_at = 1 WHERE room_id = {left} AND user_id = {ana}"
    ))
    .await;
    db.runs(&format!(
        "UPDATE rooms SET deleted_at = 1 WHERE id = {gone}"
    ))
    .await;
    assert_eq!(db.rooms_of(ana).await, [own, joined]);
    db.runs(&format!("UPDATE rooms SET deleted_at = 1 WHERE id = {own}"))
        .await;
    assert_eq!(db.rooms_of(ana).await, [joined]);
}

async fn the_id_of_a_deleted_room_is_not_given_again(db: TestStore) {
    let (ana, ben) = (db.student("ana").await, db.student("ben").await);
    let id = db.support_room(ana).await;
    for table in ["support_rooms", "room_seq", "rooms"] {
        db.runs(&format!("DELETE FROM {table}")).await;
    }
    assert!(db.support_room(ben).await > id);
}

on_both_databases!(
    of_a_hundred_openings_at_once_one_makes_the_room,
    a_new_support_room_is_its_persons_and_empty,
    a_person_has_one_room_at_each_desk,
    who_answers_support_has_no_support_room,
    a_room_says_what_rights_need,
    a_room_that_is_not_there_is_not_found,
    a_member_is_one_until_they_leave,
    a_persons_rooms_are_their_own_and_those_they_are_in,
    the_id_of_a_deleted_room_is_not_given_again,
);
