//! Server functions about one's own account: its sessions, its password, and making one.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::client::ApiClient;
use crate::model::{OwnSession, SessionId, WireError, account::Problems};

/// The form of the register page: what was typed before, and what was wrong with it. Never a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterForm {
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// What is wrong with which field.
    pub problems: Problems,
    /// What else went wrong.
    pub error: Option<WireError>,
}

/// The caller's own sessions, last used first. Errors: `unauthorized`.
#[server(prefix = "/api/fn", endpoint = "sessions", input = Json, client = ApiClient)]
pub async fn sessions() -> Result<Vec<OwnSession>, WireError> {
    crate::server::pages::account::sessions().await
}

/// Ends one of the caller's own sessions. Errors: `unauthorized`; `not_found` for one that is over or not theirs.
#[server(prefix = "/api/fn", endpoint = "end_session", input = Json, client = ApiClient)]
pub async fn end_session(
    /// The session.
    session_id: SessionId,
) -> Result<(), WireError> {
    crate::server::pages::account::end_session(session_id).await
}

/// Ends all of the caller's sessions but this one. Errors: `unauthorized`.
#[server(prefix = "/api/fn", endpoint = "end_other_sessions", input = Json, client = ApiClient)]
pub async fn end_other_sessions() -> Result<(), WireError> {
    crate::server::pages::account::end_other_sessions().await
}

/// Gives the caller another password and ends their other sessions; or answers what is wrong with which field.
///
/// Errors: `unauthorized`, `rate_limited`, `unavailable`.
#[server(prefix = "/api/fn", endpoint = "change_password", input = Json, client = ApiClient)]
pub async fn change_password(
    /// The present one.
    old_password: String,
    /// The new one.
    new_password: String,
) -> Result<Problems, WireError> {
    crate::server::pages::account::change_password(old_password, new_password).await
}

/// The register page's form: empty, or as it was sent before. Errors: `not_found` where registration is closed.
#[server(prefix = "/api/fn", endpoint = "open_register_form", input = Json, client = ApiClient)]
pub async fn open_register_form() -> Result<RegisterForm, WireError> {
    crate::server::pages::account::open_register_form().await
}

/// The name that the sign-in page's field says at first: the one that was typed before, where signing in failed.
#[server(prefix = "/api/fn", endpoint = "open_sign_in_form", input = Json, client = ApiClient)]
pub async fn open_sign_in_form() -> Result<String, WireError> {
    crate::server::pages::account::open_sign_in_form().await
}
