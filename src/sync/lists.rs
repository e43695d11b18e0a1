//! A person's own list of rooms: state, not a log. `hello` carries it whole, events keep it current.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::taking::{
    take_choice, take_deletion, take_mark, take_member, take_message, take_room, take_support,
};
use crate::{
    model::{
        Alerts, Epoch, MemberRole, Message, Policy, RoomForMe, RoomId, UserCard, UserId, UserRev,
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
    /// What everybody is told, and what of it the person has put away.
    #[serde(default)]
    pub alerts: Alerts,
    /// Whom the person has blocked, by name.
    #[serde(default)]
    pub blocked: Vec<UserCard>,
    /// Who writes to whom, and who makes rooms.
    #[serde(default)]
    pub policy: Policy,
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
            alerts: hello.alerts,
            blocked: hello.blocked,
            policy: hello.policy,
        }
    }

    /// Takes one event.
    pub fn apply(&mut self, event: &Event) -> ListChange {
        match event {
            Event::ChatMessage {
                room_id, message, ..
            } => {
                let is_counted = self.counts(message.sender.id);
                let is_doubtful = is_counted && self.is_doubtful(message);
                match self.in_room(*room_id, |room| take_message(room, is_counted, message)) {
                    ListChange::Changed if is_doubtful => ListChange::Gap,
                    change => change,
                }
            }
            Event::MessageDeleted {
                room_id, message, ..
            } => {
                let is_counted = self.counts(message.sender.id);
                let known = self.rooms.get(room_id);
                let is_capped = known.is_some_and(|room| room.unread_count >= UNREAD_MAX);
                match self.in_room(*room_id, |room| take_deletion(room, is_counted, message)) {
                    // How many there are beyond what is counted is not known here.
                    ListChange::Changed if is_capped => ListChange::Gap,
                    change => change,
                }
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
            Event::System { alerts } => {
                self.alerts.replace(alerts);
                ListChange::Changed
            }
            Event::Unread { user_rev, .. } | Event::RoomChosen { user_rev, .. } => {
                self.personal(Some(*user_rev), event)
            }
            Event::RoomAdded { user_rev, .. } => self.personal(*user_rev, event),
            Event::RoomRemoved { user_rev, .. } => self.personal(Some(*user_rev), event),
            _ => ListChange::Same,
        }
    }

    /// Whether a message comes deleted that this list may have counted, or not, before that.
    fn is_doubtful(&self, message: &Message) -> bool {
        let known = self.rooms.get(&message.room_id);
        message.is_deleted()
            && known.is_some_and(|room| room.seq < message.rev && room.read_seq < message.seq)
    }

    /// Whether what that person writes is unread for this one: not one's own, and not of those who are blocked.
    pub fn counts(&self, sender: UserId) -> bool {
        sender != self.me && !self.is_blocked(sender)
    }

    /// Whether the person has blocked that one.
    pub fn is_blocked(&self, id: UserId) -> bool {
        self.blocked.iter().any(|card| card.id == id)
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
