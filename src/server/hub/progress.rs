//! How far this node has published: per room the newest change and the newest receipt or
//! delivery, per user the newest change of the list.
//!
//! With several nodes a change may be committed elsewhere. So that nobody here gets n before n-1, what is about to be
//! published is held against this first; a gap is read from the database.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

use parking_lot::Mutex;

use crate::model::{MarksRev, RoomCounters, RoomId, Seq, UserId, UserRev};

/// How a change stands to what was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// It is published already.
    Known,
    /// It is the next one, and noted as published.
    Next,
    /// Changes after this one come first.
    Gap(T),
}

/// A dense counter.
trait Dense: Copy + Ord + Default {
    fn next(self) -> Self;
}

impl Dense for Seq {
    fn next(self) -> Self {
        self.next()
    }
}

impl Dense for MarksRev {
    fn next(self) -> Self {
        self.next()
    }
}

impl Dense for UserRev {
    fn next(self) -> Self {
        self.next()
    }
}

/// Who else on this node hears of what a reader begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// Nobody.
    None,
    /// Those who began with it themselves.
    Here,
    /// Those who answer at its desk: they began with the rooms that there were, and are told of new ones.
    Waiting,
}

/// One sort of counter, by key. A key that is not there has no subscriber that misses anything.
#[derive(Debug)]
struct Counters<K, T>(Mutex<HashMap<K, T>>);

impl<K, T> Default for Counters<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Copy + Eq + Hash, T: Dense> Counters<K, T> {
    fn step(&self, key: K, change: T) -> Step<T> {
        match self.0.lock().entry(key) {
            Entry::Occupied(known) if change <= *known.get() => Step::Known,
            Entry::Occupied(known) if change > known.get().next() => Step::Gap(*known.get()),
            entry => {
                entry.insert_entry(change);
                Step::Next
            }
        }
    }

    fn get(&self, key: K) -> Option<T> {
        self.0.lock().get(&key).copied()
    }

    /// Notes what a reader has got from the database. `Others::Here`: their older start stays. `Others::Waiting`: for
    /// those what is not noted yet begins before everything, so that they are told of it from its first change on.
    fn start(&self, key: K, at: T, others: Others) {
        self.0
            .lock()
            .entry(key)
            .and_modify(|known| {
                if others == Others::None {
                    *known = at.max(*known);
                }
            })
            .or_insert(match others {
                Others::None | Others::Here => at,
                Others::Waiting => T::default(),
            });
    }

    fn advance(&self, key: K, to: T) {
        let mut counters = self.0.lock();
        let known = counters.entry(key).or_insert(to);
        *known = to.max(*known);
    }
}

/// How far this node has published.
#[derive(Debug, Default)]
pub struct Progress {
    seqs: Counters<RoomId, Seq>,
    marks: Counters<RoomId, MarksRev>,
    lists: Counters<UserId, UserRev>,
}

impl Progress {
    /// A reader begins with a room as the database has it.
    pub fn start_room(&self, at: RoomCounters, others: Others) {
        self.seqs.start(at.room_id, at.seq, others);
        self.marks.start(at.room_id, at.marks_rev, others);
    }

    /// A device begins with its user's list as the database has it; `is_alone`: it is the user's only one here.
    pub fn start_list(&self, user_id: UserId, at: UserRev, is_alone: bool) {
        let others = if is_alone { Others::None } else { Others::Here };
        self.lists.start(user_id, at, others);
    }

    /// A change of a room is about to be published.
    pub fn change(&self, room_id: RoomId, seq: Seq) -> Step<Seq> {
        self.seqs.step(room_id, seq)
    }

    /// A receipt or a delivery is about to be published.
    pub fn mark(&self, room_id: RoomId, rev: MarksRev) -> Step<MarksRev> {
        self.marks.step(room_id, rev)
    }

    /// A personal event is about to be published.
    pub fn list(&self, user_id: UserId, rev: UserRev) -> Step<UserRev> {
        self.lists.step(user_id, rev)
    }

    /// Up to where a room is published; what was never published starts before everything.
    pub fn of_room(&self, room_id: RoomId) -> RoomCounters {
        RoomCounters {
            room_id,
            seq: self.seqs.get(room_id).unwrap_or_default(),
            marks_rev: self.marks.get(room_id).unwrap_or_default(),
        }
    }

    /// Whether somebody here misses changes of a room up to there.
    pub fn is_behind(&self, room_id: RoomId, seq: Seq) -> bool {
        self.seqs.get(room_id).is_some_and(|known| known < seq)
    }

    /// Up to where a user's list is published; none: nobody of theirs is here.
    pub fn of_list(&self, user_id: UserId) -> Option<UserRev> {
        self.lists.get(user_id)
    }

    /// Everything of the room up to there has been published.
    pub fn room_is_at(&self, at: RoomCounters) {
        self.seqs.advance(at.room_id, at.seq);
        self.marks.advance(at.room_id, at.marks_rev);
    }

    /// The user's devices have been told to fetch the list up to there.
    pub fn list_is_at(&self, user_id: UserId, rev: UserRev) {
        self.lists.advance(user_id, rev);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: i64) -> RoomCounters {
        RoomCounters {
            room_id: RoomId(1),
            seq: Seq(seq),
            marks_rev: MarksRev(0),
        }
    }

    #[test]
    fn only_the_next_change_goes_out() {
        let progress = Progress::default();
        progress.start_room(at(4), Others::None);
        assert_eq!(progress.change(RoomId(1), Seq(4)), Step::Known);
        assert_eq!(progress.change(RoomId(1), Seq(6)), Step::Gap(Seq(4)));
        assert_eq!(progress.change(RoomId(1), Seq(5)), Step::Next);
        assert_eq!(progress.change(RoomId(1), Seq(5)), Step::Known);
        progress.room_is_at(at(9));
        assert_eq!(progress.change(RoomId(1), Seq(9)), Step::Known);
        assert_eq!(progress.change(RoomId(1), Seq(10)), Step::Next);
    }

    #[test]
    fn a_start_moves_others_on_only_where_there_are_none() {
        let progress = Progress::default();
        progress.start_room(at(4), Others::None);
        for others in [Others::Here, Others::Waiting] {
            progress.start_room(at(9), others);
            assert_eq!(progress.of_room(RoomId(1)).seq, Seq(4));
        }
        progress.start_room(at(9), Others::None);
        assert_eq!(progress.of_room(RoomId(1)).seq, Seq(9));
        progress.start_room(at(5), Others::None);
        assert_eq!(progress.of_room(RoomId(1)).seq, Seq(9));
    }

    #[test]
    fn a_desk_that_waits_is_told_of_a_room_from_its_beginning() {
        let progress = Progress::default();
        progress.start_room(at(3), Others::Waiting);
        assert_eq!(progress.change(RoomId(1), Seq(4)), Step::Gap(Seq(0)));
        progress.room_is_at(at(4));
        assert_eq!(progress.change(RoomId(1), Seq(5)), Step::Next);
    }

    #[test]
    fn a_room_nobody_began_with_starts_with_its_first_change() {
        let progress = Progress::default();
        assert_eq!(progress.change(RoomId(1), Seq(7)), Step::Next);
        assert_eq!(progress.change(RoomId(1), Seq(8)), Step::Next);
    }
}
