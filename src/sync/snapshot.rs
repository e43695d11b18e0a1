//! A room as one reader has it, and how events move it.
//!
//! The law: after any history, the old snapshot with the events applied equals a fresh snapshot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    members::Members,
    taking::{
        take_choice, take_deletion, take_mark, take_member, take_message, take_room, take_support,
    },
};
use crate::{
    model::{
        Epoch, Message, RoomForMe, RoomId, Seq, Timestamp, UserId, UserRev, Zone,
        limits::SNAPSHOT_MESSAGES,
    },
    protocol::Event,
};

/// A room: what all share, the reader's marks, the newest messages, the others' read marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The reader.
    pub me: UserId,
    /// The room as the reader has it.
    pub room: RoomForMe,
    /// Its newest messages, oldest first; more where older pages were loaded.
    pub messages: Vec<Message>,
    /// Whether there are older ones than these.
    pub has_older: bool,
    /// Whether there are newer ones: the messages are a part around one of them, which newer pages complete.
    #[serde(default)]
    pub has_newer: bool,
    /// Who is in it by row, where they are few enough.
    #[serde(default)]
    pub members: Members,
    /// Up to where each person has read, as others may see.
    pub receipts: BTreeMap<UserId, Seq>,
    /// Up to where it has come to each, as was last said: a receipt may be beyond.
    #[serde(default)]
    pub deliveries: BTreeMap<UserId, Seq>,
    /// Everything up to here is in it.
    pub seq: Seq,
    /// The reader's list counter when it was taken.
    pub user_rev: UserRev,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The reader's time zone.
    pub zone: Zone,
    /// The server's clock when it was taken.
    pub taken_at: Timestamp,
}

/// An older or newer part of a room's history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are older ones than these.
    pub has_older: bool,
    /// Whether there are newer ones than these.
    #[serde(default)]
    pub has_newer: bool,
    /// The room's newest change when it was read.
    #[serde(default)]
    pub seq: Seq,
}

/// What an event did to a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Not of this room, or known already.
    Ignored,
    /// It changed something.
    Changed,
    /// A durable event between `seq` and this one is missing: resume.
    Gap,
    /// Fetch it afresh.
    Reset,
}

impl Snapshot {
    /// The room.
    pub fn id(&self) -> RoomId {
        self.room.id()
    }

    /// Takes one live event: durable ones must follow on `seq` without a hole.
    pub fn apply(&mut self, event: &Event) -> Applied {
        match (event, event.place()) {
            (Event::Skip { room_id, from, to }, _) if *room_id == self.id() => {
                if *to <= self.seq {
                    return Applied::Ignored;
                }
                if *from > self.seq.next() {
                    return Applied::Gap;
                }
                self.seq = *to;
                self.room.seq = self.room.seq.max(*to);
                Applied::Changed
            }
            (_, Some((room_id, seq))) if room_id == self.id() => {
                if seq <= self.seq {
                    return Applied::Ignored;
                }
                if seq != self.seq.next() {
                    return Applied::Gap;
                }
                self.take(event);
                self.seq = seq;
                Applied::Changed
            }
            _ => self.apply_mark(event),
        }
    }

    /// Takes one event of a resume's answer: messages in their present state, in the order of their last change;
    /// `seq` moves with `caught_up` alone.
    pub fn apply_resumed(&mut self, event: &Event) -> Applied {
        match (event, event.place()) {
            (Event::CaughtUp { room_id, seq }, _) if *room_id == self.id() => {
                self.seq = self.seq.max(*seq);
                self.room.seq = self.room.seq.max(*seq);
                Applied::Changed
            }
            (_, Some((room_id, _))) if room_id == self.id() => {
                self.take(event);
                Applied::Changed
            }
            _ => self.apply_mark(event),
        }
    }

    /// Takes what a durable event tells, whichever way it came.
    fn take(&mut self, event: &Event) {
        match event {
            Event::ChatMessage { message, .. } => self.upsert(message),
            Event::MessageDeleted { message, .. } => {
                take_deletion(&mut self.room, message.sender.id != self.me, message);
                self.upsert(message);
            }
            Event::SupportUpdated { seq, support, .. } => {
                take_support(&mut self.room, *seq, support);
            }
            Event::MemberJoined(change) | Event::MemberRole(change) => {
                self.tell(change.message.as_deref());
                take_member(&mut self.room, self.me, change);
                self.members.put(&change.member);
            }
            Event::MemberLeft(change) => {
                self.tell(change.message.as_deref());
                take_member(&mut self.room, self.me, change);
                self.members.remove(change.member.user.id);
            }
            Event::RoomUpdated(change) => {
                self.tell(change.message.as_deref());
                take_room(&mut self.room, change);
            }
            _ => {}
        }
    }

