//! Sessions: browsers', held by a cookie, and programs', held by a pair of tokens that is renewed.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    control::{self, ControlKind},
};
use crate::model::{OwnSession, Role, SessionId, SessionKind, Timestamp, UserId};

/// A session to be started.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub user_id: UserId,
    /// What holds it.
    pub kind: SessionKind,
    /// SHA-256 of the cookie's token, or of the refresh token's id.
    pub token_hash: String,
    /// What the device calls itself: one short line.
    pub user_agent: String,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// A session that is in force, with what every request needs of its user.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The user's sign-in name.
    pub username: String,
    /// The user's role now.
    pub role: Role,
    /// The user's language.
    pub language: String,
    /// When it was last used, as last written.
    pub last_used_at: Timestamp,
}

/// Starts a session.
pub async fn insert(
    conn: &mut Conn<'_>,
    session: &NewSession,
    now: Timestamp,
) -> Result<SessionId> {
    let sql = "INSERT INTO sessions (user_id, kind, token_hash, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(session.user_id)
        .bind(session.kind)
        .bind(&session.token_hash)
        .bind(&session.user_agent)
        .bind(now)
        .bind(session.expires_at)
        .fetch_one(c)
        .await)
}

/// The browser's session of that token, if it is in force at `now` and its account is open.
pub async fn in_force(
    conn: &mut Conn<'_>,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRow>> {
    let sql = "SELECT s.id, s.user_id, u.username, u.role, u.language, s.last_used_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.kind = 'browser'
             AND s.ended_at IS NULL AND s.expires_at > $2 AND u.closed_at IS NULL";
    on!(conn, |c| query_as(sql)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// The session of that id, if it is in force at `now` and its account is open.
pub async fn by_id(
    conn: &mut Conn<'_>,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<SessionRow>> {
    let sql = "SELECT s.id, s.user_id, u.username, u.role, u.language, s.last_used_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND u.closed_at IS NULL";
    on!(conn, |c| query_as(sql)
        .bind(id)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// Whether that session is in force at `now` and its account is open.
pub async fn is_in_force(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> Result<bool> {
    Ok(by_id(conn, id, now).await?.is_some())
}

/// The user's sessions in force at `now`, last used first, at most `limit`.
pub async fn of_user(
    conn: &mut Conn<'_>,
    user_id: UserId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<OwnSession>> {
    let sql = "SELECT id, kind, user_agent, created_at, last_used_at FROM sessions
         WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
         ORDER BY last_used_at DESC, id DESC LIMIT $3";
    on!(conn, |c| query_as(sql)
        .bind(user_id)
        .bind(now)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Notes that a session is being used.
pub async fn touch(conn: &mut Conn<'_>, id: SessionId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";
    on!(conn, |c| query(sql)
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
}

/// Gives a program's session the next refresh token, if `presented_hash` is of the present one; answers how often that
/// has been done.
pub async fn rotate(
    conn: &mut Conn<'_>,
    id: SessionId,
    presented_hash: &str,
    next_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Option<i64>> {
    let sql = "UPDATE sessions
         SET token_hash = $3, generation = generation + 1, last_used_at = $4, expires_at = $5
         WHERE id = $1 AND token_hash = $2 AND kind = 'token' AND ended_at IS NULL AND expires_at > $4
             AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.closed_at IS NULL)
         RETURNING generation";
    on!(conn, |c| query_scalar(sql)
        .bind(id)
        .bind(presented_hash)
        .bind(next_hash)
        .bind(now)
        .bind(expires_at)
        .fetch_optional(c)
        .await)
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
    control::append(conn, ControlKind::SessionEnded, user_id, Some(id), now).await?;
    Ok(true)
}

/// Ends the user's sessions but `except`, each as [`end`] does; answers which they were.
pub async fn end_of_user(
    conn: &mut Conn<'_>,
    user_id: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let sql = "SELECT id FROM sessions
         WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND id <> $3 ORDER BY id";
    let ids: Vec<SessionId> = on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(now)
        // No session has the id 0.
        .bind(except.unwrap_or_default())
        .fetch_all(c)
        .await)?;
    let mut ended = Vec::with_capacity(ids.len());
    for id in ids {
        if end(conn, id, now).await? {
            ended.push(id);
        }
    }
    Ok(ended)
}
