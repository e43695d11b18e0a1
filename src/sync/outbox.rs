//! What was written and is not acknowledged yet.
//!
//! One message in flight a room, in the order of writing. A refusal that will not change parks that one message; a
//! refusal that may (too many at once, the server away) holds its room's queue. Nothing is ever dropped silently.

use serde::{Deserialize, Serialize};

use crate::model::{Audience, ClientId, RoomId, Timestamp, WireError};

/// Where a pending message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    /// Not sent yet, or to be sent again.
    Waiting,
    /// Sent, not acknowledged.
    Sending,
    /// Refused for good: the person decides.
    Refused(WireError),
}

/// A message that is not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The message's key, made once per gesture.
    pub client_id: ClientId,
    /// Where to.
    pub room_id: RoomId,
    /// Who may see it: a note that waits stays a note.
    #[serde(default)]
    pub audience: Audience,
    /// What was written.
    pub content: String,
    /// When, by the device's clock.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: PendingState,
}

/// All pending messages of one person on one device, in the order of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    items: Vec<Pending>,
    held: Vec<(RoomId, Timestamp)>,
}

impl Outbox {
    /// Adds a message at the end; one with the same key is left as it is.
    pub fn push(&mut self, pending: Pending) {
        if self.find(pending.client_id).is_none() {
            self.items.push(pending);
        }
    }

    /// The pending messages of a room.
    pub fn of_room(&self, room_id: RoomId) -> impl Iterator<Item = &Pending> {
        self.items
            .iter()
            .filter(move |item| item.room_id == room_id)
    }

    /// All of them.
    pub fn items(&self) -> &[Pending] {
        &self.items
    }

    /// How many wait or are under way (refused ones do not).
    pub fn waiting(&self) -> usize {
        self.items
            .iter()
            .filter(|item| !matches!(item.state, PendingState::Refused(_)))
            .count()
    }

    fn find(&mut self, client_id: ClientId) -> Option<&mut Pending> {
        self.items
            .iter_mut()
            .find(|item| item.client_id == client_id)
    }

    /// Takes the next message of each room that has none in flight and is not held at `now`.
    pub fn take_ready(&mut self, now: Timestamp) -> Vec<Pending> {
        self.held.retain(|(_, until)| *until > now);
        let mut busy: Vec<RoomId> = self.held.iter().map(|(room_id, _)| *room_id).collect();
        busy.extend(
            self.items
                .iter()
                .filter(|item| item.state == PendingState::Sending)
                .map(|item| item.room_id),
        );
        let mut ready = Vec::new();
        for item in &mut self.items {
            if item.state == PendingState::Waiting && !busy.contains(&item.room_id) {
                item.state = PendingState::Sending;
                busy.push(item.room_id);
                ready.push(item.clone());
            }
        }
        ready
    }

    /// The message is durable: it leaves. Answers whether it was here.
    pub fn acknowledged(&mut self, client_id: ClientId) -> bool {
        let before = self.items.len();
        self.items.retain(|item| item.client_id != client_id);
        self.items.len() < before
    }

    /// The server refused it.
    pub fn refused(&mut self, client_id: ClientId, error: WireError, now: Timestamp) {
        let Some(item) = self.find(client_id) else {
            return;
        };
        if error.is_temporary() {
            item.state = PendingState::Waiting;
            let room_id = item.room_id;
            let wait_ms = i64::from(error.retry_after().unwrap_or(1)).saturating_mul(1000);
            self.held.push((room_id, now.plus_ms(wait_ms)));
        } else {
            item.state = PendingState::Refused(error);
        }
    }

    /// The connection is gone: what was under way will be sent again. The key makes that harmless.
    pub fn disconnected(&mut self) {
        self.held.clear();
        for item in &mut self.items {
            if item.state == PendingState::Sending {
                item.state = PendingState::Waiting;
            }
        }
    }

    /// The person wants it sent after all. Answers it, to be stored.
    pub fn retry(&mut self, client_id: ClientId) -> Option<Pending> {
        let item = self.find(client_id)?;
        item.state = PendingState::Waiting;
        Some(item.clone())
    }

