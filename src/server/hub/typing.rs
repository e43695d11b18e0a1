//! Who types where, on this node, and how many signs of it a room is shown: many who type at once are no more than a few
//! frames a second for each who reads.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::model::{RoomId, Timestamp, UserId};

/// Signs of typing that a room is shown in one second; what is over it is not shown, and fades by itself.
const SIGNS_A_SECOND: usize = 4;
const SECOND: Duration = Duration::from_secs(1);
/// Beyond so many rooms those in which nobody types are forgotten.
const ROOMS: usize = 1000;

/// Somebody types, or has stopped.
#[derive(Clone, Debug)]
pub struct Sign {
    /// Where.
    pub room_id: RoomId,
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Until when it stands; none: they have stopped.
    pub until: Option<Timestamp>,
    /// Whether everybody in the room may know.
    pub is_for_all: bool,
}

#[derive(Debug, Default)]
struct Room {
    people: BTreeMap<UserId, Sign>,
    shown: VecDeque<Instant>,
}

/// Who types where. Behind a plain lock: its sections only touch maps and hold no `.await`.
#[derive(Debug, Default)]
pub struct Typing(Mutex<HashMap<RoomId, Room>>);

impl Typing {
    /// Notes a sign; answers whether the room is to be shown it.
    pub fn note(&self, sign: Sign, now: Timestamp, at: Instant) -> bool {
        let mut rooms = self.0.lock();
        if rooms.len() > ROOMS {
            rooms.retain(|_, room| room.people.values().any(|sign| sign.stands(now)));
        }
        let room = rooms.entry(sign.room_id).or_default();
        room.people.retain(|_, known| known.stands(now));
        match sign.until {
            Some(_) => drop(room.people.insert(sign.user_id, sign)),
            None => drop(room.people.remove(&sign.user_id)),
        }
        room.has_room(at)
    }

    /// Who types in a room, as everybody there may know.
    pub fn in_room(&self, room_id: RoomId, now: Timestamp) -> Vec<(UserId, String)> {
        let rooms = self.0.lock();
        let people = rooms
            .get(&room_id)
            .into_iter()
            .flat_map(|room| &room.people);
        people
            .filter(|(_, sign)| sign.is_for_all && sign.stands(now))
            .map(|(user_id, sign)| (*user_id, sign.name.clone()))
            .collect()
    }

    /// Whether somebody types there, as everybody there may know.
    pub fn types(&self, room_id: RoomId, user_id: UserId, now: Timestamp) -> bool {
        let rooms = self.0.lock();
        let sign = rooms
            .get(&room_id)
            .and_then(|room| room.people.get(&user_id));
        sign.is_some_and(|sign| sign.is_for_all && sign.stands(now))
    }
}

impl Sign {
    fn stands(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until > now)
    }
}

impl Room {
    fn has_room(&mut self, at: Instant) -> bool {
        while self
            .shown
            .front()
            .is_some_and(|shown| at.duration_since(*shown) >= SECOND)
        {
            self.shown.pop_front();
        }
        let has_room = self.shown.len() < SIGNS_A_SECOND;
        if has_room {
            self.shown.push_back(at);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(4);

    fn sign(id: i64, until: Option<i64>) -> Sign {
        Sign {
            room_id: ROOM,
            user_id: UserId(id),
            name: id.to_string(),
            until: until.map(Timestamp),
            is_for_all: true,
        }
    }

    #[test]
    fn many_who_type_at_once_are_shown_as_a_few_a_second() {
        let (typing, mut at) = (Typing::default(), Instant::now());
        for _ in 0..3 {
            let shown = (0..200).filter(|id| typing.note(sign(*id, Some(9)), Timestamp(1), at));
            assert_eq!(shown.count(), SIGNS_A_SECOND);
            at += SECOND;
        }
        assert_eq!(typing.in_room(ROOM, Timestamp(1)).len(), 200);
    }

    #[test]
    fn who_types_is_known_until_they_stop_or_the_sign_fades() {
        let (typing, at) = (Typing::default(), Instant::now());
        typing.note(sign(1, Some(9)), Timestamp(1), at);
        typing.note(sign(2, Some(5)), Timestamp(1), at);
        let note = Sign {
            is_for_all: false,
            ..sign(3, Some(9))
        };
        typing.note(note, Timestamp(1), at);
        let known = |now| -> Vec<i64> {
            let people = typing.in_room(ROOM, Timestamp(now)).into_iter();
            people.map(|(id, _)| id.0).collect()
        };
        assert_eq!(known(1), [1, 2]);
        assert_eq!(known(5), [1]);
        assert!(typing.types(ROOM, UserId(1), Timestamp(5)));
        assert!(!typing.types(ROOM, UserId(3), Timestamp(5)));
        typing.note(sign(1, None), Timestamp(5), at);
        assert!(known(5).is_empty());
    }
}
