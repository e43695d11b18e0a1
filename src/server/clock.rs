//! The injected clock: the server asks it for the time, tests move it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::model::Timestamp;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands still until it is moved.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.0)))
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the clock that everything else is given"
            )]
            Self::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Self::Manual(ms) => Timestamp(ms.load(Ordering::Relaxed)),
        }
    }

    /// Moves a manual clock by so many milliseconds; the system's cannot be moved.
    pub fn advance_ms(&self, ms: i64) {
        if let Self::Manual(now) = self {
            now.fetch_add(ms, Ordering::Relaxed);
        }
    }
}
