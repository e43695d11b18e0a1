//! The bodies of the server functions of messages.

use super::{state, told, viewer};
use crate::model::{MessageId, WireError};

/// See [`crate::api::messages::delete_message`].
pub async fn delete_message(message_id: MessageId) -> Result<(), WireError> {
    told(
        async {
            let (state, viewer) = (state()?, viewer()?);
            let deleted = state.services.delete_message(&viewer, None, message_id);
            deleted.await.map(drop)
        }
        .await,
    )
}
