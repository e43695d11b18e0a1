//! The client as a whole: the list, the open rooms and the outbox, tied to a connection that comes and goes.
//!
//! [`Client`] takes what happens (events, gestures, the clock) and answers what is to be done ([`Effect`]). The page
//! does it: sends commands, fetches rooms, stores the outbox, redraws.
//!
//! - `rooms`: the open rooms. `delivering`: telling what has come. `resuming`: a `resume` that was refused for now. `sending`: the outbox's part. `window`:
//!   older and newer pages.

mod delivering;
mod presence;
mod resuming;
mod rooms;
mod sending;
mod signs;
mod window;

use std::collections::BTreeMap;

use self::{delivering::Delivering, resuming::Again, rooms::OpenRoom};
use super::{
    Lists, Outbox, Pending, Snapshot,
    lists::ListChange,
    timeline::{Row, rows},
};
use crate::{
    model::{ClientId, Presence, RoomId, RoomKind, Timestamp, UserId},
    protocol::{Command, Event, Hello},
};

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this on the socket.
    Send(Command),
    /// Fetch this room's snapshot afresh and hand it to [`Client::open`].
    Fetch(RoomId),
    /// This room's rows, receipts or typing line may differ: redraw.
    RoomChanged(RoomId),
    /// The list differs: redraw.
    ListChanged,
    /// Whether people are there differs: redraw.
    PresenceChanged,
    /// This room is the reader's no more.
    RoomGone(RoomId),
    /// Store this pending message.
    Store(Pending),
    /// It is acknowledged or given up: forget it.
    Forget(ClientId),
}

/// What this browser tab knows.
pub struct Client {
    lists: Lists,
    open: BTreeMap<RoomId, OpenRoom>,
    outbox: Outbox,
    /// Between `hello` and the end of the connection.
    is_online: bool,
    /// Whether this tab is the one that sends the outbox.
    drains: bool,
    /// `hello` is asked for and has not come.
    asks_hello: bool,
    again: Again,
    delivering: Delivering,
    typing_ms: i64,
    /// Those at whom this tab looks, as far as the server has told of them.
    presences: BTreeMap<UserId, Presence>,
    /// At whom it looks.
    watched: Vec<UserId>,
}

impl Client {
    /// A client that knows its list, as the page brought it. `typing_ms`: how long a typing sign is shown.
    pub fn new(lists: Lists, typing_ms: u32) -> Self {
        Self {
            lists,
            open: BTreeMap::new(),
            outbox: Outbox::default(),
            is_online: false,
            drains: true,
            asks_hello: false,
            again: Again::default(),
            delivering: Delivering::default(),
            typing_ms: i64::from(typing_ms),
            presences: BTreeMap::new(),
            watched: Vec::new(),
        }
    }

    /// The person's list.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// What is written and not acknowledged.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Between `hello` and the end of the connection.
    pub fn is_online(&self) -> bool {
        self.is_online
    }

    /// An open room's snapshot.
    pub fn snapshot(&self, room_id: RoomId) -> Option<&Snapshot> {
        self.open.get(&room_id).map(|room| &room.snapshot)
    }

    /// An open room's rows.
    pub fn rows(&self, room_id: RoomId) -> Vec<Row> {
        self.open
            .get(&room_id)
            .map(|room| rows(&room.snapshot, &self.outbox, room.unread_after))
            .unwrap_or_default()
    }

    /// Who types in an open room, by name.
    pub fn typing(&self, room_id: RoomId) -> Vec<String> {
        self.open
            .get(&room_id)
            .map(|room| room.typing.values().map(|(name, _)| name.clone()).collect())
            .unwrap_or_default()
    }

    /// Who else looks at an open room, by name.
    pub fn looking(&self, room_id: RoomId) -> Vec<String> {
        let room = self.open.get(&room_id);
        let people = room.into_iter().flat_map(|room| &room.looking);
        people.map(|person| person.name.clone()).collect()
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) -> Vec<Effect> {
        self.is_online = false;
        self.asks_hello = false;
        self.again = Again::default();
        self.outbox.disconnected();
        self.delivering.disconnected();
        let rooms: Vec<_> = self.open.keys().copied().collect();
        for room in self.open.values_mut() {
            room.held = None;
            room.typing.clear();
            room.looking.clear();
        }
        // What was known of people is not known any more.
        self.presences.clear();
        rooms
            .into_iter()
            .map(Effect::RoomChanged)
            .chain([Effect::PresenceChanged])
            .collect()
    }

