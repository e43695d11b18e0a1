//! What everybody is told, and who has put it away.

use std::collections::BTreeSet;

use sqlx::{query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{Alert, AlertId, Timestamp, UserId};

/// Tells everybody something.
pub async fn insert(
    conn: &mut Conn<'_>,
    content: &str,
    until: Option<Timestamp>,
    by: UserId,
    now: Timestamp,
) -> Result<AlertId> {
    let sql = "INSERT INTO alerts (content, created_by, created_at, until) VALUES ($1, $2, $3, $4) RETURNING id";
    on!(conn, |c| query_scalar(sql)
        .bind(content)
        .bind(by)
        .bind(now)
        .bind(until)
        .fetch_one(c)
        .await)
}

/// Puts one away for somebody; false where it is away already.
pub async fn dismiss(conn: &mut Conn<'_>, user_id: UserId, id: AlertId) -> Result<bool> {
    let sql = "INSERT INTO alert_dismissals (user_id, alert_id) VALUES ($1, $2)
         ON CONFLICT (user_id, alert_id) DO NOTHING";
    let made = on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(id)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(made > 0)
}

/// Those that stand, oldest first.
pub async fn current(conn: &mut Conn<'_>, now: Timestamp) -> Result<Vec<Alert>> {
    let sql = "SELECT id, content, created_at, until FROM alerts
         WHERE ended_at IS NULL AND (until IS NULL OR until > $1) ORDER BY id";
    on!(conn, |c| query_as(sql).bind(now).fetch_all(c).await)
}

/// Those of them that somebody has put away.
pub async fn dismissed(
    conn: &mut Conn<'_>,
    user_id: UserId,
    now: Timestamp,
) -> Result<BTreeSet<AlertId>> {
    let sql = "SELECT d.alert_id FROM alert_dismissals d JOIN alerts a ON a.id = d.alert_id
         WHERE d.user_id = $1 AND a.ended_at IS NULL AND (a.until IS NULL OR a.until > $2)";
    let ids: Vec<AlertId> = on!(conn, |c| query_scalar(sql)
        .bind(user_id)
        .bind(now)
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().collect())
}

/// Ends one; false where it does not stand.
pub async fn end(conn: &mut Conn<'_>, id: AlertId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE alerts SET ended_at = $2
         WHERE id = $1 AND ended_at IS NULL AND (until IS NULL OR until > $2)";
    let ended = on!(conn, |c| query(sql)
        .bind(id)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(ended > 0)
}
