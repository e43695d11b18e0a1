//! Imports: many accounts that come all or not at all, though they are written in portions.
//!
//! First every account is written closed, with the number of its import; nobody sees them, and they can be taken back.
//! Then one row says that the import is decided: from that moment they come, whatever happens. Then they are opened,
//! portion by portion. An import that was left half way goes the way that its row says.

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{chunks, list, rows},
    users::{NewUser, search_folded},
};
use crate::model::{Timestamp, UserId, fold::fold};

/// Accounts in one statement.
const ROWS: usize = 16;
/// Columns of each.
const COLUMNS: usize = 14;

/// An import that is under way, or was left half way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ImportRow {
    /// Its number.
    pub id: i64,
    /// Who imports; none: the command line.
    pub actor_id: Option<UserId>,
    /// When it was decided that its accounts come.
    pub decided_at: Option<Timestamp>,
}

/// Begins an import.
pub async fn insert(conn: &mut Conn<'_>, by: Option<UserId>, now: Timestamp) -> Result<i64> {
    let sql = "INSERT INTO imports (actor_id, touched_at) VALUES ($1, $2) RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(by)
        .bind(now)
        .fetch_one(c)
        .await)
}

/// Writes accounts of an import, closed; answers each that was written by its folded name. Others are taken.
pub async fn stage(
    conn: &mut Conn<'_>,
    id: i64,
    users: &[&NewUser],
    now: Timestamp,
) -> Result<Vec<(String, UserId)>> {
    let mut staged = Vec::with_capacity(users.len());
    for chunk in chunks(users, ROWS) {
        let sql = format!(
            "INSERT INTO users (username, username_folded, name, email, role, language, time_zone, password_hash,
                 created_at, email_folded, name_folded, search_folded, closed_at, import_id)
             VALUES {} ON CONFLICT (username_folded) DO NOTHING RETURNING username_folded, id",
            rows(chunk.len(), COLUMNS)
        );
        let written: Vec<(String, UserId)> = on!(conn, |c| {
            let mut insert = query_as(AssertSqlSafe(sql));
            for user in chunk {
                let email = user.email.as_deref();
                let hash = Some(&user.password_hash).filter(|hash| !hash.is_empty());
                insert = insert
                    .bind(&user.username)
                    .bind(&user.username_folded)
                    .bind(&user.name)
                    .bind(email)
                    .bind(user.role)
                    .bind(&user.language)
                    .bind(&user.time_zone)
                    .bind(hash)
                    .bind(now)
                    .bind(email.map(str::to_lowercase))
                    .bind(fold(&user.name))
                    .bind(search_folded(&user.name, &user.username, email))
                    .bind(now)
                    .bind(id);
            }
            insert.fetch_all(c).await
        })?;
        staged.extend(written);
    }
    Ok(staged)
}

/// The import of that number.
pub async fn by_id(conn: &mut Conn<'_>, id: i64) -> Result<Option<ImportRow>> {
    let sql = "SELECT id, actor_id, decided_at FROM imports WHERE id = $1";
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// Imports at which nobody has worked since then.
pub async fn left_since(conn: &mut Conn<'_>, then: Timestamp) -> Result<Vec<ImportRow>> {
    let sql =
        "SELECT id, actor_id, decided_at FROM imports WHERE touched_at < $1 ORDER BY id LIMIT 100";
    on!(conn, |c| query_as(sql).bind(then).fetch_all(c).await)
}

/// Accounts of an import that are not open yet, at most `limit`.
pub async fn waiting(conn: &mut Conn<'_>, id: i64, limit: i64) -> Result<Vec<UserId>> {
    let sql = "SELECT id FROM users WHERE import_id = $1 ORDER BY id LIMIT $2";
    on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Says that somebody is at work at an import; false where it is gone.
pub async fn touch(conn: &mut Conn<'_>, id: i64, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE imports SET touched_at = $2 WHERE id = $1";
    changed(on!(conn, |c| query(sql)
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())))
}

/// Decides that the accounts of an import come; false where it is gone.
pub async fn decide(conn: &mut Conn<'_>, id: i64, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE imports SET decided_at = $2, touched_at = $2 WHERE id = $1";
    changed(on!(conn, |c| query(sql)
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())))
}

fn changed(rows: Result<u64>) -> Result<bool> {
    rows.map(|rows| rows > 0)
}

/// Opens these accounts.
pub async fn open(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<()> {
    on_each(
        conn,
        "UPDATE users SET closed_at = NULL, import_id = NULL WHERE id",
        ids,
    )
    .await
}

/// Takes these accounts back, with their links.
pub async fn take_back(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<()> {
    on_each(conn, "DELETE FROM password_links WHERE user_id", ids).await?;
    on_each(conn, "DELETE FROM users WHERE id", ids).await
}

async fn on_each(conn: &mut Conn<'_>, what: &str, ids: &[UserId]) -> Result<()> {
    for chunk in chunks(ids, ROWS) {
        let sql = format!("{what} IN ({})", list(1, chunk.len()));
        on!(conn, |c| {
            let mut change = query(AssertSqlSafe(sql));
            for id in chunk {
                change = change.bind(*id);
            }
            change.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Ends an import: nothing of it is waiting.
pub async fn delete(conn: &mut Conn<'_>, id: i64) -> Result<()> {
    let sql = "DELETE FROM imports WHERE id = $1";
    on!(conn, |c| query(sql).bind(id).execute(c).await.map(drop))
}
