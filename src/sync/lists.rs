//! A person's own list of rooms: state, not a log. `hello` carries it whole, events keep it current.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    model::{
        Epoch, LastMessage, MemberRole, Message, RoomForMe, RoomId, Seq, SupportState, UserId,
        UserRev, limits::UNREAD_MAX,
    },
    protocol::{Event, Hello, MemberChanged, RoomUpdated},
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
            Event::MemberJoined(change) | Event::MemberLeft(change) | Event::MemberRole(change) => {
                let me = self.me;
                self.in_room(change.room_id, |room| take_member(room, me, change))
            }
            Event::RoomUpdated(change) => {
                self.in_room(change.room_id, |room| take_room(room, change))
            }
            Event::JoinRequest(change)
            | Event::JoinApproved(change)
            | Event::JoinDenied(change) => self.personal(Some(change.user_rev), event),
            Event::Skip {
                room_id, to: seq, ..
            }
            | Event::CaughtUp { room_id, seq } => self.in_room(*room_id, |room| {
                room.seq = room.seq.max(*seq);
                // Nothing that anybody sees.
                false
            }),
            Event::Unread { user_rev, .. } | Event::RoomChosen { user_rev, .. } => {
                self.personal(Some(*user_rev), event)
            }
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
            Event::RoomChosen { room_id, .. } => {
                if let Some(room) = self.rooms.get_mut(room_id) {
                    take_choice(room, event);
                }
            }
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
            Event::JoinRequest(change)
            | Event::JoinApproved(change)
            | Event::JoinDenied(change) => {
                if let Some(room) = self.rooms.get_mut(&change.room_id)
                    && room.role == Some(MemberRole::Host)
                {
                    room.pending_count = change.pending_count;
                }
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

    /// The rooms in which the person is one of those who answer.
    pub fn at_desks(&self) -> impl Iterator<Item = &RoomForMe> {
        self.rooms.values().filter(|room| room.support.is_some())
    }

    /// How many of them have something unread, for the bell.
    pub fn unread_at_desks(&self) -> i64 {
        let unread = self.at_desks().filter(|room| room.counted_unread() > 0);
        unread.fold(0, |count, _| count + 1)
    }

    /// Unread messages of one's own conversations with desks.
    pub fn own_support_unread(&self) -> i64 {
        let support = self.rooms.values().filter(|room| !room.is_chat());
        let own = support.filter(|room| room.support.is_none());
        own.map(RoomForMe::counted_unread).sum()
    }

    /// Unread messages that are for the reader alone: in rooms of two.
    pub fn unread_personal(&self) -> i64 {
        let personal = self.rooms.values().filter(|room| room.is_personal());
        personal.map(RoomForMe::counted_unread).sum()
    }

    /// Whether anything is unread in rooms of many.
    pub fn has_unread_groups(&self) -> bool {
        self.rooms
            .values()
            .any(|room| room.shared.kind.is_group() && room.counted_unread() > 0)
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
        if !message.is_note() {
            take_activity(room, message);
        }
        if message.sender.id != me && message.seq > room.read_seq {
            room.unread_count = room.unread_count.saturating_add(1).min(UNREAD_MAX);
        }
    }
    true
}

/// Takes a change of who is in a room; answers whether it was new.
pub(super) fn take_member(room: &mut RoomForMe, me: UserId, change: &MemberChanged) -> bool {
    if change.seq <= room.seq && change.message.is_some() {
        return false;
    }
    room.seq = room.seq.max(change.seq);
    room.member_count = change.member_count;
    if change.member.user.id == me && room.role.is_some() {
        room.role = Some(change.member.role);
        room.muted_until = change.member.muted_until;
    }
    true
}

/// Takes what a room is now; answers whether it was new.
pub(super) fn take_room(room: &mut RoomForMe, change: &RoomUpdated) -> bool {
    if change.seq <= room.seq && change.message.is_some() {
        return false;
    }
    room.seq = room.seq.max(change.seq);
    room.shared.clone_from(&change.room);
    true
}

/// What a message means for where its room stands, in the list and with those who answer.
fn take_activity(room: &mut RoomForMe, message: &Message) {
    let is_by_person = room.shared.user.as_ref().map(|user| user.id) == Some(message.sender.id);
    if let Some(support) = &mut room.support {
        support.take_message(is_by_person, message.created_at);
    }
    room.last_message = Some(LastMessage::of(message));
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

/// Takes what the person wants of a room of the list.
pub(super) fn take_choice(room: &mut RoomForMe, event: &Event) {
    if let Event::RoomChosen {
        is_quiet,
        is_pinned,
        ..
    } = event
    {
        room.is_quiet = *is_quiet;
        room.is_pinned = *is_pinned;
    }
}