    fn tell(&mut self, message: Option<&Message>) {
        if let Some(message) = message {
            self.upsert(message);
        }
    }

    /// Whether the room has become small enough for its members to be known, and they are not: fetch it afresh.
    pub fn lacks_members(&self) -> bool {
        self.members.are_lacking(self.room.member_count)
    }

    fn apply_mark(&mut self, event: &Event) -> Applied {
        match event {
            Event::MessagesRead {
                room_id,
                user_id,
                read_seq,
            } if *room_id == self.id() => advance(&mut self.receipts, *user_id, *read_seq),
            Event::MessagesDelivered {
                room_id,
                user_id,
                read_seq,
            } if *room_id == self.id() => advance(&mut self.deliveries, *user_id, *read_seq),
            Event::Unread {
                room_id, user_rev, ..
            } if *room_id == self.id() && *user_rev > self.user_rev => {
                self.user_rev = *user_rev;
                take_mark(&mut self.room, event);
                Applied::Changed
            }
            Event::RoomChosen {
                room_id, user_rev, ..
            } if *room_id == self.id() && *user_rev > self.user_rev => {
                self.user_rev = *user_rev;
                take_choice(&mut self.room, event);
                Applied::Changed
            }
            Event::Reset { room_id } if *room_id == self.id() => Applied::Reset,
            _ => Applied::Ignored,
        }
    }

    fn upsert(&mut self, message: &Message) {
        take_message(&mut self.room, message.sender.id != self.me, message);
        match self
            .messages
            .binary_search_by_key(&message.seq, |known| known.seq)
        {
            Ok(at) => {
                if let Some(known) = self.messages.get_mut(at)
                    && known.rev < message.rev
                {
                    known.clone_from(message);
                }
            }
            // Older than what is loaded: it comes with its page.
            Err(0) if self.has_older && !self.messages.is_empty() => {}
            // Newer than what is loaded: likewise.
            Err(at) if self.has_newer && at == self.messages.len() => {}
            Err(at) => self.messages.insert(at, message.clone()),
        }
    }

    /// Puts an older page in front.
    pub fn prepend(&mut self, page: Page) {
        let oldest = self.messages.first().map(|message| message.seq);
        let mut messages: Vec<_> = page
            .messages
            .into_iter()
            .filter(|message| oldest.is_none_or(|oldest| message.seq < oldest))
            .collect();
        messages.append(&mut self.messages);
        self.messages = messages;
        self.has_older = page.has_older;
    }

    /// Puts a newer page behind. Answers whether it was taken: one that was read before the last event came would leave
    /// a hole, for what is newer than the loaded messages was not kept.
    pub fn append(&mut self, page: Page) -> bool {
        if page.seq < self.seq {
            return false;
        }
        let newest = self.newest_seq();
        let newer = page.messages.into_iter();
        self.messages
            .extend(newer.filter(|message| message.seq > newest));
        self.has_newer = page.has_newer;
        true
    }

    /// Cut to what a fresh snapshot holds: the newest messages alone.
    pub fn newest(mut self) -> Self {
        self.keep_newest(SNAPSHOT_MESSAGES);
        self
    }

    /// Lets go of all but the newest `count` messages. Answers whether there were more.
    pub fn keep_newest(&mut self, count: usize) -> bool {
        let surplus = self.messages.len().saturating_sub(count);
        if surplus > 0 {
            self.messages.drain(..surplus);
            self.has_older = true;
        }
        surplus > 0
    }

    /// The oldest loaded message's place: where the next older page ends.
    pub fn oldest_seq(&self) -> Option<Seq> {
        self.messages.first().map(|message| message.seq)
    }

    /// The newest countable message's place: what "read" means.
    pub fn newest_seq(&self) -> Seq {
        self.messages
            .last()
            .map(|message| message.seq)
            .unwrap_or_default()
    }
}

/// A mark of somebody's never goes back, and nobody has one at the very beginning.
fn advance(marks: &mut BTreeMap<UserId, Seq>, user_id: UserId, seq: Seq) -> Applied {
    let known = marks.get(&user_id).copied().unwrap_or_default();
    if seq <= known {
        return Applied::Ignored;
    }
    marks.insert(user_id, seq);
    Applied::Changed
}

#[cfg(test)]
mod tests;
