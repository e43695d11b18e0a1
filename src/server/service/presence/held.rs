//! Whom this node holds: who is connected here, when they last did something, and what of it the other nodes know.

use std::collections::{HashMap, hash_map::Entry};

use crate::model::{Timestamp, UserId, presence::is_within_grace};

/// Other nodes are told of what somebody does only where it is so much newer than what they know, in milliseconds.
const TOLD_EVERY_MS: i64 = 30_000;
/// People in one write.
const AT_ONCE: usize = 256;

#[derive(Clone, Copy, Debug)]
struct Here {
    active_at: Timestamp,
    /// Since when no device is left.
    left_at: Option<Timestamp>,
    /// What the database has of `active_at`.
    noted: Option<Timestamp>,
}

/// Whom this node holds.
#[derive(Debug, Default)]
pub(super) struct Held(HashMap<UserId, Here>);

/// Who is to be noted as being here, or as gone since then; each list ascends.
pub(super) type Changes = (Vec<(UserId, Timestamp)>, Vec<(UserId, Timestamp)>);

impl Held {
    /// A device is there. Whoever comes does something; whoever is back within the grace never left.
    pub(super) fn came(&mut self, user_id: UserId, now: Timestamp) {
        match self.0.entry(user_id) {
            Entry::Occupied(mut known) => {
                let here = known.get_mut();
                let left_at = here.left_at.take();
                if left_at.is_some_and(|left_at| !is_within_grace(left_at, now)) {
                    here.active_at = now;
                }
            }
            Entry::Vacant(place) => {
                place.insert(Here {
                    active_at: now,
                    left_at: None,
                    noted: None,
                });
            }
        }
    }

    /// No device is left.
    pub(super) fn went(&mut self, user_id: UserId, now: Timestamp) {
        if let Some(here) = self.0.get_mut(&user_id) {
            here.left_at.get_or_insert(now);
        }
    }

    /// Somebody who is connected does something.
    pub(super) fn acted(&mut self, user_id: UserId, now: Timestamp) {
        self.came(user_id, now);
        if let Some(here) = self.0.get_mut(&user_id) {
            here.active_at = here.active_at.max(now);
        }
    }

    /// When somebody was last active, while they are here; and when they left, where they did. Whether they are connected
    /// is known sooner than it is noted here.
    pub(super) fn of(
        &self,
        user_id: UserId,
        is_connected: bool,
        now: Timestamp,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let Some(here) = self.0.get(&user_id) else {
            return (is_connected.then_some(now), None);
        };
        match here.left_at {
            Some(left_at) if !is_connected && !is_within_grace(left_at, now) => {
                (None, Some(left_at))
            }
            _ => (Some(here.active_at), None),
        }
    }

    /// Whether anybody is here.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the database does not have yet, at most some of it.
    pub(super) fn changes(&self, now: Timestamp) -> Changes {
        let (mut came, mut went) = (Vec::new(), Vec::new());
        for (user_id, here) in &self.0 {
            match here.left_at {
                Some(left_at) if !is_within_grace(left_at, now) => went.push((*user_id, left_at)),
                _ if here.is_news() => came.push((*user_id, here.active_at)),
                _ => {}
            }
        }
        for list in [&mut came, &mut went] {
            list.sort_unstable();
            list.truncate(AT_ONCE);
        }
        (came, went)
    }

    /// The database has it. Where it did not know this node, it has nothing but this.
    pub(super) fn noted(&mut self, (came, went): &Changes, was_known: bool) {
        if !was_known {
            self.0.values_mut().for_each(|here| here.noted = None);
        }
        for (user_id, active_at) in came {
            if let Some(here) = self.0.get_mut(user_id) {
                here.noted = Some(*active_at);
            }
        }
        for (user_id, left_at) in went {
            if let Entry::Occupied(mut known) = self.0.entry(*user_id) {
                if known.get().left_at == Some(*left_at) {
                    known.remove();
                } else {
                    // Back meanwhile.
                    known.get_mut().noted = None;
                }
            }
        }
    }
}

impl Here {
    fn is_news(&self) -> bool {
        self.noted
            .is_none_or(|noted| self.active_at.ms_since(noted) >= TOLD_EVERY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::limits::GRACE_MS;

    const ANA: UserId = UserId(1);

    fn at(ms: i64) -> Timestamp {
        Timestamp(1_000_000 + ms)
    }

    fn here(held: &Held, ms: i64) -> Option<Timestamp> {
        held.of(ANA, false, at(ms)).0
    }

    /// Everything is noted in the database.
    fn note(held: &mut Held, now: Timestamp) -> Changes {
        let changes = held.changes(now);
        held.noted(&changes, true);
        changes
    }

    #[test]
    fn whoever_is_back_within_the_grace_never_left() {
        let mut held = Held::default();
        held.came(ANA, at(0));
        assert_eq!(note(&mut held, at(0)), (vec![(ANA, at(0))], vec![]));
        held.went(ANA, at(10));
        held.went(ANA, at(20));
        assert_eq!(here(&held, GRACE_MS + 9), Some(at(0)));
        assert_eq!(here(&held, GRACE_MS + 10), None);
        held.came(ANA, at(GRACE_MS));
        assert_eq!(note(&mut held, at(GRACE_MS * 9)), (vec![], vec![]));
        assert_eq!(
            here(&held, GRACE_MS * 9),
            Some(at(0)),
            "as active as before"
        );
    }

    #[test]
    fn whoever_is_gone_was_last_seen_when_they_went() {
        let mut held = Held::default();
        held.came(ANA, at(0));
        note(&mut held, at(0));
        held.went(ANA, at(10));
        let late = at(GRACE_MS * 2);
        assert_eq!(held.of(ANA, false, late), (None, Some(at(10))));
        assert_eq!(note(&mut held, late), (vec![], vec![(ANA, at(10))]));
        assert!(held.is_empty());
        // Known to be connected before it is noted.
        assert_eq!(held.of(ANA, true, late), (Some(late), None));
    }

    #[test]
    fn what_happens_while_it_is_written_is_not_lost() {
        let mut held = Held::default();
        held.came(ANA, at(0));
        note(&mut held, at(0));
        held.went(ANA, at(10));
        let late = at(GRACE_MS * 2);
        let changes = held.changes(late);
        held.came(ANA, late);
        held.noted(&changes, true);
        assert_eq!(note(&mut held, late), (vec![(ANA, late)], vec![]));
    }

    #[test]
    fn others_are_told_of_what_is_much_newer_and_of_all_where_they_know_nothing() {
        let mut held = Held::default();
        held.came(ANA, at(0));
        note(&mut held, at(0));
        held.acted(ANA, at(TOLD_EVERY_MS - 1));
        assert_eq!(held.changes(at(TOLD_EVERY_MS)), (vec![], vec![]));
        held.acted(ANA, at(TOLD_EVERY_MS));
        let changes = (vec![(ANA, at(TOLD_EVERY_MS))], vec![]);
        assert_eq!(note(&mut held, at(TOLD_EVERY_MS)), changes);
        held.noted(&(vec![], vec![]), false);
        assert_eq!(held.changes(at(TOLD_EVERY_MS)), changes);
    }
}
