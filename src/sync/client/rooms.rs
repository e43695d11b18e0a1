//! The open rooms of a client: what a snapshot, a resume and a live event do to them.

use std::collections::BTreeMap;

use super::{Client, Effect};
use crate::{
    model::{AlertId, RoomForMe, RoomId, Seq, Timestamp, UserCard, UserId},
    protocol::{Command, Event, ResumeFrom},
    sync::{Snapshot, snapshot::Applied},
};

/// More messages than these are not kept for somebody at the end of a room …
const MOST_ROWS: usize = 300;
/// … but these, the newest.
const KEPT_ROWS: usize = 150;

pub(super) struct OpenRoom {
    pub(super) snapshot: Snapshot,
    /// While a resume is under way: live durable events, held back until `caught_up`.
    pub(super) held: Option<Vec<Event>>,
    /// Who types, by name, and until when to show it.
    pub(super) typing: BTreeMap<UserId, (String, Timestamp)>,
    /// Who else of those who answer looks at it.
    pub(super) looking: Vec<UserCard>,
    /// The read mark when the room was opened, for the line "New messages".
    pub(super) unread_after: Option<Seq>,
}

impl OpenRoom {
    /// There is one truth of what is the reader's own of the room: the list's. Answers whether it was another one here.
    pub(super) fn mirror(&mut self, known: &RoomForMe) -> bool {
        let is_other = self.snapshot.room != *known;
        if is_other {
            self.snapshot.room.clone_from(known);
        }
        is_other
    }

    /// Whether the history reaches further than the list, once that is mirrored. A resume makes the server pass over
    /// what lies before it, which the list would never count: it must be asked for afresh.
    pub(super) fn is_ahead(&self) -> bool {
        self.snapshot.room.seq < self.snapshot.seq
    }

    pub(super) fn resume_from(&self) -> ResumeFrom {
        ResumeFrom {
            room_id: self.snapshot.id(),
            since: self.snapshot.seq,
        }
    }
}

