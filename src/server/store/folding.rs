//! What was folded by other rules, or before there were any, is folded anew: once, at start, before anything is served.
//!
//! A word in `meta` says by which rules all rows are folded. Rows are gone through in chunks, each its own transaction;
//! an interrupted start begins again. New rows are folded as they are written.

use sqlx::{query, query_as, query_scalar};

use super::{Conn, Result, Store, conn::on, users::search_folded};
use crate::model::{
    MessageId, RoomId, UserId,
    fold::{VERSION, fold},
};

/// Rows in one transaction: some milliseconds.
const ROWS: i64 = 256;
/// Messages put into the queue in one transaction.
const QUEUED: i64 = 5000;

impl Store {
    /// Folds what is not folded by the rules that hold now.
    pub async fn ensure_folded(&self) -> Result<()> {
        if self.folded_by().await?.as_deref() == Some(VERSION) {
            return Ok(());
        }
        self.fold_people().await?;
        self.fold_rooms().await?;
        self.queue_messages().await?;
        let mut tx = self.write().await?;
        let sql = "INSERT INTO meta (key, value) VALUES ('folded', $1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        on!(&mut tx.conn(), |c| query(sql)
            .bind(VERSION)
            .execute(c)
            .await
            .map(drop))?;
        tx.commit().await
    }

    async fn folded_by(&self) -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE key = 'folded'";
        let mut reader = self.read().await?;
        on!(&mut reader.conn(), |c| query_scalar(sql)
            .fetch_optional(c)
            .await)
    }

    async fn fold_people(&self) -> Result<()> {
        type Person = (UserId, String, String, Option<String>);
        let mut last = UserId(0);
        loop {
            let mut tx = self.write().await?;
            let sql =
                "SELECT id, name, username, email FROM users WHERE id > $1 ORDER BY id LIMIT $2";
            let people: Vec<Person> = on!(&mut tx.conn(), |c| query_as(sql)
                .bind(last)
                .bind(ROWS)
                .fetch_all(c)
                .await)?;
            let Some(newest) = people.last() else {
                return tx.commit().await;
            };
            last = newest.0;
            for (id, name, username, email) in people {
                let search = search_folded(&name, &username, email.as_deref());
                let sql = "UPDATE users SET name_folded = $2, search_folded = $3 WHERE id = $1";
                on!(&mut tx.conn(), |c| query(sql)
                    .bind(id)
                    .bind(fold(&name))
                    .bind(search)
                    .execute(c)
                    .await
                    .map(drop))?;
            }
            tx.commit().await?;
        }
    }

    async fn fold_rooms(&self) -> Result<()> {
        let mut last = RoomId(0);
        loop {
            let mut tx = self.write().await?;
            let sql =
                "SELECT id, name FROM rooms WHERE id > $1 AND name <> '' ORDER BY id LIMIT $2";
            let rooms: Vec<(RoomId, String)> = on!(&mut tx.conn(), |c| query_as(sql)
                .bind(last)
                .bind(ROWS)
                .fetch_all(c)
                .await)?;
            let Some(newest) = rooms.last() else {
                return tx.commit().await;
            };
            last = newest.0;
            for (id, name) in rooms {
                let sql = "UPDATE rooms SET name_folded = $2 WHERE id = $1";
                on!(&mut tx.conn(), |c| query(sql)
                    .bind(id)
                    .bind(fold(&name))
                    .execute(c)
                    .await
                    .map(drop))?;
            }
            tx.commit().await?;
        }
    }

    /// The index has nothing, or something else, of all messages that there are.
    async fn queue_messages(&self) -> Result<()> {
        let mut last = MessageId(0);
        loop {
            let mut tx = self.write().await?;
            let end = end_of_chunk(&mut tx.conn(), last).await?;
            let Some(end) = end else {
                return tx.commit().await;
            };
            let sql = "INSERT INTO search_queue (message_id)
                 SELECT id FROM messages WHERE id > $1 AND id <= $2 AND kind <> 'system'
                 ON CONFLICT (message_id) DO NOTHING";
            on!(&mut tx.conn(), |c| query(sql)
                .bind(last)
                .bind(end)
                .execute(c)
                .await
                .map(drop))?;
            tx.commit().await?;
            last = end;
        }
    }
}

async fn end_of_chunk(conn: &mut Conn<'_>, last: MessageId) -> Result<Option<MessageId>> {
    let sql =
        "SELECT max(id) FROM (SELECT id FROM messages WHERE id > $1 ORDER BY id LIMIT $2) AS next";
    on!(conn, |c| query_scalar(sql)
        .bind(last)
        .bind(QUEUED)
        .fetch_one(c)
        .await)
}
