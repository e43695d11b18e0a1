//! Which other nodes are there. One whose beat stands still for some seconds is gone, however its clock goes.

use std::collections::BTreeMap;

use crate::{model::Timestamp, server::store::presence::NodeRow};

/// A node says at least this often that it is there, in milliseconds.
pub(super) const BEAT_EVERY_MS: i64 = 3_000;
/// A node that has said nothing for so long is gone, in milliseconds, if it still says nothing at the next look.
const GONE_AFTER_MS: i64 = 10_000;

#[derive(Clone, Debug)]
struct Noticed {
    row: NodeRow,
    /// When its beat was last seen to move, by our own clock.
    at: Timestamp,
    is_missed: bool,
    is_gone: bool,
}

/// The other nodes, as this one has seen them.
#[derive(Debug, Default)]
pub(super) struct Nodes(BTreeMap<String, Noticed>);

impl Nodes {
    /// Takes what the database says; answers whether anybody may be elsewhere than before.
    pub(super) fn look(&mut self, rows: Vec<NodeRow>, own: &str, now: Timestamp) -> bool {
        let before = self.0.len();
        self.0
            .retain(|node, _| rows.iter().any(|row| row.node == *node));
        let mut has_changed = self.0.len() != before;
        for row in rows.into_iter().filter(|row| row.node != own) {
            has_changed |= match self.0.get_mut(&row.node) {
                Some(known) => known.look(row, now),
                None => {
                    let noticed = Noticed {
                        row,
                        at: now,
                        is_missed: false,
                        is_gone: false,
                    };
                    self.0.insert(noticed.row.node.clone(), noticed);
                    true
                }
            };
        }
        has_changed
    }

    /// Those whose word counts: also of one that is gone, until it is buried and with that is known when whom it held was
    /// last seen.
    pub(super) fn known(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Those that are gone and to be buried.
    pub(super) fn gone(&self) -> Vec<String> {
        let gone = self.0.iter().filter(|(_, noticed)| noticed.is_gone);
        gone.map(|(node, _)| node.clone()).collect()
    }
}

impl Noticed {
    fn look(&mut self, row: NodeRow, now: Timestamp) -> bool {
        if row != self.row {
            let has_changed = row.rev != self.row.rev;
            *self = Self {
                row,
                at: now,
                is_missed: false,
                is_gone: false,
            };
            return has_changed;
        }
        // Twice: where our own clock has jumped, the node has had time to say something since.
        let is_silent = now.ms_since(self.at) >= GONE_AFTER_MS;
        self.is_gone = is_silent && self.is_missed;
        self.is_missed = is_silent;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(node: &str, beat_at: i64, rev: i64) -> NodeRow {
        NodeRow {
            node: node.to_owned(),
            beat_at: Timestamp(beat_at),
            rev,
        }
    }

    #[test]
    fn a_node_that_is_silent_for_long_is_gone_until_it_speaks_again() {
        let mut nodes = Nodes::default();
        let own = row("own", 1, 1);
        let mut look = |there: NodeRow, now| {
            let has_changed = nodes.look(vec![own.clone(), there], "own", Timestamp(now));
            (has_changed, nodes.known().len(), nodes.gone().len())
        };
        assert_eq!(look(row("b", 5, 1), 0), (true, 1, 0));
        assert_eq!(look(row("b", 6, 1), 9_000), (false, 1, 0), "a beat");
        assert_eq!(look(row("b", 7, 2), 9_000), (true, 1, 0), "a change");
        assert_eq!(look(row("b", 7, 2), 19_000), (false, 1, 0));
        assert_eq!(look(row("b", 7, 2), 20_000), (false, 1, 1));
        assert_eq!(look(row("b", 8, 2), 22_000), (false, 1, 0));
        assert_eq!(look(row("b", 8, 2), 40_000), (false, 1, 0));
        assert_eq!(look(row("b", 8, 2), 41_000), (false, 1, 1));
        assert!(
            nodes.look(vec![own], "own", Timestamp(42_000)),
            "it is buried"
        );
        assert!(nodes.known().is_empty());
    }
}
