//! What the reader writes: sending it, for whom it is, and what becomes of what was refused.

use leptos::prelude::*;

use super::{Chat, outbox, reading};
use crate::model::{Audience, ClientId, RoomId, text};

impl Chat {
    /// Sends what was written, for those. Answers whether it was taken: not where it is empty or too long.
    pub fn write(self, room_id: RoomId, audience: Audience, content: &str) -> bool {
        let Ok(content) = text::check_content(content, self.limits().message_chars) else {
            return false;
        };
        let written = (audience, content);
        self.act(|client, now| client.write(room_id, ClientId::random(), written, now));
        true
    }

    /// Whom what is written in that room is for.
    pub fn writes_for(self, room_id: RoomId) -> Audience {
        if self.noting.read().contains(&room_id) {
            Audience::Staff
        } else {
            Audience::All
        }
    }

    /// What is written in that room is for those from now on.
    pub fn write_for(self, room_id: RoomId, audience: Audience) {
        reading::stopped(self, room_id);
        self.noting.update(|rooms| {
            if audience == Audience::Staff {
                rooms.insert(room_id);
            } else {
                rooms.remove(&room_id);
            }
        });
    }

    /// Sends a refused message after all.
    pub fn retry(self, client_id: ClientId) {
        self.act(|client, now| client.retry(client_id, now));
        outbox::say_retried(client_id);
    }

    /// Gives a message up that was not sent.
    pub fn discard(self, client_id: ClientId) {
        self.act(|client, _| client.discard(client_id));
        outbox::say_discarded(client_id);
    }
}
