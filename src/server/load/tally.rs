//! What the clients of one thread have counted, and how the threads' counts become one.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use crate::model::{RoomId, Seq};

/// Longer than any latency that is told apart, in microseconds.
const LONGEST_US: u64 = 120_000_000;
/// What one read takes from a socket at most.
const BUFFER_BYTES: usize = 64 * 1024;

/// Latencies in microseconds.
#[derive(Clone, Debug)]
pub(super) struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the bounds are constants that the crate allows"
        )]
        let histogram = Histogram::new_with_bounds(1, LONGEST_US, 3).expect("valid bounds");
        Self(histogram)
    }
}

impl Latencies {
    pub(super) fn record(&mut self, latency: Duration) {
        let us = u64::try_from(latency.as_micros()).unwrap_or(LONGEST_US);
        self.0.saturating_record(us);
    }

    fn add(&mut self, other: &Self) {
        if self.0.add(&other.0).is_err() {
            tracing::error!("histograms of the same bounds do not fit each other");
        }
    }

    /// The value below which this part of all lies; none where nothing was recorded.
    pub(super) fn quantile(&self, part: f64) -> Option<Duration> {
        let is_there = !self.0.is_empty();
        is_there.then(|| Duration::from_micros(self.0.value_at_quantile(part)))
    }
}

/// A message's key and where it came to stand.
pub(super) type Placed = (uuid::Uuid, Seq);

/// What is counted. Emptied after each step.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Messages that came due.
    pub(super) offered: u64,
    /// Messages that were acknowledged.
    pub(super) acknowledged: u64,
    /// Messages that were refused.
    pub(super) refused: u64,
    /// Load messages that came to a reader, each once.
    pub(super) deliveries: u64,
    /// Changes that came again.
    pub(super) again: u64,
    /// Changes that were left out, by their room's `seq`.
    pub(super) gaps: u64,
    /// Rooms that had to be fetched afresh.
    pub(super) resets: u64,
    /// Tries to connect that failed.
    pub(super) failures: u64,
    /// Sockets that were closed, by their code; 0: without one.
    pub(super) closed: BTreeMap<u16, u64>,
    /// From due to come.
    pub(super) delivery: Latencies,
    /// From due to acknowledged.
    pub(super) ack: Latencies,
    /// From the first packet to `hello`.
    pub(super) connect: Latencies,
    /// From the server's stop to caught up.
    pub(super) back: Latencies,
    /// What was acknowledged.
    pub(super) acks: Vec<Placed>,
    /// What the auditor saw.
    pub(super) seen: Vec<(RoomId, Placed)>,
}

impl Tally {
    /// Adds another thread's.
    pub(super) fn add(&mut self, other: Self) {
        self.offered += other.offered;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.deliveries += other.deliveries;
        self.again += other.again;
        self.gaps += other.gaps;
        self.resets += other.resets;
        self.failures += other.failures;
        for (code, count) in other.closed {
            *self.closed.entry(code).or_default() += count;
        }
        self.delivery.add(&other.delivery);
        self.ack.add(&other.ack);
        self.connect.add(&other.connect);
        self.back.add(&other.back);
        self.acks.extend(other.acks);
        self.seen.extend(other.seen);
    }
}

/// How things stand at this moment: never emptied.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Clients that have had their `hello`.
    pub(super) connected: u64,
    /// Of these, those that are still resuming.
    pub(super) resuming: u64,
    /// Messages that wait for their acknowledgement.
    pub(super) pending: u64,
}

/// What a thread's clients share. Behind a plain lock: a client takes it once for all that it has read, nobody waits
/// for it but the run that looks in now and then, and it is not held over an `.await`.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) tally: Tally,
    pub(super) standing: Standing,
    pub(super) buffer: Vec<u8>,
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            tally: Tally::default(),
            standing: Standing::default(),
            buffer: vec![0; BUFFER_BYTES],
        }
    }
}

/// A thread's seat.
pub(super) type SharedSeat = Arc<Mutex<Seat>>;
