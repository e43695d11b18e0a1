//! The queue of messages and the index that it feeds.
//!
//! The database itself puts every message that is written, changed or emptied into the queue, in the same transaction
//! (triggers of migration 0007). [`feed`] takes the newest from it, a small transaction each time, beside the writer:
//! so sending waits for no index, and nothing is lost between the two.

use sqlx::{AssertSqlSafe, query, query_as, query_scalar};

use crate::{
    model::{MessageId, RoomId, fold::index_terms},
    server::store::{
        Conn, Result, Store,
        conn::on,
        sql_list::{LIST, chunks, list},
    },
};

/// A message in the queue; without a room where it is gone altogether.
type Waiting = (MessageId, Option<RoomId>, Option<String>, bool);

/// What was taken from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fed {
    /// The newest of them.
    pub newest: MessageId,
    /// The oldest.
    pub oldest: MessageId,
}

/// Whether something waits.
pub async fn has_waiting(conn: &mut Conn<'_>) -> Result<bool> {
    let sql = "SELECT message_id FROM search_queue LIMIT 1";
    let id: Option<MessageId> = on!(conn, |c| query_scalar(sql).fetch_optional(c).await)?;
    Ok(id.is_some())
}

/// Brings the newest `most` messages of the queue into the index; none where none waits.
pub async fn feed(store: &Store, most: i64) -> Result<Option<Fed>> {
    let mut tx = store.write().await?;
    let mut conn = tx.conn();
    let waiting = take(&mut conn, most).await?;
    let ids: Vec<MessageId> = waiting.iter().map(|row| row.0).collect();
    forget(&mut conn, &ids).await?;
    for (id, room_id, content, is_deleted) in waiting {
        if let (Some(room_id), Some(content), false) = (room_id, content, is_deleted) {
            insert(&mut conn, id, room_id, &content).await?;
        }
    }
    tx.commit().await?;
    let (newest, oldest) = (ids.first().copied(), ids.last().copied());
    Ok(newest
        .zip(oldest)
        .map(|(newest, oldest)| Fed { newest, oldest }))
}

/// What another node is about to bring in is left to it.
async fn take(conn: &mut Conn<'_>, most: i64) -> Result<Vec<Waiting>> {
    let lock = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR UPDATE OF q SKIP LOCKED",
    };
    let sql = format!(
        "SELECT q.message_id, m.room_id, m.content, m.deleted_at IS NOT NULL
         FROM search_queue q LEFT JOIN messages m ON m.id = q.message_id
         ORDER BY q.message_id DESC LIMIT $1{lock}"
    );
    on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(most)
        .fetch_all(c)
        .await)
}

/// Takes these from the queue, and what the index had of them.
async fn forget(conn: &mut Conn<'_>, ids: &[MessageId]) -> Result<()> {
    let of_index = match conn {
        Conn::Sqlite(_) => "message_search WHERE rowid",
        Conn::Postgres(_) => "message_search WHERE message_id",
    };
    for chunk in chunks(ids, LIST) {
        for rows in ["search_queue WHERE message_id", of_index] {
            let sql = format!("DELETE FROM {rows} IN ({})", list(1, chunk.len()));
            on!(conn, |c| {
                let mut delete = query(AssertSqlSafe(sql));
                for id in chunk {
                    delete = delete.bind(*id);
                }
                delete.execute(c).await.map(drop)
            })?;
        }
    }
    Ok(())
}

/// The term of a room: no word begins with this sign.
pub(super) fn room_term(room_id: RoomId) -> String {
    format!("#{room_id}")
}

async fn insert(conn: &mut Conn<'_>, id: MessageId, room_id: RoomId, content: &str) -> Result<()> {
    let mut terms: Vec<String> = index_terms(content).into_iter().collect();
    terms.push(room_term(room_id));
    match conn {
        Conn::Sqlite(c) => query("INSERT INTO message_search (rowid, terms) VALUES ($1, $2)")
            .bind(id)
            .bind(terms.join(" "))
            .execute(&mut **c)
            .await
            .map(drop),
        Conn::Postgres(c) => query(
            "INSERT INTO message_search (message_id, terms) VALUES ($1, array_to_tsvector($2))",
        )
        .bind(id)
        .bind(terms)
        .execute(&mut **c)
        .await
        .map(drop),
    }
}
