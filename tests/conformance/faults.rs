//! SQLite's one writer connection: what breaks it does not stay.

use quad::{model::WireError, server::store::Store};
use sqlx::{Executor, SqlitePool};

use crate::{people::post, store::TestStore};

fn writer_of(db: &TestStore) -> &SqlitePool {
    match &db.store {
        Store::Sqlite { write, .. } => write,
        Store::Postgres(_) => panic!("another make of database"),
    }
}

/// As after a failed write: SQLite has ended the transaction by itself, and sqlx does not know.
#[tokio::test]
async fn a_connection_in_a_transaction_that_is_none_is_replaced() {
    let db = TestStore::on_sqlite().await;
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    db.says(ana, room, "before").await;
    let mut tx = writer_of(&db).begin().await.unwrap();
    tx.execute("ROLLBACK").await.unwrap();
    assert!(tx.rollback().await.is_err(), "the connection is broken");
    db.says(ana, room, "after").await;
    db.assert_dense(room, 2).await;
}

#[tokio::test]
async fn a_full_database_refuses_for_now_and_goes_on_when_there_is_room() {
    let db = TestStore::on_sqlite().await;
    let ana = db.student("ana").await;
    let room = db.support_room(ana).await;
    // Below what there is: SQLite makes it what there is.
    db.runs("PRAGMA max_page_count = 1").await;
    let long = "x".repeat(1000);
    let mut kept = 0;
    let refused = loop {
        match db.posts(post(ana, room, &long)).await {
            Ok(_) => kept += 1,
            Err(refusal) => break refusal,
        }
        assert!(kept < 1000, "it is full some time");
    };
    assert_eq!(refused, WireError::Unavailable);
    db.assert_dense(room, kept).await;
    db.runs("PRAGMA max_page_count = 1000000").await;
    for _ in 0..20 {
        db.says(ana, room, &long).await;
    }
    db.assert_dense(room, kept + 20).await;
}