    /// The person gives it up; one that is under way cannot be. Answers it, so that its text can be recovered.
    pub fn discard(&mut self, client_id: ClientId) -> Option<Pending> {
        let at = self
            .items
            .iter()
            .position(|item| item.client_id == client_id && item.state != PendingState::Sending)?;
        Some(self.items.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(key: u128, room: i64) -> Pending {
        Pending {
            client_id: ClientId(uuid::Uuid::from_u128(key)),
            room_id: RoomId(room),
            audience: Audience::All,
            content: format!("text {key}"),
            created_at: Timestamp(0),
            state: PendingState::Waiting,
        }
    }

    fn keys(items: &[Pending]) -> Vec<u128> {
        items
            .iter()
            .map(|item| item.client_id.0.as_u128())
            .collect()
    }

    fn with(items: &[(u128, i64)]) -> Outbox {
        let mut outbox = Outbox::default();
        for (key, room) in items {
            outbox.push(pending(*key, *room));
        }
        outbox
    }

    #[test]
    fn one_message_a_room_is_in_flight_in_the_order_of_writing() {
        let mut outbox = with(&[(1, 1), (2, 1), (3, 2)]);
        assert_eq!(keys(&outbox.take_ready(Timestamp(0))), [1, 3]);
        assert_eq!(keys(&outbox.take_ready(Timestamp(0))), [0_u128; 0]);
        assert!(outbox.acknowledged(ClientId(uuid::Uuid::from_u128(1))));
        assert_eq!(keys(&outbox.take_ready(Timestamp(0))), [2]);
    }

    #[test]
    fn a_permanent_refusal_parks_that_message_alone() {
        let mut outbox = with(&[(1, 1), (2, 1)]);
        outbox.take_ready(Timestamp(0));
        outbox.refused(
            ClientId(uuid::Uuid::from_u128(1)),
            WireError::Archived,
            Timestamp(0),
        );
        assert_eq!(keys(&outbox.take_ready(Timestamp(0))), [2]);
        assert_eq!(
            outbox.items()[0].state,
            PendingState::Refused(WireError::Archived)
        );
        assert_eq!(outbox.waiting(), 1);
    }

    #[test]
    fn a_temporary_refusal_holds_the_rooms_queue() {
        let mut outbox = with(&[(1, 1), (2, 1), (3, 2)]);
        outbox.take_ready(Timestamp(0));
        outbox.refused(
            ClientId(uuid::Uuid::from_u128(1)),
            WireError::RateLimited { retry_after: 5 },
            Timestamp(0),
        );
        assert_eq!(keys(&outbox.take_ready(Timestamp(4_999))), [0_u128; 0]);
        assert_eq!(keys(&outbox.take_ready(Timestamp(5_000))), [1]);
    }

    #[test]
    fn what_was_under_way_is_sent_again_after_a_break() {
        let mut outbox = with(&[(1, 1), (2, 1)]);
        outbox.take_ready(Timestamp(0));
        outbox.disconnected();
        assert_eq!(keys(&outbox.take_ready(Timestamp(0))), [1]);
    }

    #[test]
    fn what_is_under_way_cannot_be_given_up() {
        let mut outbox = with(&[(1, 1), (2, 1)]);
        outbox.take_ready(Timestamp(0));
        assert_eq!(outbox.discard(ClientId(uuid::Uuid::from_u128(1))), None);
        assert_eq!(
            outbox
                .discard(ClientId(uuid::Uuid::from_u128(2)))
                .unwrap()
                .content,
            "text 2"
        );
    }

    #[test]
    fn a_note_that_waits_stays_a_note_and_what_was_stored_before_there_were_any_is_for_all() {
        let note = Pending {
            audience: Audience::Staff,
            ..pending(1, 1)
        };
        let mut stored = serde_json::to_value(&note).unwrap();
        let read = |stored| serde_json::from_value::<Pending>(stored).unwrap();
        assert_eq!(read(stored.clone()), note);
        stored.as_object_mut().unwrap().remove("audience");
        assert_eq!(read(stored), pending(1, 1));
    }

    #[test]
    fn the_same_key_is_queued_once() {
        assert_eq!(with(&[(1, 1), (1, 1)]).items().len(), 1);
    }
}
