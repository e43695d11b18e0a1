//! Commits: what waits together is one transaction, of any size.

use quad::{
    model::{RoomId, UserId},
    server::store::{Store, writer::Write},
};

use crate::{
    on_both_databases,
    people::{places, post},
    store::TestStore,
};

/// A header, and what stands before each page (see "The Write-Ahead Log" in SQLite's description of its files).
const WAL_HEADER: usize = 32;
const WAL_FRAME_HEADER: usize = 24;

impl TestStore {
    /// How many transactions have been committed: on SQLite at all, on PostgreSQL those that left a message.
    pub async fn commits(&self) -> i64 {
        if let Store::Postgres(_) = &self.store {
            let distinct = self.finds::<(i64,)>("SELECT count(DISTINCT xmin::text) FROM messages");
            return distinct.await[0].0;
        }
        let path = self.url.trim_start_matches("sqlite://");
        let log = std::fs::read(format!("{path}-wal")).unwrap();
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        let page_size = usize::try_from(number(&log[8..12])).unwrap();
        let frames = log[WAL_HEADER..].chunks_exact(WAL_FRAME_HEADER + page_size);
        // The last frame of a transaction says how large the database is after it.
        let commits = frames.filter(|frame| number(&frame[4..8]) > 0).count();
        i64::try_from(commits).unwrap()
    }
}

async fn what_waits_together_is_committed_together(db: TestStore) {
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    let hello = || Write::Post(post(ana, room, "hello"));
    let before = db.commits().await;
    db.writes_together((0..256).map(|_| hello()).collect())
        .await;
    assert_eq!(db.commits().await, before + 1);
    for n in 2..=3 {
        db.writes_together(vec![hello()]).await;
        assert_eq!(db.commits().await, before + n);
    }
    db.assert_dense(room, 258).await;
}

/// Statements are padded and cut to sizes of powers of two; every size must lose and double nothing.
async fn every_size_of_batch_is_written_whole(db: TestStore) {
    let names = (0..256).map(|n| db.student_and_room(n));
    let mut people = Vec::new();
    for person in names {
        people.push(person.await);
    }
    for (round, size) in [1, 2, 3, 5, 7, 64, 65, 127, 129, 255, 256, 300]
        .into_iter()
        .enumerate()
    {
        let before = db.count("messages").await;
        let batch = (0..size).map(|n| {
            let (id, room) = people[n % 256];
            Write::Post(post(id, room, &format!("round {round}")))
        });
        let results = places(db.writes_together(batch.collect()).await);
        assert!(results.iter().all(Result::is_ok), "{size}: {results:?}");
        let written = i64::try_from(size).unwrap();
        assert_eq!(db.count("messages").await, before + written);
    }
    db.assert_dense(people[0].1, 13).await;
    db.assert_dense(people[255].1, 2).await;
}

impl TestStore {
    async fn student_and_room(&self, n: usize) -> (UserId, RoomId) {
        let id = self.student(&format!("student {n}")).await;
        (id, self.support_room(id).await)
    }
}

on_both_databases!(in one thread:
    what_waits_together_is_committed_together,
    every_size_of_batch_is_written_whole,
);