impl Client {
    /// Opens a room, or replaces what is known of it.
    pub fn open(&mut self, snapshot: Snapshot) -> Vec<Effect> {
        let room_id = snapshot.id();
        let known = self.open.remove(&room_id);
        let unread_after = known.as_ref().map_or_else(
            || (snapshot.room.unread_count > 0).then_some(snapshot.room.read_seq),
            |room| room.unread_after,
        );
        let (typing, looking) = known
            .map(|room| (room.typing, room.looking))
            .unwrap_or_default();
        self.adopt(&snapshot);
        let mut room = OpenRoom {
            snapshot,
            held: self.is_online.then(Vec::new),
            typing,
            looking,
            unread_after,
        };
        if let Some(known) = self.lists.rooms.get(&room_id) {
            room.mirror(known);
        }
        let (resume, is_ahead) = (room.resume_from(), room.is_ahead());
        self.open.insert(room_id, room);
        let mut effects = vec![Effect::RoomChanged(room_id), Effect::ListChanged];
        if self.is_online {
            effects.push(self.resume(vec![resume]));
        }
        if is_ahead {
            effects.extend(self.ask_hello());
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

    /// Rooms that the list did not carry, asked for since.
    pub fn know(&mut self, rooms: Vec<RoomForMe>) -> Vec<Effect> {
        for room in rooms {
            // What is known already is kept current by events.
            self.lists.rooms.entry(room.id()).or_insert(room);
        }
        vec![Effect::ListChanged]
    }

    /// The reader puts away what everybody is told.
    pub fn dismiss(&mut self, id: AlertId) -> Vec<Effect> {
        self.lists.alerts.dismissed.insert(id);
        vec![Effect::ListChanged]
    }

    /// Lets go of a room that is no longer shown; its pending messages stay in the outbox.
    pub fn close(&mut self, room_id: RoomId) {
        self.open.remove(&room_id);
    }

    /// The reader is at the end of an open room: what they have long scrolled past is let go of, so that a page which
    /// stays open for days does not grow.
    pub fn at_end(&mut self, room_id: RoomId) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        let is_long = room.snapshot.messages.len() > MOST_ROWS && !room.snapshot.has_newer;
        if is_long && room.snapshot.keep_newest(KEPT_ROWS) {
            vec![Effect::RoomChanged(room_id)]
        } else {
            Vec::new()
        }
    }

    /// The reader has seen everything up to the newest message of an open room.
    pub fn seen(&mut self, room_id: RoomId) -> Vec<Effect> {
        let Some(room) = self.open.get(&room_id) else {
            return Vec::new();
        };
        // What lies between was not seen.
        if room.snapshot.has_newer {
            return Vec::new();
        }
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

    pub(super) fn resume(&self, rooms: Vec<ResumeFrom>) -> Effect {
        Effect::Send(Command::Resume {
            epoch: self.lists.epoch.clone(),
            rooms,
        })
    }

    pub(super) fn room_event(&mut self, event: Event) -> Vec<Effect> {
        let Some(room_id) = room_of(&event) else {
            return Vec::new();
        };
        let Some(room) = self.open.get_mut(&room_id) else {
            // What the list says of it is too old as well.
            return match event {
                Event::Reset { .. } => self.ask_hello(),
                _ => Vec::new(),
            };
        };
        let known = self.lists.rooms.get(&room_id);
        let mut effects = Vec::new();
        if known.is_some_and(|known| room.mirror(known)) {
            effects.push(Effect::RoomChanged(room_id));
        }
        match (&mut room.held, &event) {
            (Some(_), Event::CaughtUp { .. }) => {
                self.again.answered();
                room.snapshot.apply_resumed(&event);
                let held = room.held.take().unwrap_or_default();
                effects.push(Effect::RoomChanged(room_id));
                for event in held {
                    effects.extend(self.live_event(room_id, &event));
                }
                effects.extend(self.fetch_members(room_id));
            }
            // The answer to an earlier question: the server tells nothing of what it covers again.
            (None, Event::CaughtUp { seq, .. }) if *seq > room.snapshot.seq => {
                effects.extend(self.resume_again(room_id));
            }
            (
                Some(held),
                Event::ChatMessage { .. }
                | Event::MessageDeleted { .. }
                | Event::SupportUpdated { .. }
                | Event::MemberJoined(_)
                | Event::MemberLeft(_)
                | Event::MemberRole(_)
                | Event::RoomUpdated(_),
            ) => {
                // Sent for the resume or live: both are the message's present state. Held back as well, so that the
                // live ones are checked for density once it is known what the resume covered.
                room.snapshot.apply_resumed(&event);
                held.push(event);
                effects.push(Effect::RoomChanged(room_id));
            }
            (Some(held), Event::Skip { .. }) => held.push(event),
            _ => {
                effects.extend(self.live_event(room_id, &event));
                effects.extend(self.fetch_members(room_id));
            }
        }
        effects
    }

    /// A room that has become small is fetched afresh, with its members.
    fn fetch_members(&self, room_id: RoomId) -> Option<Effect> {
        let room = self.open.get(&room_id)?;
        room.snapshot
            .lacks_members()
            .then_some(Effect::Fetch(room_id))
    }

    fn live_event(&mut self, room_id: RoomId, event: &Event) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        match room.snapshot.apply(event) {
            Applied::Ignored => Vec::new(),
            Applied::Changed => vec![Effect::RoomChanged(room_id)],
            Applied::Reset => vec![Effect::Fetch(room_id)],
            Applied::Gap => self.resume_again(room_id),
        }
    }

    fn resume_again(&mut self, room_id: RoomId) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        room.held = Some(Vec::new());
        let from = vec![room.resume_from()];
        vec![self.resume(from)]
    }
}

fn room_of(event: &Event) -> Option<RoomId> {
    match event {
        Event::ChatMessage { room_id, .. }
        | Event::MessageDeleted { room_id, .. }
        | Event::SupportUpdated { room_id, .. }
        | Event::CaughtUp { room_id, .. }
        | Event::Skip { room_id, .. }
        | Event::Reset { room_id }
        | Event::MessagesRead { room_id, .. }
        | Event::MessagesDelivered { room_id, .. }
        | Event::Unread { room_id, .. }
        | Event::RoomChosen { room_id, .. } => Some(*room_id),
        Event::RoomAdded { room, .. } => Some(room.id()),
        Event::MemberJoined(change) | Event::MemberLeft(change) | Event::MemberRole(change) => {
            Some(change.room_id)
        }
        Event::RoomUpdated(change) => Some(change.room_id),
        Event::JoinRequest(change) | Event::JoinApproved(change) | Event::JoinDenied(change) => {
            Some(change.room_id)
        }
        _ => None,
    }
}
