//! What the reader sends: into the outbox, out as soon as may be, until it is acknowledged or refused.

use super::{Client, Effect};
use crate::{
    model::{Audience, ClientId, RoomId, Timestamp, WireError},
    protocol::Command,
    sync::{Pending, PendingState},
};

impl Client {
    /// The reader has written something: it goes into the outbox, and out as soon as may be.
    pub fn write(
        &mut self,
        room_id: RoomId,
        client_id: ClientId,
        (audience, content): (Audience, String),
        now: Timestamp,
    ) -> Vec<Effect> {
        let pending = Pending {
            client_id,
            room_id,
            audience,
            content,
            created_at: now,
            state: PendingState::Waiting,
        };
        self.outbox.push(pending.clone());
        if let Some(room) = self.open.get_mut(&room_id) {
            room.unread_after = None;
        }
        let mut effects = vec![Effect::Store(pending), Effect::RoomChanged(room_id)];
        // One's own message is always gone to, and it stands at the end.
        effects.extend(self.to_latest(room_id));
        effects.extend(self.drain(now));
        effects
    }

    /// Takes what an earlier visit left unsent.
    pub fn restore(&mut self, items: Vec<Pending>, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        for mut item in items {
            if item.state == PendingState::Sending {
                item.state = PendingState::Waiting;
            }
            effects.push(Effect::RoomChanged(item.room_id));
            self.outbox.push(item);
        }
        effects.extend(self.drain(now));
        effects
    }

    /// Whether this tab sends the outbox; another one may.
    pub fn set_drains(&mut self, drains: bool, now: Timestamp) -> Vec<Effect> {
        self.drains = drains;
        self.drain(now)
    }

    /// The reader wants a refused message sent after all.
    pub fn retry(&mut self, client_id: ClientId, now: Timestamp) -> Vec<Effect> {
        let Some(pending) = self.outbox.retry(client_id) else {
            return Vec::new();
        };
        let mut effects = vec![Effect::RoomChanged(pending.room_id), Effect::Store(pending)];
        effects.extend(self.drain(now));
        effects
    }

    /// The reader gives a message up.
    pub fn discard(&mut self, client_id: ClientId) -> Vec<Effect> {
        match self.outbox.discard(client_id) {
            Some(pending) => vec![
                Effect::RoomChanged(pending.room_id),
                Effect::Forget(client_id),
            ],
            None => Vec::new(),
        }
    }

    pub(super) fn drain(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.is_online || !self.drains {
            return Vec::new();
        }
        self.outbox.take_ready(now).into_iter().map(send).collect()
    }

    pub(super) fn acknowledged(&mut self, client_id: ClientId, now: Timestamp) -> Vec<Effect> {
        if !self.outbox.acknowledged(client_id) {
            return Vec::new();
        }
        let mut effects = vec![Effect::Forget(client_id)];
        effects.extend(self.open.keys().copied().map(Effect::RoomChanged));
        effects.extend(self.drain(now));
        effects
    }

    pub(super) fn refused(
        &mut self,
        client_id: ClientId,
        error: WireError,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.outbox.refused(client_id, error, now);
        let stored = self
            .outbox
            .items()
            .iter()
            .find(|item| item.client_id == client_id)
            .cloned();
        let mut effects: Vec<_> = stored
            .into_iter()
            .flat_map(|item| [Effect::RoomChanged(item.room_id), Effect::Store(item)])
            .collect();
        effects.extend(self.drain(now));
        effects
    }
}

fn send(pending: Pending) -> Effect {
    Effect::Send(Command::ChatMessage {
        room_id: pending.room_id,
        content: pending.content,
        client_id: Some(pending.client_id),
        audience: pending.audience,
        reply_to: None,
    })
}
