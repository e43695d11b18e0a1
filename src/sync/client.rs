//! The client as a whole: the list, the open rooms and the outbox, tied to a connection that comes and goes.
//!
//! [`Client`] takes what happens (events, gestures, the clock) and answers what is to be done ([`Effect`]). The page
//! does it: sends commands, fetches rooms, stores the outbox, redraws.

use std::collections::BTreeMap;

use super::{
    Lists, Outbox, Pending, PendingState, Snapshot,
    lists::ListChange,
    outbox,
    snapshot::{Applied, Page},
    timeline::{Row, rows},
};
use crate::{
    model::{ClientId, RoomId, Seq, Timestamp, UserId, WireError},
    protocol::{Command, Event, Hello, ResumeFrom},
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
    /// Store this pending message.
    Store(Pending),
    /// It is acknowledged or given up: forget it.
    Forget(ClientId),
    /// A message of somebody else arrived.
    Arrived(RoomId, ClientIdOrNone),
}

/// The key of an arrived message, if its sender gave one.
pub type ClientIdOrNone = Option<ClientId>;

struct OpenRoom {
    snapshot: Snapshot,
    /// While a resume is under way: live durable events, held back until `caught_up`.
    held: Option<Vec<Event>>,
    /// Who types, by name, and until when to show it.
    typing: BTreeMap<UserId, (String, Timestamp)>,
    /// The read mark when the room was opened, for the line "New messages".
    unread_after: Option<Seq>,
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
    typing_ms: i64,
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
            typing_ms: i64::from(typing_ms),
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

    /// Opens a room, or replaces what is known of it.
    pub fn open(&mut self, snapshot: Snapshot) -> Vec<Effect> {
        let room_id = snapshot.id();
        let known = self.open.remove(&room_id);
        let unread_after = known.as_ref().map_or_else(
            || (snapshot.room.unread_count > 0).then_some(snapshot.room.read_seq),
            |room| room.unread_after,
        );
        let typing = known.map(|room| room.typing).unwrap_or_default();
        self.adopt(&snapshot);
        let resume = ResumeFrom {
            room_id,
            since: snapshot.seq,
        };
        let held = self.is_online.then(Vec::new);
        self.open.insert(
            room_id,
            OpenRoom {
                snapshot,
                held,
                typing,
                unread_after,
            },
        );
        let mut effects = vec![Effect::RoomChanged(room_id), Effect::ListChanged];
        if self.is_online {
            effects.push(self.resume(vec![resume]));
        }
        effects
    }

    /// A snapshot also tells the list about its room, where the list is not newer.
    fn adopt(&mut self, snapshot: &Snapshot) {
        let is_newer = self.lists.rooms.get(&snapshot.id()).is_none_or(|known| {
            snapshot.room.seq >= known.seq && snapshot.user_rev >= self.lists.user_rev
        });
        if is_newer {
            self.lists
                .rooms
                .insert(snapshot.id(), snapshot.room.clone());
        }
    }

    /// Lets go of a room that is no longer shown; its pending messages stay in the outbox.
    pub fn close(&mut self, room_id: RoomId) {
        self.open.remove(&room_id);
    }

