//! Devices that are known: a cookie that says which names have signed in here before, without saying the names.
//!
//! It opens nothing. Who brings it has a budget of wrong passwords of their own, so that nobody elsewhere can lock them
//! out. One cookie a browser: `device.mac.mac…`, a random word and an HMAC of it with each name, newest first; school
//! computers are shared, so there are several, and only so many.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::cookies;
use crate::server::{random, settings::Settings};

/// Names that one device remembers.
const NAMES: usize = 10;
/// What is kept of an HMAC: 128 bits.
const MAC_BYTES: usize = 16;
/// A device's own word, and an HMAC, as they stand in the cookie.
const WORD_CHARS: usize = 43;
const MAC_CHARS: usize = 22;

/// Makes and checks the cookie.
pub struct Devices {
    key: SecretString,
}

impl Devices {
    /// By this key.
    pub fn new(key: SecretString) -> Self {
        Self { key }
    }

    /// The device's own word, where `name` has signed in here before.
    pub fn known(&self, cookie: Option<&str>, name: &str) -> Option<String> {
        let (word, macs) = parts(cookie?)?;
        let is_known = macs.into_iter().any(|mac| {
            let bytes = URL_SAFE_NO_PAD.decode(mac).unwrap_or_default();
            self.mac(word, name)
                .is_some_and(|mac| mac.verify_truncated_left(&bytes).is_ok())
        });
        is_known.then(|| format!("{word} {}", folded(name)))
    }

    /// The cookie of a device at which `name` has just signed in.
    pub fn remember(&self, cookie: Option<&str>, name: &str) -> String {
        let (word, macs) = match cookie.and_then(parts) {
            Some((word, macs)) => (word.to_owned(), macs),
            None => (random::token(), Vec::new()),
        };
        let new = self
            .mac(&word, name)
            .and_then(|mac| {
                let bytes = mac.finalize().into_bytes();
                bytes
                    .get(..MAC_BYTES)
                    .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
            })
            .unwrap_or_default();
        let others = macs.into_iter().filter(|mac| *mac != new);
        let kept: Vec<&str> = std::iter::once(new.as_str())
            .chain(others)
            .take(NAMES)
            .collect();
        format!("{word}.{}", kept.join("."))
    }

    fn mac(&self, word: &str, name: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()).ok()?;
        mac.update(format!("device {word} {}", folded(name)).as_bytes());
        Some(mac)
    }
}

/// The device's cookie in a request.
pub(super) fn cookie(headers: &HeaderMap, settings: &Settings) -> Option<String> {
    cookies::read(cookies::Kind::Device, headers, settings)
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The word and the HMACs of a cookie that has our form.
fn parts(cookie: &str) -> Option<(&str, Vec<&str>)> {
    let is_ours = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    let mut parts = cookie.split('.');
    let word = parts.next().filter(|word| word.len() == WORD_CHARS)?;
    let macs: Vec<&str> = parts
        .filter(|mac| mac.len() == MAC_CHARS)
        .take(NAMES)
        .collect();
    let all_ours = is_ours(word) && macs.iter().all(|mac| is_ours(mac));
    all_ours.then_some((word, macs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices() -> Devices {
        Devices::new("key".into())
    }

    #[test]
    fn a_device_knows_those_who_have_signed_in_at_it() {
        let cookie = devices().remember(None, "Ana");
        let cookie = devices().remember(Some(&cookie), "ben");
        let ana = devices().known(Some(&cookie), "ana ").unwrap();
        assert_ne!(Some(ana), devices().known(Some(&cookie), "ben"));
        assert_eq!(devices().known(Some(&cookie), "carl"), None);
        assert_eq!(devices().known(None, "ana"), None);
        assert_eq!(
            Devices::new("other".into()).known(Some(&cookie), "ana"),
            None
        );
        assert_eq!(devices().remember(Some(&cookie), "ben"), cookie);
    }

    #[test]
    fn a_device_forgets_the_oldest() {
        let mut cookie = devices().remember(None, "first");
        for n in 0..10 {
            assert!(devices().known(Some(&cookie), "first").is_some());
            cookie = devices().remember(Some(&cookie), &format!("name {n}"));
        }
        assert!(devices().known(Some(&cookie), "first").is_none());
        assert!(cookie.len() < 300);
    }

    #[test]
    fn what_is_not_ours_is_not_taken_over() {
        let ours = devices().remember(None, "ana");
        let (word, _) = ours.split_once('.').unwrap();
        for cookie in [
            "",
            ".",
            "x; Path=/",
            word,
            &format!("{word}.{}", "AA"),
            &format!("{word}."),
        ] {
            assert!(devices().known(Some(cookie), "ana").is_none(), "{cookie}");
        }
        let strange = devices().remember(Some("a=b; Secure"), "ana");
        assert!(devices().known(Some(&strange), "ana").is_some());
    }
}
