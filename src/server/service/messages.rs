//! Sending messages.

use super::{Services, Viewer};
use crate::{
    model::{ClientId, Message, RoomId, Timestamp, WireError, permission::Actor, text},
    server::store::{
        post::NewPost,
        writer::{Outcome, Write},
    },
};

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Where to.
    pub room_id: RoomId,
    /// The device's key; none: the server makes one.
    pub client_id: Option<ClientId>,
    /// What was written.
    pub content: String,
}

impl Services {
    /// Sends a message; answers when it is durable. The same key again answers with the first message.
    ///
    /// Errors: `invalid` on `content`, `rate_limited`, `not_found`, `archived`, `unavailable`.
    pub async fn send(&self, viewer: &Viewer, new: NewMessage) -> Result<Message, WireError> {
        Ok(self.send_once(viewer, new).await?.0)
    }

    /// The same, and whether this made the message.
    pub async fn send_once(
        &self,
        viewer: &Viewer,
        new: NewMessage,
    ) -> Result<(Message, bool), WireError> {
        self.limiter.message(viewer.user_id)?;
        self.write_message(viewer.actor(), new, None).await
    }

    /// Brings in a message of earlier, with its time; idempotent by its key. For demo data and imports, not for users.
    pub async fn import_message(
        &self,
        actor: Actor,
        room_id: RoomId,
        client_id: ClientId,
        content: String,
        at: Timestamp,
    ) -> Result<Message, WireError> {
        let new = NewMessage {
            room_id,
            client_id: Some(client_id),
            content,
        };
        Ok(self.write_message(actor, new, Some(at)).await?.0)
    }

    async fn write_message(
        &self,
        actor: Actor,
        new: NewMessage,
        at: Option<Timestamp>,
    ) -> Result<(Message, bool), WireError> {
        let content = text::check_content(&new.content, self.settings.limits.message_chars)?;
        let client_id = new.client_id.unwrap_or_else(ClientId::random);
        let post = NewPost {
            sender_id: actor.id,
            room_id: new.room_id,
            client_id,
            content,
            at,
        };
        match self.writer.write(Write::Post(post)).await? {
            Outcome::Posted(posted) => Ok((posted.message, posted.is_new)),
            _ => Err(WireError::Internal),
        }
    }
}
