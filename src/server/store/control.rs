//! The control log: changes without a room, in one order for every node.
//!
//! Numbered under a row lock, in the transaction of the change itself. Every node reads what is new, so that an ended
//! session closes its sockets wherever they are.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Conn, Result, conn::on};
use crate::model::{SessionId, Timestamp, UserId, word::words};

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlKind {
    /// A session is over.
    SessionEnded,
    /// An account is closed.
    AccountClosed,
    /// An account has another role.
    RoleChanged,
    /// The school has decided something about itself.
    SchoolChanged,
    /// Everybody is told something, or that it is over.
    AlertsChanged,
}

words!(ControlKind {
    SessionEnded = "session_ended",
    AccountClosed = "account_closed",
    RoleChanged = "role_changed",
    SchoolChanged = "school_changed",
    AlertsChanged = "alerts_changed",
});

/// A change without a room.
#[derive(Clone, Debug, FromRow)]
pub struct ControlRow {
    /// Its number: dense, from 1.
    pub seq: i64,
    /// What has changed.
    pub kind: ControlKind,
    /// Whose, or by whom.
    pub user_id: Option<UserId>,
    /// Which session.
    pub session_id: Option<SessionId>,
}

/// Writes a change to the log.
pub(super) async fn append(
    conn: &mut Conn<'_>,
    kind: ControlKind,
    user_id: UserId,
    session_id: Option<SessionId>,
    now: Timestamp,
) -> Result<()> {
    let number = "UPDATE control_seq SET seq = seq + 1 WHERE id = 1 RETURNING seq";
    let seq: i64 = on!(conn, |c| query_scalar(number).fetch_one(c).await)?;
    let log = "INSERT INTO control_log (seq, kind, user_id, session_id, created_at) VALUES ($1, $2, $3, $4, $5)";
    on!(conn, |c| query(log)
        .bind(seq)
        .bind(kind)
        .bind(user_id)
        .bind(session_id)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
}

/// The number of the newest change.
pub async fn newest(conn: &mut Conn<'_>) -> Result<i64> {
    let sql = "SELECT seq FROM control_seq WHERE id = 1";
    on!(conn, |c| query_scalar(sql).fetch_one(c).await)
}

/// The first `limit` changes after `since`, in order.
pub async fn after(conn: &mut Conn<'_>, since: i64, limit: i64) -> Result<Vec<ControlRow>> {
    let sql = "SELECT seq, kind, user_id, session_id FROM control_log WHERE seq > $1 ORDER BY seq LIMIT $2";
    on!(conn, |c| query_as(sql)
        .bind(since)
        .bind(limit)
        .fetch_all(c)
        .await)
}
