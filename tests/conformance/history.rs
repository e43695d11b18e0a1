//! History: pages of older messages, exact at every border, of one room and one moment.

use quad::{
    model::{Message, Role, RoomId, Seq, UserId, limits::SNAPSHOT_MESSAGES},
    server::store::{messages, rooms, sight::Sight, users},
};

use crate::{
    on_both_databases,
    people::account,
    posting::EVERYTHING,
    store::{NOW, TestStore},
};

/// What a page asks for: one more than it holds; whether that comes says whether there are older ones.
fn one_more_than_a_page() -> i64 {
    i64::try_from(SNAPSHOT_MESSAGES).unwrap() + 1
}

impl TestStore {
    async fn page(&self, room: RoomId, before: Option<i64>, limit: i64) -> Vec<i64> {
        let page = self.reads(async |conn| {
            messages::before(conn, EVERYTHING, room, before.map(Seq), limit).await
        });
        page.await.iter().map(|message| message.seq.0).collect()
    }

    /// A student, and their support room with so many messages.
    pub async fn talk(&self, count: usize) -> (UserId, RoomId) {
        let ana = self.student("ana").await;
        let room = self.support_room(ana).await;
        self.says_often(ana, room, count).await;
        (ana, room)
    }
}

async fn a_full_page_has_older_ones_from_the_fifty_first_message_on(db: TestStore) {
    let (ana, room) = db.talk(50).await;
    let limit = one_more_than_a_page();
    assert_eq!(
        db.page(room, None, limit).await,
        (1..=50).collect::<Vec<_>>()
    );
    db.says(ana, room, "one more").await;
    assert_eq!(
        db.page(room, None, limit).await,
        (1..=51).collect::<Vec<_>>()
    );
    db.says(ana, room, "and one").await;
    assert_eq!(
        db.page(room, None, limit).await,
        (2..=52).collect::<Vec<_>>()
    );
    assert_eq!(
        db.page(room, Some(52), limit).await,
        (1..=51).collect::<Vec<_>>()
    );
    assert_eq!(
        db.page(room, Some(51), limit).await,
        (1..=50).collect::<Vec<_>>()
    );
}

async fn pages_joined_are_the_whole_history(db: TestStore) {
    let (_, room) = db.talk(125).await;
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = db.page(room, before, 50).await;
        let Some(first) = page.first() else { break };
        before = Some(*first);
        pages.push(page);
        assert!(pages.len() < 10, "it comes to an end");
    }
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [50, 50, 25]);
    let joined: Vec<i64> = pages.into_iter().rev().flatten().collect();
    assert_eq!(joined, (1..=125).collect::<Vec<_>>());
}

async fn a_page_ends_before_the_place_it_is_asked_for(db: TestStore) {
    let (_, room) = db.talk(10).await;
    let none: [i64; 0] = [];
    for before in [i64::MIN, -1, 0, 1] {
        assert_eq!(db.page(room, Some(before), 50).await, none, "{before}");
    }
    assert_eq!(db.page(room, Some(2), 50).await, [1]);
    assert_eq!(db.page(room, Some(10), 3).await, [7, 8, 9]);
    for before in [11, 999, i64::MAX] {
        assert_eq!(db.page(room, Some(before), 3).await, [8, 9, 10], "{before}");
    }
    assert_eq!(db.page(room, None, 0).await, none);
}

async fn a_page_is_one_rooms(db: TestStore) {
    let ana = db.student("ana").await;
    let rooms = [db.support_room(ana).await, db.course_room(&[ana]).await];
    for n in 0..6 {
        db.says(ana, rooms[n % 2], &format!("room {}", n % 2)).await;
    }
    for (n, room) in rooms.into_iter().enumerate() {
        let all: Vec<Message> = db.all_in(room).await;
        assert_eq!(all.len(), 3);
        assert!(
            all.iter()
                .all(|m| m.room_id == room && m.content == format!("room {n}"))
        );
    }
    assert!(db.all_in(RoomId(999)).await.is_empty());
}

async fn a_page_goes_by_places_and_not_by_times_or_changes(db: TestStore) {
    let (_, room) = db.talk(5).await;
    db.runs("UPDATE messages SET created_at = 100 - seq, rev = 100 - seq")
        .await;
    assert_eq!(db.page(room, Some(5), 3).await, [2, 3, 4]);
}

async fn a_page_leaves_out_what_is_not_for_the_readers_eyes(db: TestStore) {
    let (ana, ben, nora) = (
        db.student("ana").await,
        db.student("ben").await,
        db.agent("nora").await,
    );
    let room = db.course_room(&[ana, ben]).await;
    for (sender, audience) in [
        (ana, "all"),
        (ben, "staff"),
        (ana, "staff_and_sender"),
        (ben, "staff_and_sender"),
        (ben, "all"),
    ] {
        let id = db.says(sender, room, audience).await.id;
        db.runs(&format!(
            "UPDATE messages SET audience = '{audience}' WHERE id = {id}"
        ))
        .await;
    }
    for (reader, is_staff, expected) in [
        (ana, false, &[1, 3, 5][..]),
        (ben, false, &[1, 4, 5]),
        (nora, false, &[1, 5]),
        (nora, true, &[1, 2, 3, 4, 5]),
    ] {
        let sight = Sight { reader, is_staff };
        let page = db.reads(async |conn| messages::before(conn, sight, room, None, 5).await);
        let seqs: Vec<i64> = page.await.iter().map(|message| message.seq.0).collect();
        assert_eq!(seqs, expected);
        let last = db.reads(async |conn| messages::before(conn, sight, room, None, 2).await);
        assert_eq!(
            last.await.len(),
            2,
            "the page is filled with what may be seen"
        );
    }
}

async fn a_snapshot_is_of_one_moment(db: TestStore) {
    let (ana, room) = db.talk(3).await;
    let mut tx = db.store.snapshot().await.unwrap();
    let before = rooms::counters(&mut tx.conn(), &[room]).await.unwrap();
    db.says(ana, room, "meanwhile").await;
    let mut conn = tx.conn();
    let page = messages::before(&mut conn, EVERYTHING, room, None, 50)
        .await
        .unwrap();
    assert_eq!(page.len(), 3);
    assert_eq!(rooms::counters(&mut conn, &[room]).await.unwrap(), before);
    tx.commit().await.unwrap();
    db.assert_dense(room, 4).await;
}

async fn nothing_is_written_in_a_snapshot(db: TestStore) {
    let mut tx = db.store.snapshot().await.unwrap();
    let new = account("ana", Role::Student);
    assert!(users::insert(&mut tx.conn(), &new, NOW).await.is_err());
    tx.rollback().await.unwrap();
    assert_eq!(db.reads(users::count).await, 0);
}

on_both_databases!(
    a_full_page_has_older_ones_from_the_fifty_first_message_on,
    pages_joined_are_the_whole_history,
    a_page_ends_before_the_place_it_is_asked_for,
    a_page_is_one_rooms,
    a_page_goes_by_places_and_not_by_times_or_changes,
    a_page_leaves_out_what_is_not_for_the_readers_eyes,
    a_snapshot_is_of_one_moment,
    nothing_is_written_in_a_snapshot,
);
