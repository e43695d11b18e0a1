//! Whom people do not want to hear.

use sqlx::{query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Role, Timestamp, UserCard, UserId};

/// How many of the two of room `r` have blocked the other.
macro_rules! blocks_of_two {
    () => {
        "(SELECT count(*) FROM blocks b WHERE (b.user_id = r.first_id AND b.blocked_id = r.second_id)
             OR (b.user_id = r.second_id AND b.blocked_id = r.first_id))"
    };
}

pub(super) use blocks_of_two;

/// Blocks somebody; false where that stands already.
pub async fn insert(
    conn: &mut Conn<'_>,
    user_id: UserId,
    blocked_id: UserId,
    now: Timestamp,
) -> Result<bool> {
    let sql = "INSERT INTO blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, blocked_id) DO NOTHING";
    let made = on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(blocked_id)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(made > 0)
}

/// Whom that person has blocked, by name.
pub async fn cards_of(conn: &mut Conn<'_>, user_id: UserId) -> Result<Vec<UserCard>> {
    let sql = "SELECT u.id, u.name, u.role FROM blocks b JOIN users u ON u.id = b.blocked_id
         WHERE b.user_id = $1 ORDER BY u.name_folded, u.id";
    let rows: Vec<(UserId, String, Role)> =
        on!(conn, |c| query_as(sql).bind(user_id).fetch_all(c).await)?;
    let cards = rows.into_iter();
    Ok(cards
        .map(|(id, name, role)| UserCard { id, name, role })
        .collect())
}

/// Whether one of two has blocked the other.
pub async fn stands_between(conn: &mut Conn<'_>, one: UserId, other: UserId) -> Result<bool> {
    let sql = "SELECT count(*) FROM blocks
         WHERE (user_id = $1 AND blocked_id = $2) OR (user_id = $2 AND blocked_id = $1)";
    let count: i64 = on!(conn, |c| query_scalar(sql)
        .bind(one)
        .bind(other)
        .fetch_one(c)
        .await)?;
    Ok(count > 0)
}

/// Lifts a block; false where there is none.
pub async fn delete(conn: &mut Conn<'_>, user_id: UserId, blocked_id: UserId) -> Result<bool> {
    let sql = "DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2";
    let gone = on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(blocked_id)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}
