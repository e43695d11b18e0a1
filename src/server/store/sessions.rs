//! Browser sessions.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Role, SessionId, Timestamp, UserId};

/// A session that is in force, with what every request needs of its user.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The user's role now.
    pub role: Role,
    /// The user's language.
    pub language: String,
}

/// Starts a session.
pub async fn insert(
    conn: &mut Conn<'_>,
    user_id: UserId,
    token_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<SessionId> {
    let sql = "INSERT INTO sessions (user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4) RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(token_hash)
        .bind(now)
        .bind(expires_at)
        .fetch_one(c)
        .await)
}

/// The session of that token, if it is in force at `now` and its account is open.
pub async fn in_force(
    conn: &mut Conn<'_>,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRow>> {
    let sql = "SELECT s.id, s.user_id, u.role, u.language FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND u.closed_at IS NULL";
    on!(conn, |c| query_as(sql)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// Whether that session is in force at `now` and its account is open.
pub async fn is_in_force(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND u.closed_at IS NULL";
    let found: Option<i32> = on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// Ends a session and writes that to the control log; answers whether it was in force.
pub async fn end(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> Result<bool> {
    let sql =
        "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING user_id";
    let user_id: Option<UserId> = on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    let Some(user_id) = user_id else {
        return Ok(false);
    };
    let number = "UPDATE control_seq SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    let seq: i64 = on!(conn, |c| query_scalar(number).fetch_one(c).await)?;
    let log = "INSERT INTO control_log (seq, kind, user_id, session_id, created_at) VALUES ($1, 'session_ended', $2, $3, $4)";
    on!(conn, |c| query(log)
        .bind(seq)
        .bind(user_id)
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(true)
}
