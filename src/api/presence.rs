//! Server functions about how others see whether one is there.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{PresenceStatus, WireError};

/// As what the caller wants to be seen. Errors: `unauthorized`, `rate_limited`.
#[server(prefix = "/api/fn", endpoint = "choose_presence", input = Json, client = ApiClient)]
pub async fn choose_presence(
    /// `online`: as it is.
    status: PresenceStatus,
) -> Result<(), WireError> {
    crate::server::pages::presence::choose_presence(status).await
}

/// Whether others are told when the caller was last seen. Errors: `unauthorized`, `rate_limited`.
#[server(prefix = "/api/fn", endpoint = "hide_last_seen", input = Json, client = ApiClient)]
pub async fn hide_last_seen(
    /// Whether nobody is.
    hides: bool,
) -> Result<(), WireError> {
    crate::server::pages::presence::hide_last_seen(hides).await
}
