//! Telling the server what has come, so that whoever wrote it sees that it was delivered: at once, while connected, in
//! rooms that are not of many. Nothing of it waits for a connection, and nothing has to be asked for again: whoever reads
//! it says more.

use std::collections::{BTreeMap, BTreeSet};

use super::{Client, Effect};
use crate::{
    model::{Message, RoomForMe, RoomId, Seq, UserId},
    protocol::Command,
};

/// Rooms of which so much is told when the connection is there; what waits in others is told when it is read.
const ROOMS_AT_HELLO: usize = 20;

/// What has come, and what was told of it on this connection.
#[derive(Default)]
pub(super) struct Delivering {
    /// Per room the newest message of somebody else's.
    come: BTreeMap<RoomId, Seq>,
    /// Up to where the server knows.
    told: BTreeMap<RoomId, Seq>,
    /// Rooms told of since the last tick: what comes there meanwhile is told with the next one, together.
    recent: BTreeSet<RoomId>,
    /// The room that is being read: its read mark is on its way anyway.
    read: Option<RoomId>,
}

impl Delivering {
    /// The next connection begins anew.
    pub(super) fn disconnected(&mut self) {
        *self = Self {
            read: self.read,
            ..Self::default()
        };
    }
}

impl Client {
    /// Which room is being read just now: its end is on the screen, with somebody looking. What came to one that was, and
    /// was not read after all, is told now.
    pub fn attends(&mut self, room_id: Option<RoomId>) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.delivering.read, room_id);
        before
            .and_then(|before| self.deliver(before))
            .into_iter()
            .collect()
    }

    /// A message of somebody else's has come.
    pub(super) fn has_come(&mut self, room_id: RoomId, message: &Message) -> Option<Effect> {
        if !self.is_for_me(room_id, message.sender.id) {
            return None;
        }
        self.delivering.comes(room_id, message.seq);
        if self.delivering.recent.contains(&room_id) {
            return None;
        }
        self.deliver(room_id)
    }

    /// The list is there: what waits in the rooms with the newest messages has come with it.
    pub(super) fn deliver_what_waits(&mut self) -> Vec<Effect> {
        let waiting = self.lists.by_activity().into_iter();
        let waiting = waiting.filter(|room| is_waiting(room)).take(ROOMS_AT_HELLO);
        let newest = waiting.map(|room| {
            let last = room.last_message.as_ref();
            let of_others = last.filter(|last| self.is_for_me(room.id(), last.sender_id));
            (room.id(), of_others.map_or(room.seq, |last| last.seq))
        });
        let newest: Vec<_> = newest.collect();
        let told = newest.into_iter().filter_map(|(room_id, seq)| {
            self.delivering.comes(room_id, seq);
            self.deliver(room_id)
        });
        told.collect()
    }

    /// Whether somebody waits to hear that their message has come to this one: not a colleague, who answers the same person.
    fn is_for_me(&self, room_id: RoomId, sender: UserId) -> bool {
        let room = self.lists.rooms.get(&room_id);
        let person = room
            .and_then(|room| room.shared.user.as_ref())
            .map(|user| user.id);
        let me = self.lists.me;
        sender != me && person.is_none_or(|person| person == me || person == sender)
    }

    /// Time has passed: what came to a room after it was told of.
    pub(super) fn deliver_what_came_since(&mut self) -> Vec<Effect> {
        let recent = std::mem::take(&mut self.delivering.recent).into_iter();
        recent.filter_map(|room_id| self.deliver(room_id)).collect()
    }

    fn deliver(&mut self, room_id: RoomId) -> Option<Effect> {
        let known = self.lists.rooms.get(&room_id);
        if !self.is_online || !known.is_some_and(is_waiting) {
            return None;
        }
        let read_seq = self.delivering.news(room_id)?;
        self.delivering.told.insert(room_id, read_seq);
        self.delivering.recent.insert(room_id);
        Some(Effect::Send(Command::Delivered { room_id, read_seq }))
    }
}

impl Delivering {
    fn comes(&mut self, room_id: RoomId, seq: Seq) {
        let come = self.come.entry(room_id).or_default();
        *come = seq.max(*come);
    }

    /// Up to where a room has come, where the server does not know that and is not told by its being read.
    fn news(&self, room_id: RoomId) -> Option<Seq> {
        let come = self.come.get(&room_id).copied();
        let told = self.told.get(&room_id).copied();
        come.filter(|come| self.read != Some(room_id) && told < Some(*come))
    }
}

/// Whether something of somebody else's waits there to be read, in a room that is not of many.
fn is_waiting(room: &RoomForMe) -> bool {
    !room.shared.kind.is_group() && room.unread_count > 0
}

#[cfg(test)]
mod tests;