    /// Takes one event of the socket.
    pub fn receive(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        match event {
            Event::Hello(hello) => self.hello(*hello, now),
            Event::Ack(ack) => self.acknowledged(ack.client_id, now),
            Event::Error(error) => match error.client_id {
                Some(client_id) => self.refused(client_id, error.error, now),
                None => self.refused_without_key(&error.error, now),
            },
            Event::TypingIndicator {
                room_id,
                user_id,
                sender_name,
                is_typing,
            } => self.typing_sign(room_id, user_id, sender_name, is_typing, now),
            Event::Looking { room_id, people } => self.looking_sign(room_id, people),
            Event::Presence(presence) => self.presence_sign(presence),
            Event::Pong => Vec::new(),
            event => self.state_event(event, now),
        }
    }

    fn hello(&mut self, hello: Hello, now: Timestamp) -> Vec<Effect> {
        self.is_online = true;
        self.asks_hello = false;
        let same_epoch = hello.epoch == self.lists.epoch;
        self.lists = Lists::from_hello(hello);
        let mut effects = vec![Effect::ListChanged];
        let mut from = Vec::new();
        for (room_id, room) in &mut self.open {
            // The person's own marks come with the list, not with the room's resume.
            match self.lists.rooms.get(room_id).filter(|_| same_epoch) {
                Some(known) => {
                    room.mirror(known);
                    from.push(room.resume_from());
                    room.held = Some(Vec::new());
                }
                // Those who answer have more rooms than their list carries.
                None if room.snapshot.room.shared.kind == RoomKind::Support || !same_epoch => {
                    effects.push(Effect::Fetch(*room_id));
                }
                None => effects.push(Effect::RoomGone(*room_id)),
            }
        }
        for effect in &effects {
            if let Effect::RoomGone(room_id) = effect {
                self.open.remove(room_id);
            }
        }
        if !from.is_empty() {
            effects.push(self.resume(from));
        }
        // It was on its way while a later snapshot was fetched.
        if self.open.values().any(OpenRoom::is_ahead) {
            effects.extend(self.ask_hello());
        }
        effects.extend(self.drain(now));
        effects.extend(self.deliver_what_waits());
        effects
    }

    /// Asks for the whole list, unless it is under way.
    pub(super) fn ask_hello(&mut self) -> Vec<Effect> {
        if !self.is_online || std::mem::replace(&mut self.asks_hello, true) {
            return Vec::new();
        }
        vec![Effect::Send(Command::Hello)]
    }

    fn state_event(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        let mut effects = match self.lists.apply(&event) {
            ListChange::Same => Vec::new(),
            ListChange::Changed => vec![Effect::ListChanged],
            ListChange::Gap => self.ask_hello(),
        };
        if let Event::ChatMessage {
            room_id, message, ..
        } = &event
        {
            if message.sender.id == self.lists.me {
                effects.extend(
                    message
                        .client_id
                        .into_iter()
                        .flat_map(|key| self.acknowledged(key, now)),
                );
            } else {
                self.stop_typing(*room_id, message.sender.id);
                effects.extend(self.has_come(*room_id, message));
            }
        }
        if let Event::RoomRemoved { room_id, .. } = event {
            self.open.remove(&room_id);
            effects.push(Effect::RoomGone(room_id));
            return effects;
        }
        effects.extend(self.room_event(event));
        effects
    }

    /// Time has passed: typing signs end, held queues go on, what was refused for now is asked for again.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (room_id, room) in &mut self.open {
            let before = room.typing.len();
            room.typing.retain(|_, (_, until)| *until > now);
            if room.typing.len() < before {
                effects.push(Effect::RoomChanged(*room_id));
            }
        }
        effects.extend(self.ask_again(now));
        effects.extend(self.drain(now));
        effects.extend(self.deliver_what_came_since());
        effects
    }
}
