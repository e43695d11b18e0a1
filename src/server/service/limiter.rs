//! Who may do how much in a time. Called in the service alone, so that every path has one budget.
//!
//! Sign-ins: only failures count, by (address, name), since a school is one address; by address alone with a high cap;
//! and a device that has signed that name in before has a budget of its own, so that nobody can lock its person out.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::Quota;

use super::{
    failures::{Allowance, Failures},
    rates::Rates,
};
use crate::{
    model::{SessionId, Timestamp, UserId, WireError, account::USERNAME_CHARS},
    server::settings::MessageRate,
};

/// Wrong passwords for one name from one address, or from one device that is known.
const SIGN_INS: Allowance = Allowance {
    burst: 20,
    every_ms: 15_000,
};
/// Wrong passwords of one address with whatever names.
const ADDRESS: Allowance = Allowance {
    burst: 600,
    every_ms: 100,
};
/// Accounts that one address may make at once: a class that registers together.
const REGISTRATION_BURST: NonZeroU32 = NonZeroU32::new(40).unwrap();
/// After that, accounts a minute.
const REGISTRATIONS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(4).unwrap();
/// Commands of one user in a minute, over all sockets and requests; as many at once. Twenty a second are more than a
/// person's devices send together.
const COMMANDS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(1200).unwrap();
/// Tickets of one session at once; after that, so many a minute.
const TICKETS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// Choices of one user at once, of how they are seen; after that, so many a minute.
const CHOICES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// Who tries a password.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Guesser {
    /// Somebody at that address, with that name.
    At(IpAddr, String),
    /// The holder of that device's cookie.
    Device(String),
    /// Somebody who is signed in already.
    User(UserId),
}

/// A try that has been counted, to be given back where it succeeds.
pub(super) struct Try {
    guesser: Guesser,
    address: Option<IpAddr>,
}

/// Counts by key, and says how long to wait. Old keys are dropped as they come to rest.
pub(super) struct Limiter {
    messages: Option<Rates<UserId>>,
    commands: Rates<UserId>,
    registrations: Rates<IpAddr>,
    tickets: Rates<SessionId>,
    choices: Rates<UserId>,
    guesses: Failures<Guesser>,
    addresses: Failures<IpAddr>,
}

impl Limiter {
    pub(super) fn new(rate: MessageRate) -> Self {
        let messages = NonZeroU32::new(rate.per_minute).map(|per_minute| {
            let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
            Rates::new(Quota::per_minute(per_minute).allow_burst(burst))
        });
        let registrations =
            Quota::per_minute(REGISTRATIONS_PER_MINUTE).allow_burst(REGISTRATION_BURST);
        Self {
            messages,
            commands: Rates::new(Quota::per_minute(COMMANDS_PER_MINUTE)),
            registrations: Rates::new(registrations),
            tickets: Rates::new(Quota::per_minute(TICKETS_PER_MINUTE)),
            choices: Rates::new(Quota::per_minute(CHOICES_PER_MINUTE)),
            guesses: Failures::new(SIGN_INS),
            addresses: Failures::new(ADDRESS),
        }
    }

    /// One message more of that user.
    pub(super) fn message(&self, user_id: UserId) -> Result<(), WireError> {
        match &self.messages {
            Some(messages) => messages.take(&user_id),
            None => Ok(()),
        }
    }

    /// A command more of that user, that counts for `cost`. Without a limit for messages there is none for commands.
    pub(super) fn command(&self, user_id: UserId, cost: NonZeroU32) -> Result<(), WireError> {
        if self.messages.is_none() {
            return Ok(());
        }
        self.commands.take_many(&user_id, cost)
    }

    /// Something more of that user that no use has: it counts as a command, and there is always a limit.
    pub(super) fn noise(&self, user_id: UserId) -> Result<(), WireError> {
        self.commands.take(&user_id)
    }

    /// One account more from that address.
    pub(super) fn registration(&self, address: IpAddr) -> Result<(), WireError> {
        self.registrations.take(&network(address))
    }

    /// One ticket more of that session.
    pub(super) fn ticket(&self, session_id: SessionId) -> Result<(), WireError> {
        self.tickets.take(&session_id)
    }

    /// One choice more of how that user is seen.
    pub(super) fn choice(&self, user_id: UserId) -> Result<(), WireError> {
        self.choices.take(&user_id)
    }

