//! Passwords: argon2id, a few at a time.
//!
//! 19 MiB, 2 passes, 1 lane (OWASP's first choice). Two at once and a short queue; beyond that `unavailable`, so that a
//! flood of sign-ins takes neither all memory nor all cores.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, SaltString},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::{model::WireError, server::random};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const AT_ONCE: usize = 2;
const QUEUE: usize = 32;

/// Hashes and verifies passwords.
pub(super) struct Passwords {
    argon2: Argon2<'static>,
    /// What an unknown name is verified against, so that it takes as long as a known one.
    nobody: String,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, password_hash::Error> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, &random::token())?;
        Ok(Self {
            argon2,
            nobody,
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(QUEUE)),
        })
    }

    /// The PHC string of a password.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, WireError> {
        let argon2 = self.argon2.clone();
        let hashed = self
            .run(move || hash(&argon2, password.expose_secret()))
            .await?;
        hashed.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            WireError::Internal
        })
    }

    /// Whether the password is the one of `stored`; without a stored one: no, after the same time.
    pub(super) async fn verify(
        &self,
        stored: Option<String>,
        password: SecretString,
    ) -> Result<bool, WireError> {
        let is_known = stored.is_some();
        let argon2 = self.argon2.clone();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let matches = self
            .run(move || {
                PasswordHash::new(&stored).is_ok_and(|hash| {
                    argon2
                        .verify_password(password.expose_secret().as_bytes(), &hash)
                        .is_ok()
                })
            })
            .await?;
        Ok(matches && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WireError> {
        let place = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| WireError::Unavailable)?;
        let turn = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| WireError::Unavailable)?;
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((place, turn));
            result
        });
        task.await.map_err(|_| WireError::Internal)
    }
}

/// Most memory that verifying a hash from elsewhere may take, in KiB: 64 MiB.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
/// Most passes over it.
const MOST_PASSES: u32 = 10;
/// Longest such hash, in bytes.
const HASH_BYTES: usize = 512;

/// Whether a hash from elsewhere is one that is verified here: of argon2, whole, and not too dear.
pub(super) fn is_usable(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    let is_argon2 = Algorithm::try_from(parsed.algorithm).is_ok();
    let is_bearable = Params::try_from(&parsed).is_ok_and(|params| {
        params.m_cost() <= MOST_MEMORY_KIB
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_PASSES
    });
    let is_whole = parsed.salt.is_some() && parsed.hash.is_some();
    hash.len() <= HASH_BYTES && is_argon2 && is_bearable && is_whole
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, password_hash::Error> {
    let salt = SaltString::encode_b64(&random::bytes::<16>())?;
    Ok(argon2
        .hash_password(password.as_bytes(), &salt)?
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_from_elsewhere_are_argon2s_and_bearable() {
        let argon2 = Argon2::default();
        let own = hash(&argon2, "correct horse").unwrap();
        assert!(is_usable(&own), "{own}");
        assert!(is_usable(&own.replace("argon2id", "argon2i")));
        for wrong in [
            "",
            "secret",
            "$argon2id$",
            "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
            &own.replace("m=19456", "m=4000000"),
            &own.replace("t=2", "t=1000"),
            &own.replace("argon2id", "scrypt"),
            own.rsplit_once('$').unwrap().0,
        ] {
            assert!(!is_usable(wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_is() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .verify(Some(stored.clone()), "correct horse".into())
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(Some(stored), "wrong horse".into())
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(None, "correct horse".into())
                .await
                .unwrap()
        );
    }
}
