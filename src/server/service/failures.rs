//! Counts what fails, by key, on the injected clock.
//!
//! Every try is counted before it is made, so that many at once are no way around, and given back when it succeeds:
//! governor knows no giving back, hence a counter of our own (GCRA, as governor's).

use std::{collections::HashMap, hash::Hash};

use parking_lot::Mutex;

use crate::model::{Timestamp, WireError};

/// Keys beyond which those at rest are dropped.
const KEYS: usize = 10_000;

/// How many failures a key may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    /// At once.
    pub(super) burst: i64,
    /// One more after so many milliseconds.
    pub(super) every_ms: i64,
}

/// Failures by key. Behind a plain lock: its sections only touch one map and hold no `.await`.
pub(super) struct Failures<K> {
    allowance: Allowance,
    /// When each key will be at rest again, in milliseconds since the epoch.
    rest_at: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + Hash> Failures<K> {
    pub(super) fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            rest_at: Mutex::new(HashMap::new()),
        }
    }

    /// Counts a try. Errors: `rate_limited` where the key has no more.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Result<(), WireError> {
        let Allowance { burst, every_ms } = self.allowance;
        let mut rest_at = self.rest_at.lock();
        if rest_at.len() > KEYS {
            rest_at.retain(|_, at| *at > now.0);
        }
        let at = rest_at.get(&key).copied().unwrap_or(0).max(now.0);
        let next = at.saturating_add(every_ms);
        let wait_ms = next
            .saturating_sub(now.0)
            .saturating_sub(burst.saturating_mul(every_ms));
        if wait_ms > 0 {
            let seconds = u32::try_from(wait_ms / 1000).unwrap_or(u32::MAX);
            return Err(WireError::RateLimited {
                retry_after: seconds.saturating_add(1),
            });
        }
        rest_at.insert(key, next);
        Ok(())
    }

    /// Gives a try back: it did not fail.
    pub(super) fn give_back(&self, key: &K) {
        if let Some(at) = self.rest_at.lock().get_mut(key) {
            *at = at.saturating_sub(self.allowance.every_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_754_303_400_000);

    fn three() -> Failures<&'static str> {
        Failures::new(Allowance {
            burst: 3,
            every_ms: 15_000,
        })
    }

    #[test]
    fn a_key_has_its_burst_and_then_one_more_at_a_time() {
        let failures = three();
        for _ in 0..3 {
            assert!(failures.take("ana", NOW).is_ok());
        }
        assert_eq!(
            failures.take("ana", NOW),
            Err(WireError::RateLimited { retry_after: 16 })
        );
        assert!(failures.take("ben", NOW).is_ok());
        let later = NOW.plus_ms(15_000);
        assert!(failures.take("ana", later).is_ok());
        assert!(failures.take("ana", later).is_err());
        let tomorrow = NOW.plus_ms(86_400_000);
        for _ in 0..3 {
            assert!(failures.take("ana", tomorrow).is_ok());
        }
        assert!(failures.take("ana", tomorrow).is_err());
    }

    #[test]
    fn what_succeeds_does_not_count() {
        let failures = three();
        for _ in 0..100 {
            assert!(failures.take("ana", NOW).is_ok());
            failures.give_back(&"ana");
        }
        assert!(failures.take("ana", NOW).is_ok());
    }
}
