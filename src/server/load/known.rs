//! What one reader knows of its rooms, and whether what comes is dense and comes once.

use crate::{
    model::{RoomId, Seq},
    protocol::ResumeFrom,
};

/// A reader's rooms, by their ids.
#[derive(Debug, Default)]
pub(super) struct Known {
    rooms: Vec<Room>,
}

#[derive(Debug)]
struct Room {
    id: RoomId,
    /// Everything up to here has come.
    seq: i64,
    /// It was resumed, and `caught_up` is still to come: live changes that are ahead are held back.
    is_resuming: bool,
    held: Vec<i64>,
}

/// What a change was to this reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It had not come before.
    New,
    /// New, and so many before it are missing.
    AfterGap(u64),
    /// It had come before, by rights: live and in the answer to a resume.
    Overlap,
    /// It had come before.
    Again,
}

impl Known {
    /// Everything up to `seq` is known of a room that was not known yet.
    pub(super) fn start(&mut self, id: RoomId, seq: Seq) {
        if let Err(at) = self.find(id) {
            let room = Room {
                id,
                seq: seq.0,
                is_resuming: false,
                held: Vec::new(),
            };
            self.rooms.insert(at, room);
        }
    }

    /// What a client that has come back asks for.
    pub(super) fn resume(&mut self) -> Vec<ResumeFrom> {
        let resumed = self.rooms.iter_mut().map(|room| {
            room.is_resuming = true;
            ResumeFrom {
                room_id: room.id,
                since: Seq(room.seq),
            }
        });
        resumed.collect()
    }

    /// Whether an answer to a resume is still to come.
    pub(super) fn is_resuming(&self) -> bool {
        self.rooms.iter().any(|room| room.is_resuming)
    }

    /// A change has come.
    pub(super) fn change(&mut self, id: RoomId, seq: Seq) -> Seen {
        let Some(room) = self.room(id) else {
            // It came with `room_added`: from here on it is followed.
            self.start(id, seq);
            return Seen::New;
        };
        if room.is_resuming {
            return room.change_while_resuming(seq.0);
        }
        let missing = seq.0.saturating_sub(room.seq).saturating_sub(1);
        match u64::try_from(missing) {
            Err(_) => Seen::Again,
            Ok(missing) => {
                room.seq = seq.0;
                if missing == 0 {
                    Seen::New
                } else {
                    Seen::AfterGap(missing)
                }
            }
        }
    }

    /// The answer to a resume is complete; answers how many changes are missing in it.
    pub(super) fn caught_up(&mut self, id: RoomId, seq: Seq) -> u64 {
        match self.room(id) {
            Some(room) if room.is_resuming => room.caught_up(seq.0),
            _ => 0,
        }
    }

    /// The room has to be fetched afresh; as if it was.
    pub(super) fn reset(&mut self, id: RoomId) {
        self.rooms.retain(|room| room.id != id);
    }

    fn find(&self, id: RoomId) -> Result<usize, usize> {
        self.rooms.binary_search_by_key(&id, |room| room.id)
    }

    fn room(&mut self, id: RoomId) -> Option<&mut Room> {
        let at = self.find(id).ok()?;
        self.rooms.get_mut(at)
    }
}

impl Room {
    fn change_while_resuming(&mut self, seq: i64) -> Seen {
        if seq <= self.seq {
            return Seen::Overlap;
        }
        let was_held = self.held.contains(&seq);
        if seq == self.seq.saturating_add(1) {
            self.seq = seq;
            self.held.retain(|held| *held != seq);
        } else if !was_held {
            self.held.push(seq);
        }
        if was_held { Seen::Overlap } else { Seen::New }
    }

    fn caught_up(&mut self, seq: i64) -> u64 {
        self.is_resuming = false;
        let mut held = std::mem::take(&mut self.held);
        held.sort_unstable();
        let end = held.last().copied().unwrap_or(seq).max(seq).max(self.seq);
        let missing = (self.seq.saturating_add(1)..=end)
            .filter(|seq| held.binary_search(seq).is_err())
            .count();
        self.seq = end;
        u64::try_from(missing).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(7);

    fn known() -> Known {
        let mut known = Known::default();
        known.start(ROOM, Seq(3));
        known
    }

    fn seen(known: &mut Known, seqs: &[i64]) -> Vec<Seen> {
        let seen = seqs.iter().map(|seq| known.change(ROOM, Seq(*seq)));
        seen.collect()
    }

    #[test]
    fn live_changes_come_densely_and_once() {
        let expected = [
            Seen::New,
            Seen::New,
            Seen::Again,
            Seen::AfterGap(2),
            Seen::New,
        ];
        assert_eq!(seen(&mut known(), &[4, 5, 5, 8, 9]), expected);
    }

    #[test]
    fn a_resume_may_overlap_with_live_changes_and_leaves_nothing_out() {
        let mut known = known();
        assert_eq!(known.resume().first().map(|from| from.since), Some(Seq(3)));
        let expected = [
            Seen::New,
            Seen::New,
            Seen::New,
            Seen::New,
            Seen::Overlap,
            Seen::Overlap,
        ];
        assert_eq!(seen(&mut known, &[6, 7, 4, 5, 6, 7]), expected);
        assert_eq!(known.caught_up(ROOM, Seq(7)), 0);
        assert!(!known.is_resuming());
        assert_eq!(seen(&mut known, &[8, 7]), [Seen::New, Seen::Again]);
    }

    #[test]
    fn what_a_resume_leaves_out_is_counted() {
        let mut known = known();
        known.resume();
        seen(&mut known, &[9, 4]);
        assert_eq!(known.caught_up(ROOM, Seq(6)), 4);
        assert_eq!(seen(&mut known, &[10]), [Seen::New]);
    }
}