    /// Puts an older page in front of an open room.
    pub fn older(&mut self, room_id: RoomId, page: Page) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        room.snapshot.prepend(page);
        vec![Effect::RoomChanged(room_id)]
    }

    fn resume(&self, rooms: Vec<ResumeFrom>) -> Effect {
        Effect::Send(Command::Resume {
            epoch: self.lists.epoch.clone(),
            rooms,
        })
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) -> Vec<Effect> {
        self.is_online = false;
        self.outbox.disconnected();
        let rooms: Vec<_> = self.open.keys().copied().collect();
        for room in self.open.values_mut() {
            room.held = None;
            room.typing.clear();
        }
        rooms.into_iter().map(Effect::RoomChanged).collect()
    }

    /// Takes one event of the socket.
    pub fn receive(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        match event {
            Event::Hello(hello) => self.hello(*hello, now),
            Event::Ack(ack) => self.acknowledged(ack.client_id, now),
            Event::Error(error) => match error.client_id {
                Some(client_id) => self.refused(client_id, error.error, now),
                None => Vec::new(),
            },
            Event::TypingIndicator {
                room_id,
                user_id,
                sender_name,
                is_typing,
            } => self.typing_sign(room_id, user_id, sender_name, is_typing, now),
            Event::Pong => Vec::new(),
            event => self.state_event(event, now),
        }
    }

    fn hello(&mut self, hello: Hello, now: Timestamp) -> Vec<Effect> {
        self.is_online = true;
        let same_epoch = hello.epoch == self.lists.epoch;
        self.lists = Lists::from_hello(hello);
        for (room_id, room) in &mut self.open {
            // The person's own marks come with the list, not with the room's resume.
            if let Some(known) = self.lists.rooms.get(room_id) {
                room.snapshot.room = known.clone();
                room.snapshot.user_rev = self.lists.user_rev;
            }
        }
        let mut effects = vec![Effect::ListChanged];
        if same_epoch {
            let mut from = Vec::new();
            for (room_id, room) in &mut self.open {
                room.held = Some(Vec::new());
                from.push(ResumeFrom {
                    room_id: *room_id,
                    since: room.snapshot.seq,
                });
            }
            if !from.is_empty() {
                effects.push(self.resume(from));
            }
        } else {
            effects.extend(self.open.keys().copied().map(Effect::Fetch));
        }
        effects.extend(self.drain(now));
        effects
    }

    fn state_event(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        let mut effects = match self.lists.apply(&event) {
            ListChange::Same => Vec::new(),
            ListChange::Changed => vec![Effect::ListChanged],
            ListChange::Gap => vec![Effect::Send(Command::Hello)],
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
                effects.push(Effect::Arrived(*room_id, message.client_id));
            }
        }
        effects.extend(self.room_event(event));
        effects
    }

    fn room_event(&mut self, event: Event) -> Vec<Effect> {
        let Some(room_id) = room_of(&event) else {
            return Vec::new();
        };
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        match (&mut room.held, &event) {
            (Some(_), Event::CaughtUp { .. }) => {
                room.snapshot.apply_resumed(&event);
                let held = room.held.take().unwrap_or_default();
                let mut effects = vec![Effect::RoomChanged(room_id)];
                for event in held {
                    effects.extend(self.live_event(room_id, &event));
                }
                effects
            }
            (Some(held), Event::ChatMessage { .. }) => {
                // Sent for the resume or live: both are the message's present state. Held back as well, so that the
                // live ones are checked for density once it is known what the resume covered.
                room.snapshot.apply_resumed(&event);
                held.push(event);
                vec![Effect::RoomChanged(room_id)]
            }
            (Some(held), Event::Skip { .. }) => {
                held.push(event);
                Vec::new()
            }
            _ => self.live_event(room_id, &event),
        }
    }

    fn live_event(&mut self, room_id: RoomId, event: &Event) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        match room.snapshot.apply(event) {
            Applied::Ignored => Vec::new(),
            Applied::Changed => vec![Effect::RoomChanged(room_id)],
            Applied::Reset => vec![Effect::Fetch(room_id)],
            Applied::Gap => {
                let since = room.snapshot.seq;
                room.held = Some(Vec::new());
                vec![self.resume(vec![ResumeFrom { room_id, since }])]
            }
        }
    }

    fn typing_sign(
        &mut self,
        room_id: RoomId,
        user_id: UserId,
        name: String,
        is_typing: bool,
        now: Timestamp,
    ) -> Vec<Effect> {
        if user_id == self.lists.me {
            return Vec::new();
        }
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        if is_typing {
            room.typing
                .insert(user_id, (name, now.plus_ms(self.typing_ms)));
        } else {
            room.typing.remove(&user_id);
        }
        vec![Effect::RoomChanged(room_id)]
    }

    fn stop_typing(&mut self, room_id: RoomId, user_id: UserId) {
        if let Some(room) = self.open.get_mut(&room_id) {
            room.typing.remove(&user_id);
        }
    }

    /// Time has passed: typing signs end, held queues go on.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (room_id, room) in &mut self.open {
            let before = room.typing.len();
            room.typing.retain(|_, (_, until)| *until > now);
            if room.typing.len() < before {
                effects.push(Effect::RoomChanged(*room_id));
            }
        }
        effects.extend(self.drain(now));
        effects
    }

    /// The reader has written something: it goes into the outbox, and out as soon as may be.
    pub fn write(
        &mut self,
        room_id: RoomId,
        client_id: ClientId,
        content: String,
        now: Timestamp,
    ) -> Vec<Effect> {
        let pending = Pending {
            client_id,
            room_id,
            content,
            created_at: now,
            state: PendingState::Waiting,
        };
        self.outbox.push(pending.clone());
        if let Some(room) = self.open.get_mut(&room_id) {
            room.unread_after = None;
        }
        let mut effects = vec![Effect::Store(pending), Effect::RoomChanged(room_id)];
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

    /// The reader has seen everything up to the newest message of an open room.
    pub fn seen(&mut self, room_id: RoomId) -> Vec<Effect> {
        let Some(room) = self.open.get(&room_id) else {
            return Vec::new();
        };
        let newest = room.snapshot.newest_seq();
        let known = self.lists.rooms.get(&room_id);
        if !self.is_online
            || known.is_none_or(|known| known.unread_count == 0 || newest <= known.read_seq)
        {
            return Vec::new();
        }
        vec![Effect::Send(Command::MarkRead {
            room_id,
            read_seq: newest,
        })]
    }

    /// The reader leaves a room: the line "New messages" has done its work.
    pub fn left(&mut self, room_id: RoomId) {
        if let Some(room) = self.open.get_mut(&room_id) {
            room.unread_after = None;
        }
    }

    fn drain(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.is_online || !self.drains {
            return Vec::new();
        }
        self.outbox.take_ready(now).into_iter().map(send).collect()
    }

    fn acknowledged(&mut self, client_id: ClientId, now: Timestamp) -> Vec<Effect> {
        if !self.outbox.acknowledged(client_id) {
            return Vec::new();
        }
        let mut effects = vec![Effect::Forget(client_id)];
        effects.extend(self.open.keys().copied().map(Effect::RoomChanged));
        effects.extend(self.drain(now));
        effects
    }

    fn refused(&mut self, client_id: ClientId, error: WireError, now: Timestamp) -> Vec<Effect> {
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

fn send(pending: outbox::Pending) -> Effect {
    Effect::Send(Command::ChatMessage {
        room_id: pending.room_id,
        content: pending.content,
        client_id: Some(pending.client_id),
        reply_to: None,
    })
}

fn room_of(event: &Event) -> Option<RoomId> {
    match event {
        Event::ChatMessage { room_id, .. }
        | Event::CaughtUp { room_id, .. }
        | Event::Skip { room_id, .. }
        | Event::Reset { room_id }
        | Event::MessagesRead { room_id, .. }
        | Event::Unread { room_id, .. } => Some(*room_id),
        _ => None,
    }
}
