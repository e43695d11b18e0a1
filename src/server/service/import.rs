//! Bringing in what was written elsewhere or before: many accounts, and messages with the times they had.
//!
//! Everything goes through the one writer in portions, and the next one is queued when the last is durable: who writes
//! meanwhile waits for one portion at most.

use secrecy::ExposeSecret;

use super::{NewMessage, NewUser, Services, accounts::row, fault::Stored};
use crate::{
    model::{Audience, ClientId, Message, RoomId, Timestamp, UserId, WireError, permission::Actor},
    server::store::{
        messages,
        writer::{Outcome, Write},
    },
};

/// Writes in one transaction: bulk work may hold the writer for 20 ms at most.
const PORTION: usize = 64;

/// A message of earlier.
#[derive(Clone, Debug)]
pub struct OldMessage {
    /// Who wrote it.
    pub actor: Actor,
    /// Where.
    pub room_id: RoomId,
    /// Its key: the same one again brings in nothing.
    pub client_id: ClientId,
    /// What was written.
    pub content: String,
    /// When.
    pub at: Timestamp,
}

/// An account of earlier.
#[derive(Clone, Debug)]
pub struct OldUser {
    /// The account.
    pub user: NewUser,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A message that is there now.
#[derive(Clone, Debug)]
pub struct BroughtIn {
    /// The message.
    pub message: Message,
    /// Whether it had not been there.
    pub is_new: bool,
}

impl Services {
    /// Brings in messages, in this order. Where it ends half way, the same again brings in the rest.
    ///
    /// Errors: the first one's that is refused, as for sending but without a limit of rate; those before it are there.
    pub async fn import_messages(
        &self,
        messages: Vec<OldMessage>,
    ) -> Result<Vec<BroughtIn>, WireError> {
        let mut writes = Vec::with_capacity(messages.len());
        for old in messages {
            let new = NewMessage {
                room_id: old.room_id,
                client_id: Some(old.client_id),
                audience: Audience::All,
                content: old.content,
            };
            writes.push(Write::Post(self.post_of(old.actor, new, Some(old.at))?));
        }
        let outcomes = self.write_in_portions(writes).await?;
        let brought_in = outcomes.into_iter().map(|outcome| match outcome {
            Outcome::Posted(posted) => Ok(BroughtIn {
                message: posted.message,
                is_new: posted.is_new,
            }),
            _ => Err(WireError::Internal),
        });
        brought_in.collect()
    }

    /// Makes accounts, in this order. Where one's password is that of the one before, so is its hash: hashing takes
    /// longer than all the rest.
    ///
    /// Errors: `already_exists` where a sign-in name is taken; the other accounts may be there.
    pub async fn add_users(&self, users: Vec<OldUser>) -> Result<Vec<UserId>, WireError> {
        let mut writes = Vec::with_capacity(users.len());
        let mut hashed: Option<(NewUser, String)> = None;
        for OldUser { user, created_at } in users {
            let same = hashed.take().filter(|(before, _)| {
                before.password.expose_secret() == user.password.expose_secret()
            });
            let hash = match same {
                Some((_, hash)) => hash,
                None => self.passwords.hash(user.password.clone()).await?,
            };
            let row = row(&user, hash.clone());
            writes.push(Write::AddOldUser(row, created_at));
            hashed = Some((user, hash));
        }
        let outcomes = self.write_in_portions(writes).await?;
        let ids = outcomes.into_iter().map(|outcome| match outcome {
            Outcome::UserAdded(id) => id.ok_or(WireError::AlreadyExists),
            _ => Err(WireError::Internal),
        });
        ids.collect()
    }

    /// Whether that user has sent a message with that key.
    pub async fn has_sent(
        &self,
        sender_id: UserId,
        client_id: ClientId,
    ) -> Result<bool, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let found = messages::is_known(&mut reader.conn(), sender_id, client_id).await;
        found.stored()
    }

    async fn write_in_portions(&self, writes: Vec<Write>) -> Result<Vec<Outcome>, WireError> {
        let mut outcomes = Vec::with_capacity(writes.len());
        let mut writes = writes.into_iter();
        loop {
            let mut queued = Vec::with_capacity(PORTION);
            for write in writes.by_ref().take(PORTION) {
                queued.push(self.writer.queue(write).await?);
            }
            if queued.is_empty() {
                return Ok(outcomes);
            }
            for answer in queued {
                outcomes.push(answer.await.map_err(|_| WireError::Unavailable)??);
            }
        }
    }
}
