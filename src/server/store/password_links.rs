//! Links by which people choose a password, once: the link holds a token, the table its SHA-256.

use sqlx::{query, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Timestamp, UserId};

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// SHA-256 of its token.
    pub token_hash: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// Makes a link for a person; those that they had before hold no more.
pub async fn insert(
    conn: &mut Conn<'_>,
    user_id: UserId,
    link: &NewLink,
    now: Timestamp,
) -> Result<()> {
    end_of_user(conn, user_id, now).await?;
    let sql = "INSERT INTO password_links (user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(&link.token_hash)
        .bind(now)
        .bind(link.expires_at)
        .execute(c)
        .await
        .map(drop))
}

/// Whose the link is, if it holds at `now` and the account is open.
pub async fn user_of(
    conn: &mut Conn<'_>,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>> {
    let sql = "SELECT l.user_id FROM password_links l JOIN users u ON u.id = l.user_id
         WHERE l.token_hash = $1 AND l.ended_at IS NULL AND l.expires_at > $2 AND u.closed_at IS NULL";
    on!(conn, |c| query_scalar(sql)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(c)
        .await)
}

/// Uses a link up; answers whose it is. None where it does not hold (any more).
pub async fn take(conn: &mut Conn<'_>, token_hash: &str, now: Timestamp) -> Result<Option<UserId>> {
    let Some(user_id) = user_of(conn, token_hash, now).await? else {
        return Ok(None);
    };
    let sql = "UPDATE password_links SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL RETURNING user_id";
    let taken: Option<UserId> = on!(conn, |c| query_scalar(sql)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    Ok(taken.filter(|taken| *taken == user_id))
}

/// Ends the links of a person.
pub async fn end_of_user(conn: &mut Conn<'_>, user_id: UserId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE password_links SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL";
    on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
}
