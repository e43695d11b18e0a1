//! Server functions of canned replies, for those who answer.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{CannedDraft, CannedReply, CannedReplyId, WireError};

/// Those of the caller's desks, by name. Errors: `unauthorized`, `forbidden`.
#[server(prefix = "/api/fn", endpoint = "canned_replies", input = Json, client = ApiClient)]
pub async fn canned_replies() -> Result<Vec<CannedReply>, WireError> {
    crate::server::pages::canned::canned_replies().await
}

/// Keeps a new one, or another text for a known one; answers it as it is kept.
///
/// Errors: `unauthorized`, `forbidden`, `not_found`; `invalid` on `name` (also where another one has it) or `content`.
#[server(prefix = "/api/fn", endpoint = "keep_canned_reply", input = Json, client = ApiClient)]
pub async fn keep_canned_reply(
    /// What is to be kept.
    draft: CannedDraft,
) -> Result<CannedReply, WireError> {
    crate::server::pages::canned::keep_canned_reply(draft).await
}

/// Lets one go. Errors: `unauthorized`, `forbidden`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "drop_canned_reply", input = Json, client = ApiClient)]
pub async fn drop_canned_reply(
    /// Which one.
    id: CannedReplyId,
) -> Result<(), WireError> {
    crate::server::pages::canned::drop_canned_reply(id).await
}
