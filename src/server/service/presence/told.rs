//! What is told of somebody: whether it is news to a reader, and the frame for each who may know as much of it.

use crate::{
    model::{Presence, PresenceFacts, PresenceStatus, RoomId, Timestamp, UserId},
    protocol::Event,
    server::hub::{Connection, Frame, Topic},
};

/// What was told of somebody. When they were last active is no news while they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    status: PresenceStatus,
    last_seen: Option<Timestamp>,
    hides_last_seen: bool,
    chosen: PresenceStatus,
    room: Option<RoomId>,
}

impl Told {
    pub(super) fn of(facts: &PresenceFacts, room: Option<RoomId>, now: Timestamp) -> Self {
        let status = facts.status(now);
        let is_there = matches!(status, PresenceStatus::Online | PresenceStatus::Busy);
        Self {
            status,
            last_seen: facts.last_seen().filter(|_| !is_there),
            hides_last_seen: facts.own.hides_last_seen,
            chosen: facts.own.chosen,
            room,
        }
    }

    /// Whether it says something new to that reader, who was told of `before`.
    pub(super) fn is_news_to(&self, reader: &Connection, user_id: UserId, before: Self) -> bool {
        let shares = |room: Option<RoomId>| room.is_some_and(|id| reader.hears(&Topic::Room(id)));
        self.status != before.status
            || self.last_seen != before.last_seen
            || self.hides_last_seen != before.hides_last_seen
            || (self.chosen != before.chosen && reader.user_id() == user_id)
            || (self.room != before.room && (shares(self.room) || shares(before.room)))
    }
}

/// One presence, encoded for each who may know as much of it.
pub(super) struct Frames {
    user_id: UserId,
    plain: Frame,
    /// For those who share the room, where there is one.
    placed: Option<(RoomId, Frame)>,
    own: Frame,
}

impl Frames {
    pub(super) fn of(
        user_id: UserId,
        facts: &PresenceFacts,
        at: Option<(RoomId, bool)>,
        now: Timestamp,
    ) -> Self {
        let frame = |presence: &Presence| Frame::of(&Event::Presence(presence.clone()));
        let mut presence = facts.presence(user_id, now);
        let plain = frame(&presence);
        let placed = at.map(|(room_id, is_typing)| {
            presence.current_room = Some(room_id);
            presence.is_typing = is_typing;
            (room_id, frame(&presence))
        });
        presence.chosen = Some(facts.own.chosen);
        Self {
            user_id,
            plain,
            placed,
            own: frame(&presence),
        }
    }

    pub(super) fn for_reader(&self, reader: &Connection) -> Frame {
        match &self.placed {
            _ if reader.user_id() == self.user_id => self.own.clone(),
            Some((room_id, frame)) if reader.hears(&Topic::Room(*room_id)) => frame.clone(),
            _ => self.plain.clone(),
        }
    }
}
