//! Who may do how much in a time. Called in the service alone, so that every path has one budget.

use std::{net::IpAddr, num::NonZeroU32};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::{
    model::{UserId, WireError},
    server::settings::MessageRate,
};

/// Tries to sign in, of one address with one name, before it has to wait.
const SIGN_IN_BURST: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// After that, tries a minute.
const SIGN_IN_PER_MINUTE: NonZeroU32 = NonZeroU32::new(4).unwrap();
/// Tries of one address with whatever names: a school is one address.
const SIGN_IN_ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(600).unwrap();

/// Counts by key, and says how long to wait. Old keys are dropped as they come to rest.
pub(super) struct Limiter {
    messages: Option<DefaultKeyedRateLimiter<UserId>>,
    sign_ins: DefaultKeyedRateLimiter<(IpAddr, String)>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limiter {
    pub(super) fn new(rate: MessageRate) -> Self {
        let messages = NonZeroU32::new(rate.per_minute).map(|per_minute| {
            let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(per_minute).allow_burst(burst))
        });
        Self {
            messages,
            sign_ins: RateLimiter::keyed(
                Quota::per_minute(SIGN_IN_PER_MINUTE).allow_burst(SIGN_IN_BURST),
            ),
            addresses: RateLimiter::keyed(Quota::per_minute(SIGN_IN_ADDRESS_BURST)),
        }
    }

    /// One message more of that user.
    pub(super) fn message(&self, user_id: UserId) -> Result<(), WireError> {
        match &self.messages {
            Some(limiter) => check(limiter, &user_id),
            None => Ok(()),
        }
    }

    /// One try more to sign in.
    pub(super) fn sign_in(&self, address: IpAddr, name: &str) -> Result<(), WireError> {
        check(&self.addresses, &address)?;
        check(&self.sign_ins, &(address, name.to_owned()))
    }
}

/// Keys beyond which those at rest are dropped.
const KEYS: usize = 10_000;

fn check<K: Clone + Eq + std::hash::Hash>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), WireError> {
    if limiter.len() > KEYS {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        WireError::RateLimited {
            retry_after: seconds,
        }
    })
}
