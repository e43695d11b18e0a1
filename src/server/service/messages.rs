//! Sending messages.

use super::{Services, Viewer, fault::Stored};
use crate::{
    model::{
        Audience, ClientId, Message, MessageId, RoomId, Timestamp, UserId, WireError,
        permission::Actor, text,
    },
    server::store::{
        history, messages,
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
    /// Who may see it: everybody there, or, of an internal note, those who answer.
    pub audience: Audience,
    /// What was written.
    pub content: String,
}

impl Services {
    /// Sends a message; answers when it is durable. The same key again answers with the first message, also where the
    /// sender may not write another one yet.
    ///
    /// Errors: `invalid` on `content` and `audience`, `rate_limited`, `not_found`, `forbidden` for a note by others than
    /// those who answer, `archived`, `unavailable`.
    pub async fn send(&self, viewer: &Viewer, new: NewMessage) -> Result<Message, WireError> {
        Ok(self.send_once(viewer, new).await?.0)
    }

    /// The same, and whether this made the message.
    pub async fn send_once(
        &self,
        viewer: &Viewer,
        new: NewMessage,
    ) -> Result<(Message, bool), WireError> {
        if let Err(refusal) = self.limiter.message(viewer.user_id)
            && !self.is_sent(viewer.user_id, new.client_id).await?
        {
            return Err(refusal);
        }
        self.write_message(viewer.actor(), new, None).await
    }

    /// Empties a message; answers it. One that is empty already stays so. `only`: what does not stand in that room is not
    /// there.
    ///
    /// Errors: `not_found`, `forbidden`, `too_late`, `archived`, `unavailable`.
    pub async fn delete_message(
        &self,
        viewer: &Viewer,
        only: Option<RoomId>,
        message_id: MessageId,
    ) -> Result<Message, WireError> {
        let room_id = self.room_of(message_id).await?;
        if only.is_some_and(|only| only != room_id) {
            return Err(WireError::NotFound);
        }
        let window_ms = i64::from(self.settings.limits.edit_ms);
        let write = Write::DeleteMessage {
            user_id: viewer.user_id,
            room_id,
            message_id,
            own_since: self.clock.now().plus_ms(-window_ms),
        };
        match self.writer.write(write).await? {
            Outcome::Deleted(deleted) => Ok(deleted.message),
            _ => Err(WireError::Internal),
        }
    }

    /// Where a message stands, whoever may see it. Errors: `not_found`.
    pub async fn room_of(&self, message_id: MessageId) -> Result<RoomId, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let found = history::by_ids(&mut reader.conn(), &[message_id])
            .await
            .stored()?
            .pop();
        Ok(found.ok_or(WireError::NotFound)?.message.room_id)
    }

    /// Whether that text can be sent. Errors: `invalid` on `content`.
    pub fn check_text(&self, content: &str) -> Result<(), WireError> {
        text::check_content(content, self.settings.limits.message_chars).map(drop)
    }

    /// Whether the message of that key is stored.
    async fn is_sent(&self, sender: UserId, key: Option<ClientId>) -> Result<bool, WireError> {
        let Some(key) = key else { return Ok(false) };
        let mut reader = self.store.read().await.stored()?;
        messages::has_key(&mut reader.conn(), sender, key)
            .await
            .stored()
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
            audience: Audience::All,
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
        let post = self.post_of(actor, new, at)?;
        match self.writer.write(Write::Post(post)).await? {
            Outcome::Posted(posted) => Ok((posted.message, posted.is_new)),
            _ => Err(WireError::Internal),
        }
    }

    /// The message as it is to be written. Errors: `invalid` on `content` and `audience`.
    pub(super) fn post_of(
        &self,
        actor: Actor,
        new: NewMessage,
        at: Option<Timestamp>,
    ) -> Result<NewPost, WireError> {
        // Questions to the teacher are the room's matter, not the sender's.
        if new.audience == Audience::StaffAndSender {
            let problem = "It is `all` or `staff`.";
            return Err(WireError::field("audience", problem));
        }
        let content = text::check_content(&new.content, self.settings.limits.message_chars)?;
        Ok(NewPost {
            sender_id: actor.id,
            room_id: new.room_id,
            client_id: new.client_id.unwrap_or_else(ClientId::random),
            audience: new.audience,
            content,
            at,
        })
    }
}