    /// One try more to sign in by that folded name. `device`: what a known device's cookie says of itself.
    pub(super) fn sign_in(
        &self,
        address: IpAddr,
        name: &str,
        device: Option<&str>,
        now: Timestamp,
    ) -> Result<Try, WireError> {
        let address = network(address);
        if let Some(device) = device {
            return self.guess(Guesser::Device(device.to_owned()), None, now);
        }
        let name = name.chars().take(USERNAME_CHARS).collect();
        self.guess(Guesser::At(address, name), Some(address), now)
    }

    /// One try more of somebody who is signed in to say their own password.
    pub(super) fn own_password(&self, user_id: UserId, now: Timestamp) -> Result<Try, WireError> {
        self.guess(Guesser::User(user_id), None, now)
    }

    fn guess(
        &self,
        guesser: Guesser,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Try, WireError> {
        self.guesses.take(guesser.clone(), now)?;
        if let Some(address) = address
            && let Err(error) = self.addresses.take(address, now)
        {
            // Refused, not failed.
            self.guesses.give_back(&guesser);
            return Err(error);
        }
        Ok(Try { guesser, address })
    }

    /// The try was not a wrong guess.
    pub(super) fn give_back(&self, tried: &Try) {
        self.guesses.give_back(&tried.guesser);
        if let Some(address) = &tried.address {
            self.addresses.give_back(address);
        }
    }
}

/// What one household or school has: an IPv6 network of 64 bits counts as one address.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_754_303_400_000);

    fn limiter() -> Limiter {
        Limiter::new(MessageRate {
            per_minute: 0,
            burst: 0,
        })
    }

    #[test]
    fn a_known_device_is_not_locked_out_by_others() {
        let limiter = limiter();
        let school: IpAddr = "198.51.100.1".parse().unwrap();
        for _ in 0..20 {
            assert!(limiter.sign_in(school, "ana", None, NOW).is_ok());
        }
        assert!(limiter.sign_in(school, "ana", None, NOW).is_err());
        assert!(limiter.sign_in(school, "ben", None, NOW).is_ok());
        let elsewhere = "203.0.113.1".parse().unwrap();
        assert!(limiter.sign_in(elsewhere, "ana", None, NOW).is_ok());
        for _ in 0..20 {
            assert!(limiter.sign_in(school, "ana", Some("laptop"), NOW).is_ok());
        }
        assert!(limiter.sign_in(school, "ana", Some("laptop"), NOW).is_err());
        assert!(limiter.sign_in(school, "ana", Some("phone"), NOW).is_ok());
    }

    #[test]
    fn commands_have_one_budget_and_only_a_school_without_limits_has_none() {
        let (ana, cost) = (UserId(1), NonZeroU32::new(400).unwrap());
        let limited = Limiter::new(MessageRate {
            per_minute: 120,
            burst: 40,
        });
        for limiter in [&limited, &limiter()] {
            for _ in 0..3 {
                assert!(limiter.command(ana, cost).is_ok());
            }
        }
        assert!(limited.noise(ana).is_err());
        assert!(limited.command(ana, cost).is_err());
        assert!(limited.command(UserId(2), cost).is_ok());
        let without = limiter();
        for _ in 0..10 {
            assert!(without.command(ana, cost).is_ok());
        }
        let noise = (0..2000).filter(|_| without.noise(ana).is_ok()).count();
        assert!((1200..1300).contains(&noise), "{noise}");
    }

    #[test]
    fn one_address_has_a_cap_over_all_names_and_loses_nothing_by_success() {
        let limiter = limiter();
        let school: IpAddr = "2001:db8::1".parse().unwrap();
        for n in 0..600 {
            let tried = limiter.sign_in(school, &format!("right {n}"), None, NOW);
            limiter.give_back(&tried.unwrap());
            assert!(
                limiter
                    .sign_in(school, &format!("wrong {n}"), None, NOW)
                    .is_ok()
            );
        }
        let neighbour = "2001:db8::2".parse().unwrap();
        assert!(limiter.sign_in(neighbour, "ana", None, NOW).is_err());
        let elsewhere = "2001:db8:0:1::1".parse().unwrap();
        assert!(limiter.sign_in(elsewhere, "ana", None, NOW).is_ok());
    }
}
