//! The bodies of the canned replies' server functions.

use super::{state, told, viewer};
use crate::model::{CannedDraft, CannedReply, CannedReplyId, WireError};

/// See [`crate::api::canned::canned_replies`].
pub async fn canned_replies() -> Result<Vec<CannedReply>, WireError> {
    told(async { state()?.services.canned_replies(&viewer()?).await }.await)
}

/// See [`crate::api::canned::keep_canned_reply`].
pub async fn keep_canned_reply(draft: CannedDraft) -> Result<CannedReply, WireError> {
    told(async { state()?.services.keep_canned_reply(&viewer()?, draft).await }.await)
}

/// See [`crate::api::canned::drop_canned_reply`].
pub async fn drop_canned_reply(id: CannedReplyId) -> Result<(), WireError> {
    told(async { state()?.services.drop_canned_reply(&viewer()?, id).await }.await)
}
