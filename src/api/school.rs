//! Server functions of what the school decides for itself, and of what each decides over others for themselves.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::client::ApiClient;
use crate::model::{Alert, AlertId, Policy, Timestamp, UserId, WireError};

/// What an admin decides over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decisions {
    /// Its name; empty: the settings file's.
    pub name: String,
    /// Its colour, `#rrggbb`; empty: as it comes.
    pub accent: String,
    /// Where its logo is.
    pub logo: Option<String>,
    /// Who writes to whom, and who makes rooms.
    pub policy: Policy,
    /// What everybody is told now, oldest first.
    pub alerts: Vec<Alert>,
}

/// What stands now. Errors: `unauthorized`; `forbidden` for all but admins.
#[server(prefix = "/api/fn", endpoint = "school_settings", input = Json, client = ApiClient)]
pub async fn school_settings() -> Result<Decisions, WireError> {
    crate::server::pages::school::school_settings().await
}

/// Decides who writes to whom, and who makes rooms. Errors: `unauthorized`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "set_policy", input = Json, client = ApiClient)]
pub async fn set_policy(
    /// What is allowed.
    policy: Policy,
) -> Result<(), WireError> {
    crate::server::pages::school::set_policy(policy).await
}

/// Decides what the school is called, and its colour. Errors: `unauthorized`, `forbidden`; `invalid` on `name` or
/// `accent`.
#[server(prefix = "/api/fn", endpoint = "set_look", input = Json, client = ApiClient)]
pub async fn set_look(
    /// Its name; empty: the settings file's.
    name: String,
    /// Its colour, `#rrggbb`; empty: as it comes.
    accent: String,
) -> Result<(), WireError> {
    crate::server::pages::school::set_look(name, accent).await
}

/// Tells everybody something. Errors: `unauthorized`, `forbidden`, `conflict`; `invalid` on `text` or `until`.
#[server(prefix = "/api/fn", endpoint = "tell_everybody", input = Json, client = ApiClient)]
pub async fn tell_everybody(
    /// What.
    content: String,
    /// Up to when; none: until it is ended.
    until: Option<Timestamp>,
) -> Result<Alert, WireError> {
    crate::server::pages::school::tell_everybody(content, until).await
}

/// Ends it. Errors: `unauthorized`, `forbidden`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "end_alert", input = Json, client = ApiClient)]
pub async fn end_alert(
    /// Which one.
    id: AlertId,
) -> Result<(), WireError> {
    crate::server::pages::school::end_alert(id).await
}

/// Puts it away, for the caller. Errors: `unauthorized`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "dismiss_alert", input = Json, client = ApiClient)]
pub async fn dismiss_alert(
    /// Which one.
    id: AlertId,
) -> Result<(), WireError> {
    crate::server::pages::school::dismiss_alert(id).await
}

/// Blocks somebody, or lifts that. Errors: `unauthorized`, `not_found`, `forbidden`; `invalid` on `user_id`.
#[server(prefix = "/api/fn", endpoint = "block_person", input = Json, client = ApiClient)]
pub async fn block_person(
    /// Whom.
    user_id: UserId,
    /// Whether to.
    is_blocked: bool,
) -> Result<(), WireError> {
    crate::server::pages::school::block_person(user_id, is_blocked).await
}
