//! Durable: how every connection is set, and that what does not fit together is refused.

use quad::server::store::Store;
use sqlx::{AssertSqlSafe, Sqlite, SqlitePool, pool::PoolConnection};

use crate::{on_both_databases, store::TestStore};

/// `PRAGMA synchronous` that syncs at every commit.
const FULL: i64 = 2;

async fn every_connection(pool: &SqlitePool) -> Vec<PoolConnection<Sqlite>> {
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        all.push(pool.acquire().await.unwrap());
    }
    all
}

async fn number(connection: &mut PoolConnection<Sqlite>, pragma: &'static str) -> i64 {
    let (number,) = sqlx::query_as::<_, (i64,)>(pragma)
        .fetch_one(&mut **connection)
        .await
        .unwrap();
    number
}

async fn is_durable_sqlite(pool: &SqlitePool, connections: usize) {
    let mut all = every_connection(pool).await;
    assert_eq!(all.len(), connections);
    for connection in &mut all {
        assert_eq!(number(connection, "PRAGMA synchronous").await, FULL);
        assert_eq!(number(connection, "PRAGMA foreign_keys").await, 1);
        assert_eq!(number(connection, "PRAGMA busy_timeout").await, 15_000);
        let (mode,) = sqlx::query_as::<_, (String,)>("PRAGMA journal_mode")
            .fetch_one(&mut **connection)
            .await
            .unwrap();
        assert_eq!(mode, "wal");
    }
}

/// Acknowledged is durable: whatever the database's own default says.
async fn every_connection_commits_durably(db: TestStore) {
    match &db.store {
        Store::Sqlite { read, write } => {
            is_durable_sqlite(write, 1).await;
            is_durable_sqlite(read, 4).await;
        }
        Store::Postgres(pool) => {
            let name = db.url.rsplit('/').next().unwrap();
            db.runs(&format!(
                "ALTER DATABASE {name} SET synchronous_commit = off"
            ))
            .await;
            pool.close().await;
            let Store::Postgres(pool) = Store::open(&db.url).await.unwrap() else {
                panic!("another make of database");
            };
            let mut all = Vec::new();
            for _ in 0..pool.options().get_max_connections() {
                let mut connection = pool.acquire().await.unwrap();
                let show = sqlx::query_as::<_, (String,)>("SHOW synchronous_commit");
                let (word,) = show.fetch_one(&mut *connection).await.unwrap();
                assert_eq!(word, "on");
                all.push(connection);
            }
        }
    }
}

async fn what_points_to_nothing_is_refused(db: TestStore) {
    let (ana, room) = db.talk(1).await;
    db.marks(ana, room, 1).await.unwrap();
    let wrong = [
        "INSERT INTO sessions (user_id, token_hash, created_at, expires_at) VALUES (999, 'x', 0, 0)".to_owned(),
        "UPDATE marks SET room_id = 999".to_owned(),
        "UPDATE room_seq SET room_id = 999".to_owned(),
        "UPDATE rooms SET user_id = 999".to_owned(),
        "UPDATE messages SET sender_id = 999".to_owned(),
        format!("INSERT INTO members (room_id, user_id, role, joined_at) VALUES ({room}, 999, 'member', 0)"),
        format!("DELETE FROM users WHERE id = {ana}"),
        format!("DELETE FROM rooms WHERE id = {room}"),
    ];
    for sql in &wrong {
        assert!(db.tries_sql(sql).await.is_err(), "{sql}");
    }
}

async fn what_must_be_unique_is_refused_twice(db: TestStore) {
    let (ana, room) = db.talk(1).await;
    let message = |seq: i64, key: &str| {
        format!(
            "INSERT INTO messages (room_id, seq, rev, content_rev, sender_id, client_id, kind, audience, content, created_at)
             VALUES ({room}, {seq}, {seq}, {seq}, {ana}, '{key}', 'text', 'all', '', 0)"
        )
    };
    db.runs(&message(2, "key")).await;
    assert!(db.tries_sql(&message(2, "other")).await.is_err(), "a place");
    assert!(db.tries_sql(&message(3, "key")).await.is_err(), "a key");
    db.runs(&message(3, "other")).await;
    let room = format!(
        "INSERT INTO rooms (kind, name, desk, user_id, created_by, created_at) VALUES ('support', '', 'admin', {ana}, {ana}, 0)"
    );
    assert!(db.tries_sql(&room).await.is_err(), "a support room");
}

/// The readers of SQLite cannot write, so that nothing goes past the one writer.
#[tokio::test]
async fn sqlites_readers_cannot_write() {
    let db = TestStore::on_sqlite().await;
    let Store::Sqlite { read, .. } = &db.store else {
        panic!("another make of database");
    };
    for mut connection in every_connection(read).await {
        let sql = AssertSqlSafe("INSERT INTO meta (key, value) VALUES ('a', 'b')".to_owned());
        assert!(sqlx::query(sql).execute(&mut *connection).await.is_err());
    }
    assert_eq!(db.count("meta").await, 0);
}

on_both_databases!(
    every_connection_commits_durably,
    what_points_to_nothing_is_refused,
    what_must_be_unique_is_refused_twice,
);
