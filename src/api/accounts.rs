//! Server functions of those who keep the school's accounts, and the page where somebody chooses a password by a link.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::client::ApiClient;
use crate::model::{
    Role, UserId, WireError,
    account::Problem,
    keeping::{AccountDraft, AccountList, AccountQuery, ImportAnswer, PasswordLink},
};

/// The form where a password is chosen by a link. Never a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordForm {
    /// Whose password.
    pub username: String,
    /// What was wrong with the one that was sent.
    pub problem: Option<Problem>,
    /// What else went wrong.
    pub error: Option<WireError>,
}

/// A page of the accounts that match, by name. Errors: `unauthorized`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "accounts", input = Json, client = ApiClient)]
pub async fn accounts(
    /// Which.
    asked: AccountQuery,
) -> Result<AccountList, WireError> {
    crate::server::pages::accounts::accounts(asked).await
}

/// Makes an account, and a link by which its person chooses a password.
///
/// Errors: `unauthorized`, `forbidden`; `invalid` on `username`, `name` or `email`; `already_exists` where somebody has the
/// sign-in name.
#[server(prefix = "/api/fn", endpoint = "add_account", input = Json, client = ApiClient)]
pub async fn add_account(
    /// The account.
    draft: AccountDraft,
) -> Result<PasswordLink, WireError> {
    crate::server::pages::accounts::add_account(draft).await
}

/// Makes the accounts of a CSV file, all of them or none; each who brings no password gets a link to choose one.
///
/// Errors: `unauthorized`, `forbidden`; `too_large` above [`IMPORT_BYTES`](crate::model::limits::IMPORT_BYTES). What is wrong
/// with the file is part of the answer.
#[server(prefix = "/api/fn", endpoint = "import_people", input = Json, client = ApiClient)]
pub async fn import_people(
    /// The file, with the columns' names in its first line.
    csv: String,
) -> Result<ImportAnswer, WireError> {
    crate::server::pages::accounts::import_people(csv).await
}

/// Gives an account another role. Errors: `unauthorized`, `forbidden`, `not_found`, `last_admin`.
#[server(prefix = "/api/fn", endpoint = "change_role", input = Json, client = ApiClient)]
pub async fn change_role(
    /// Whose.
    user_id: UserId,
    /// Which one.
    role: Role,
) -> Result<(), WireError> {
    crate::server::pages::accounts::change_role(user_id, role).await
}

/// Makes a link by which somebody chooses another password; it is told this once.
///
/// Errors: `unauthorized`, `forbidden`, `not_found`; `conflict` where the account is closed.
#[server(prefix = "/api/fn", endpoint = "make_password_link", input = Json, client = ApiClient)]
pub async fn make_password_link(
    /// Whose password.
    user_id: UserId,
) -> Result<PasswordLink, WireError> {
    crate::server::pages::accounts::make_password_link(user_id).await
}

/// Closes an account; its sessions end. Errors: `unauthorized`, `forbidden`, `not_found`, `last_admin`.
#[server(prefix = "/api/fn", endpoint = "close_account", input = Json, client = ApiClient)]
pub async fn close_account(
    /// Whose.
    user_id: UserId,
) -> Result<(), WireError> {
    crate::server::pages::accounts::close_account(user_id).await
}

/// Opens an account again. Errors: `unauthorized`, `forbidden`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "reopen_account", input = Json, client = ApiClient)]
pub async fn reopen_account(
    /// Whose.
    user_id: UserId,
) -> Result<(), WireError> {
    crate::server::pages::accounts::reopen_account(user_id).await
}

/// Ends all sessions of an account. Errors: `unauthorized`, `forbidden`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "end_sessions_of", input = Json, client = ApiClient)]
pub async fn end_sessions_of(
    /// Whose.
    user_id: UserId,
) -> Result<(), WireError> {
    crate::server::pages::accounts::end_sessions_of(user_id).await
}

/// The form behind a link: empty, or with what was wrong before.
///
/// Errors: `not_found` for a link that is unknown, used, replaced or too old: the same answer.
#[server(prefix = "/api/fn", endpoint = "open_password_form", input = Json, client = ApiClient)]
pub async fn open_password_form(
    /// The link's token.
    token: String,
) -> Result<PasswordForm, WireError> {
    crate::server::pages::accounts::open_password_form(token).await
}
