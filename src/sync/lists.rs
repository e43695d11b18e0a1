//! A person's own list of rooms: state, not a log. `hello` carries it whole, events keep it current.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    model::{
        Epoch, LastMessage, Message, RoomForMe, RoomId, Seq, SupportState, UserId, UserRev,
        limits::UNREAD_MAX,
    },
    protocol::{Event, Hello},
};

/// The rooms of one person, with that person's marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    /// Whose list.
    pub me: UserId,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The list's counter: personal events that are not newer are ignored.
    pub user_rev: UserRev,
    /// The rooms.
    pub rooms: BTreeMap<RoomId, RoomForMe>,
}

/// What an event did to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListChange {
    /// Nothing.
    Same,
    /// Something.
    Changed,
    /// A personal event is missing, or does not fit: ask for `hello`.
    Gap,
}

impl Lists {
    /// The list that `hello` carries.
    pub fn from_hello(hello: Hello) -> Self {
        Self {
            me: hello.user.id,
            epoch: hello.epoch,
            user_rev: hello.user_rev,
            rooms: hello
                .rooms
                .into_iter()
                .map(|room| (room.id(), room))
                .collect(),
        }
    }

    /// Takes one event.
    pub fn apply(&mut self, event: &Event) -> ListChange {
        match event {
            Event::ChatMessage {
                room_id, message, ..
            } => {
                let me = self.me;
                self.in_room(*room_id, |room| take_message(room, me, message))
            }
            Event::SupportUpdated {
                room_id,
                seq,
                support,
            } => self.in_room(*room_id, |room| take_support(room, *seq, support)),
            Event::Skip {
                room_id, to: seq, ..
            }
            | Event::CaughtUp { room_id, seq } => self.in_room(*room_id, |room| {
                room.seq = room.seq.max(*seq);
                // Nothing that anybody sees.
                false
            }),
            Event::Unread { user_rev, .. } => self.personal(Some(*user_rev), event),
            Event::RoomAdded { user_rev, .. } => self.personal(*user_rev, event),
            Event::RoomRemoved { user_rev, .. } => self.personal(Some(*user_rev), event),
            _ => ListChange::Same,
        }
    }

    fn in_room(
        &mut self,
        room_id: RoomId,
        take: impl FnOnce(&mut RoomForMe) -> bool,
    ) -> ListChange {
        if self.rooms.get_mut(&room_id).is_some_and(take) {
            ListChange::Changed
        } else {
            ListChange::Same
        }
    }

    fn personal(&mut self, user_rev: Option<UserRev>, event: &Event) -> ListChange {
        if let Some(rev) = user_rev {
            if rev <= self.user_rev {
                return ListChange::Same;
            }
            if rev > self.user_rev.next() {
                return ListChange::Gap;
            }
            self.user_rev = rev;
        }
        match event {
            Event::Unread { room_id, seq, .. } => match self.rooms.get_mut(room_id) {
                // Counted at another moment of the room than the list stands at.
                Some(room) if room.seq != *seq => return ListChange::Gap,
                Some(room) => take_mark(room, event),
                None => {}
            },
            // One that comes late knows less of the room than is known by now.
            Event::RoomAdded { room, .. } if !self.is_older_than(room) => {
                return ListChange::Same;
            }
            Event::RoomAdded { room, .. } => {
                self.rooms.insert(room.id(), (**room).clone());
            }
            Event::RoomRemoved { room_id, .. } => {
                self.rooms.remove(room_id);
            }
            _ => return ListChange::Same,
        }
        ListChange::Changed
    }

    /// Whether what is known of a room is older than this, or of the same moment.
    fn is_older_than(&self, room: &RoomForMe) -> bool {
        let known = self.rooms.get(&room.id());
        known.is_none_or(|known| known.seq <= room.seq)
    }

    /// All unread messages, for the badge.
    pub fn total_unread(&self) -> i64 {
        self.rooms.values().map(|room| room.unread_count).sum()
    }

    /// Rooms with something unread, for the bell.
    pub fn unread_rooms(&self) -> usize {
        self.rooms
            .values()
            .filter(|room| room.unread_count > 0)
            .count()
    }

    /// The rooms, last activity first. By the ids of the last messages: clocks jump, ids do not.
    pub fn by_activity(&self) -> Vec<&RoomForMe> {
        let mut rooms: Vec<_> = self.rooms.values().collect();
        rooms.sort_by_key(|room| {
            let last = room.last_message.as_ref().map(|last| last.id);
            std::cmp::Reverse((last, room.last_activity(), room.id()))
        });
        rooms
    }
}

/// Counts a new message into a room of the list; answers whether it was new.
pub(super) fn take_message(room: &mut RoomForMe, me: UserId, message: &Message) -> bool {
    if message.rev <= room.seq {
        return false;
    }
    room.seq = message.rev;
    if message.rev == message.seq && message.is_countable() {
        let is_by_person = room.shared.user.as_ref().map(|user| user.id) == Some(message.sender.id);
        if let Some(support) = &mut room.support {
            support.take_message(is_by_person, message.created_at);
        }
        room.last_message = Some(LastMessage::of(message));
        if message.sender.id != me && message.seq > room.read_seq {
            room.unread_count = room.unread_count.saturating_add(1).min(UNREAD_MAX);
        }
    }
    true
}

/// Takes where a support room stands; answers whether it was new.
pub(super) fn take_support(room: &mut RoomForMe, seq: Seq, support: &SupportState) -> bool {
    if seq < room.seq || room.support.as_ref() == Some(support) {
        room.seq = room.seq.max(seq);
        return false;
    }
    room.seq = seq;
    room.support = Some(support.clone());
    true
}

/// Takes the person's own mark into a room of the list.
pub(super) fn take_mark(room: &mut RoomForMe, event: &Event) {
    if let Event::Unread {
        read_seq,
        unread_count,
        ..
    } = event
    {
        room.read_seq = *read_seq;
        room.unread_count = *unread_count;
    }
}
