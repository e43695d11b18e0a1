//! Passwords and who signs in by them, inside the transaction.

use serde_json::json;

use super::{Outcome, WriteResult, apply::open_account, keeping::of};
use crate::{
    model::{Timestamp, UserId, WireError},
    server::store::{
        Conn, Result, accounts,
        audit::{self, AuditAction},
        password_links,
        sessions::{self, NewSession},
        writer::PeopleDone,
    },
};

/// Starts a session for whoever knew the password, if that is still the account's: a session that begins beside the
/// choice of another one would outlive it.
///
/// Errors: `wrong_credentials`, also where the account is closed by now.
pub(super) async fn sign_in(
    conn: &mut Conn<'_>,
    session: &NewSession,
    password_hash: &str,
    now: Timestamp,
) -> Result<WriteResult> {
    let user = open_account(conn, session.user_id).await?;
    if user.and_then(|user| user.password_hash).as_deref() != Some(password_hash) {
        return Ok(Err(WireError::WrongCredentials));
    }
    let id = sessions::insert(conn, session, now).await?;
    Ok(Ok(Outcome::SessionStarted(id)))
}

/// Whose row choosing a password by that link needs to itself.
pub(super) async fn linked(
    conn: &mut Conn<'_>,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>> {
    password_links::user_of(conn, token_hash, now).await
}

/// Chooses a password by a link, which is used up by this, and ends the account's sessions.
///
/// Errors: `not_found` for a link that is unknown, used, replaced or too old, and where the account is closed.
pub(super) async fn set_password(
    conn: &mut Conn<'_>,
    token_hash: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(id) = password_links::take(conn, token_hash, now).await? else {
        return Ok(Err(WireError::NotFound));
    };
    accounts::set_password(conn, id, password_hash).await?;
    let ended = sessions::end_of_user(conn, id, None, now).await?;
    audit::append(
        conn,
        Some(id),
        AuditAction::PasswordSet,
        id,
        &json!({}),
        now,
    )
    .await?;
    Ok(Ok(Outcome::People(Box::new(PeopleDone {
        ended,
        ..of(id)
    }))))
}
