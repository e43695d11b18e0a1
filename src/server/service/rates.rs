//! Counts what is done, by key, each key with a budget that fills up again steadily.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
};

use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock, QuantaInstant},
};

use crate::model::WireError;

/// Checks after which the keys that have come to rest are dropped: so the map holds no more than these and the busy ones,
/// and no check pays for many.
const CHECKS: usize = 10_000;

/// Budgets by key.
pub(super) struct Rates<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicUsize,
}

impl<K: Clone + Eq + Hash> Rates<K> {
    pub(super) fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::keyed(quota),
            checks: AtomicUsize::new(0),
        }
    }

    /// One more. Errors: `rate_limited` where that key has none left.
    pub(super) fn take(&self, key: &K) -> Result<(), WireError> {
        self.take_many(key, NonZeroU32::MIN)
    }

    /// So many more at once, or none of them. Errors: as for [`Self::take`].
    pub(super) fn take_many(&self, key: &K, cost: NonZeroU32) -> Result<(), WireError> {
        self.sweep();
        match self.limiter.check_key_n(key, cost) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => Err(limited(&not_until)),
            // It costs more than the whole budget.
            Err(_) => Err(WireError::TooLarge),
        }
    }

    fn sweep(&self) {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS == CHECKS - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
    }
}

fn limited(not_until: &NotUntil<QuantaInstant>) -> WireError {
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
    WireError::RateLimited {
        retry_after: seconds.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten_a_minute() -> Rates<u32> {
        Rates::new(Quota::per_minute(NonZeroU32::new(10).unwrap()))
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let (rates, seven) = (ten_a_minute(), NonZeroU32::new(7).unwrap());
        assert!(rates.take_many(&1, seven).is_ok());
        let refused = rates.take_many(&1, seven);
        assert!(
            matches!(refused, Err(WireError::RateLimited { retry_after }) if (20..=25).contains(&retry_after)),
            "{refused:?}"
        );
        for _ in 0..3 {
            assert!(rates.take(&1).is_ok());
        }
        assert!(rates.take(&1).is_err());
        assert!(rates.take(&2).is_ok());
    }

    #[test]
    fn what_no_budget_holds_is_too_large() {
        let rates = ten_a_minute();
        let eleven = NonZeroU32::new(11).unwrap();
        assert_eq!(rates.take_many(&1, eleven), Err(WireError::TooLarge));
    }

    #[test]
    fn keys_at_rest_are_dropped() {
        let second = Quota::per_second(NonZeroU32::new(1_000_000).unwrap());
        let rates: Rates<usize> = Rates::new(second);
        for key in 0..CHECKS * 5 {
            assert!(rates.take(&key).is_ok());
        }
        assert!(rates.limiter.len() < CHECKS * 2, "{}", rates.limiter.len());
    }
}
