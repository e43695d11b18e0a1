//! CSRF tokens: an HMAC of who one is, so that nothing need be stored.
//!
//! The token of a session, or of a visitor's cookie before there is one, stands in forms as a hidden field and in the
//! header of server functions. A page of another origin can read neither.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::Caller;

/// Makes and checks tokens.
pub struct Csrf {
    key: SecretString,
}

impl Csrf {
    /// By this key.
    pub fn new(key: SecretString) -> Self {
        Self { key }
    }

    fn mac(&self, caller: &Caller) -> Option<Hmac<Sha256>> {
        let who = match (&caller.viewer, &caller.visitor) {
            (Some(viewer), _) => format!("session {}", viewer.session_id),
            (None, Some(visitor)) => format!("visitor {visitor}"),
            (None, None) => return None,
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()).ok()?;
        mac.update(who.as_bytes());
        Some(mac)
    }

    /// The caller's token; empty for one who has neither session nor visitor's cookie.
    pub fn token(&self, caller: &Caller) -> String {
        self.mac(caller)
            .map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
            .unwrap_or_default()
    }

    /// Whether this is the caller's token; compared in constant time.
    pub fn is_valid(&self, caller: &Caller, token: &str) -> bool {
        let (Some(mac), Ok(bytes)) = (self.mac(caller), URL_SAFE_NO_PAD.decode(token)) else {
            return false;
        };
        mac.verify_slice(&bytes).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::http::caller::Credential;

    fn visitor(word: Option<&str>) -> Caller {
        Caller {
            viewer: None,
            credential: Credential::Cookie,
            visitor: word.map(str::to_owned),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
        }
    }

    #[test]
    fn a_token_is_its_callers_alone() {
        let csrf = Csrf::new("key".to_owned().into());
        let token = csrf.token(&visitor(Some("a")));
        assert!(csrf.is_valid(&visitor(Some("a")), &token));
        assert!(!csrf.is_valid(&visitor(Some("b")), &token));
        assert!(!csrf.is_valid(&visitor(Some("a")), ""));
        assert!(!csrf.is_valid(&visitor(None), ""));
        assert!(!Csrf::new("other".to_owned().into()).is_valid(&visitor(Some("a")), &token));
    }
}
