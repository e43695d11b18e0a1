//! What was done with accounts, and by whom: written in the transaction of the act itself, and never changed.

use serde_json::Value;
use sqlx::{FromRow, query, query_as};

use super::{Conn, Result, conn::on};
use crate::model::{Timestamp, UserId, word::words};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    /// An account was made.
    UserAdded,
    /// An account has another role: `from`, `to`.
    RoleChanged,
    /// A link was made by which a password is chosen.
    PasswordLinkMade,
    /// A password was chosen by such a link.
    PasswordSet,
    /// An account was closed.
    UserClosed,
    /// An account was opened again.
    UserReopened,
    /// All sessions of an account were ended: `count`.
    SessionsEnded,
}

words!(AuditAction {
    UserAdded = "user_added",
    RoleChanged = "role_changed",
    PasswordLinkMade = "password_link_made",
    PasswordSet = "password_set",
    UserClosed = "user_closed",
    UserReopened = "user_reopened",
    SessionsEnded = "sessions_ended",
});

/// What it was done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditTarget {
    /// An account.
    User,
}

words!(AuditTarget { User = "user" });

/// An act, as it stands in the table.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who; none: the command line.
    pub actor_id: Option<UserId>,
    /// What.
    pub action: AuditAction,
    /// With what.
    pub target_kind: AuditTarget,
    /// With which one.
    pub target_id: UserId,
    /// What else there is to say of it, as JSON.
    pub args: String,
}

/// Writes down what `by` (none: the command line) does with an account.
pub(super) async fn append(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    action: AuditAction,
    user_id: UserId,
    args: &Value,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO audit (at, actor_id, action, target_kind, target_id, args) VALUES ($1, $2, $3, $4, $5, $6)";
    on!(conn, |c| query(sql)
        .bind(now)
        .bind(by)
        .bind(action)
        .bind(AuditTarget::User)
        .bind(user_id)
        .bind(args.to_string())
        .execute(c)
        .await
        .map(drop))
}

/// What was done with an account, oldest first, at most `limit`.
pub async fn of_user(conn: &mut Conn<'_>, user_id: UserId, limit: i64) -> Result<Vec<AuditRow>> {
    let sql = "SELECT at, actor_id, action, target_kind, target_id, args FROM audit
         WHERE target_kind = $1 AND target_id = $2 ORDER BY id LIMIT $3";
    on!(conn, |c| query_as(sql)
        .bind(AuditTarget::User)
        .bind(user_id)
        .bind(limit)
        .fetch_all(c)
        .await)
}
