//! Nothing lost, nothing doubled: what the auditor saw against what was acknowledged, by the messages' keys.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use super::tally::{Placed, Tally};
use crate::model::Seq;

/// What must be nothing but zeros.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Audit {
    /// Deliveries of acknowledged messages that a reader never had.
    pub lost_deliveries: u64,
    /// Changes that came to a reader twice, by room and `seq`.
    pub doubled_deliveries: u64,
    /// Acknowledged messages that the auditor never saw, by their keys.
    pub lost_messages: u64,
    /// Keys that stand in a room more than once, or were acknowledged with two places.
    pub doubled_messages: u64,
    /// Places that were left out of a room's order, as its readers saw it.
    pub gaps: u64,
    /// Messages that were neither acknowledged nor refused when the run ended.
    pub unanswered: u64,
}

impl Audit {
    /// Compares, where each message has so many readers.
    pub(super) fn of(tally: &Tally, readers: u64, unanswered: u64) -> Self {
        let expected = tally.acknowledged.saturating_mul(readers);
        let mut audit = Self {
            lost_deliveries: expected.saturating_sub(tally.deliveries),
            doubled_deliveries: tally.again,
            gaps: tally.gaps,
            unanswered,
            ..Self::default()
        };
        let seen = places(tally.seen.iter().map(|(_, placed)| placed));
        let acked = places(tally.acks.iter());
        let lost = acked.keys().filter(|key| !seen.contains_key(key));
        audit.lost_messages = count(lost);
        let doubled = |found: &Places| count(found.values().filter(|places| places.len() > 1));
        audit.doubled_messages = doubled(&seen).max(doubled(&acked));
        audit
    }

    /// Adds another step's.
    pub(super) fn add(&mut self, other: &Self) {
        self.lost_deliveries += other.lost_deliveries;
        self.doubled_deliveries += other.doubled_deliveries;
        self.lost_messages += other.lost_messages;
        self.doubled_messages += other.doubled_messages;
        self.gaps += other.gaps;
        self.unanswered += other.unanswered;
    }

    /// Whether all is well.
    pub fn is_clean(&self) -> bool {
        let Self {
            lost_deliveries,
            doubled_deliveries,
            lost_messages,
            doubled_messages,
            gaps,
            unanswered,
        } = self;
        [
            lost_deliveries,
            doubled_deliveries,
            lost_messages,
            doubled_messages,
            gaps,
            unanswered,
        ]
        .into_iter()
        .all(|count| *count == 0)
    }
}

/// Every key with the places at which it stood.
type Places = HashMap<Uuid, HashSet<Seq>>;

fn places<'p>(placed: impl Iterator<Item = &'p Placed>) -> Places {
    let mut places = Places::new();
    for (key, seq) in placed {
        places.entry(*key).or_default().insert(*seq);
    }
    places
}

fn count(found: impl Iterator) -> u64 {
    u64::try_from(found.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RoomId;

    fn tally(acks: &[(u128, i64)], seen: &[(u128, i64)]) -> Tally {
        let placed = |(key, seq): &(u128, i64)| (Uuid::from_u128(*key), Seq(*seq));
        Tally {
            acknowledged: 3,
            deliveries: 6,
            acks: acks.iter().map(placed).collect(),
            seen: seen.iter().map(|at| (RoomId(1), placed(at))).collect(),
            ..Tally::default()
        }
    }

    #[test]
    fn each_way_to_go_wrong_is_counted() {
        let three = [(1, 1), (2, 2), (3, 3)];
        assert!(Audit::of(&tally(&three, &three), 2, 0).is_clean());
        let lost = Audit::of(&tally(&three, &three[..2]), 3, 0);
        assert_eq!((lost.lost_messages, lost.lost_deliveries), (1, 3));
        let doubled = [(1, 1), (2, 2), (3, 3), (1, 4)];
        assert_eq!(
            Audit::of(&tally(&three, &doubled), 2, 0).doubled_messages,
            1
        );
        assert_eq!(
            Audit::of(&tally(&doubled, &three), 2, 0).doubled_messages,
            1
        );
    }
}
