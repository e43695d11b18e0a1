//! When a sender's messages are due, and which of them wait for their acknowledgement.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::Instant;

use super::key::Key;

/// What senders are told to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sending {
    /// Nothing.
    Pause,
    /// One message after the other at fixed times.
    Open {
        /// The step's number.
        step: u16,
        /// When the first sender's first one is due.
        begins: Instant,
        /// When no more are.
        ends: Instant,
        /// Between two messages of all senders together.
        every: Duration,
        /// How many senders share that.
        senders: u32,
    },
    /// One sender: the next as soon as the last is acknowledged.
    Closed {
        /// The step's number.
        step: u16,
        /// When no more are sent.
        ends: Instant,
    },
}

/// When the next message is due.
#[derive(Clone, Copy, Debug)]
enum Pace {
    At {
        next: Instant,
        every: Duration,
        ends: Instant,
    },
    AfterAck {
        ends: Instant,
    },
}

/// A sender's messages.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    sender: u32,
    step: u16,
    pace: Option<Pace>,
    /// Those that wait, in their order.
    waiting: BTreeSet<Key>,
}

impl Outbox {
    pub(super) fn new(sender: u32) -> Self {
        Self {
            sender,
            ..Self::default()
        }
    }

    /// Begins to do as told; `rank` is the sender's place among the senders.
    pub(super) fn begin(&mut self, sending: Sending, rank: u32) {
        self.pace = match sending {
            Sending::Pause => None,
            Sending::Open {
                step,
                begins,
                ends,
                every,
                senders,
            } => {
                self.step = step;
                Some(Pace::At {
                    next: begins + every * rank,
                    every: every * senders,
                    ends,
                })
            }
            Sending::Closed { step, ends } => {
                self.step = step;
                Some(Pace::AfterAck { ends })
            }
        };
    }

    /// When this has to be looked at again; none: not by the clock.
    pub(super) fn next(&self) -> Option<Instant> {
        match self.pace? {
            Pace::At { next, .. } => Some(next),
            Pace::AfterAck { .. } => None,
        }
    }

    /// The next message that is due at `now`, as one that waits for its acknowledgement.
    pub(super) fn due(&mut self, now: Instant, origin: Instant) -> Option<Key> {
        let due = match self.pace.as_mut()? {
            Pace::At { next, ends, .. } if *next >= *ends => {
                self.pace = None;
                return None;
            }
            Pace::At { next, every, .. } if *next <= now => {
                let due = *next;
                *next += *every;
                due
            }
            Pace::AfterAck { ends } if self.waiting.is_empty() && now < *ends => now,
            Pace::At { .. } | Pace::AfterAck { .. } => return None,
        };
        let key = Key {
            sender: self.sender,
            step: self.step,
            due_us: u64::try_from((due - origin).as_micros()).unwrap_or_default(),
        };
        self.waiting.insert(key);
        Some(key)
    }

    /// It was acknowledged or refused; answers whether it had been waiting.
    pub(super) fn settled(&mut self, key: Key) -> bool {
        self.waiting.remove(&key)
    }

    /// Those that wait, in their order: they are sent again after a reconnect.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Key> {
        self.waiting.iter().copied()
    }
}
