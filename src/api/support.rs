//! Server functions of the inbox, for those who answer.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{
    Colleague, InboxPage, InboxQuery, PersonDetails, RoomId, SupportChange, WireError,
};

/// Says where a support room stands; everybody who answers is told by the event `support_updated`.
///
/// Errors: `unauthorized`, `not_found`, `forbidden`; `invalid` on `assignee`, who must be one of those who answer.
#[server(prefix = "/api/fn", endpoint = "triage", input = Json, client = ApiClient)]
pub async fn triage(
    /// The room.
    room_id: RoomId,
    /// What is to change.
    change: SupportChange,
) -> Result<(), WireError> {
    crate::server::pages::support::triage(room_id, change).await
}

/// Those who answer at the caller's desks, by name. Errors: `unauthorized`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "support_staff", input = Json, client = ApiClient)]
pub async fn support_staff() -> Result<Vec<Colleague>, WireError> {
    crate::server::pages::support::support_staff().await
}

/// Conversations that match, beyond what the list carries. Errors: `unauthorized`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "inbox", input = Json, client = ApiClient)]
pub async fn inbox(
    /// Which.
    asked: InboxQuery,
) -> Result<InboxPage, WireError> {
    crate::server::pages::support::inbox(asked).await
}

/// Whose a support room is. Errors: `unauthorized`, `not_found`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "support_person", input = Json, client = ApiClient)]
pub async fn support_person(
    /// The room.
    room_id: RoomId,
) -> Result<PersonDetails, WireError> {
    crate::server::pages::support::support_person(room_id).await
}
