//! Server functions of messages.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{MessageId, WireError};

/// Empties a message; all who see it are told by the event `message_deleted`.
///
/// Errors: `unauthorized`, `not_found`, `forbidden`, `too_late`, `archived`.
#[server(prefix = "/api/fn", endpoint = "delete_message", input = Json, client = ApiClient)]
pub async fn delete_message(
    /// The message.
    message_id: MessageId,
) -> Result<(), WireError> {
    crate::server::pages::messages::delete_message(message_id).await
}
