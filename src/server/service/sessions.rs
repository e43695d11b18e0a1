//! Signing in and out: server-side sessions, a new one at every sign-in.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{Services, Viewer, accounts::folded, fault::Stored};
use crate::{
    model::{SessionId, WireError},
    server::{
        random,
        store::{
            sessions, users,
            writer::{Outcome, Write},
        },
    },
};

/// How long a session lasts: 30 days, in milliseconds.
pub const SESSION_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Longer passwords are not looked at: hashing them would be work for whoever asks.
const PASSWORD_BYTES: usize = 1024;

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session_id: SessionId,
    /// What the cookie holds. The database has only its hash.
    pub token: SecretString,
}

/// What the database holds of a token.
fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Services {
    /// Signs somebody in by name and password, from that address.
    ///
    /// Errors: `wrong_credentials`, the same and after the same time for an unknown name; `rate_limited`;
    /// `unavailable` while too many passwords are being checked.
    pub async fn sign_in(
        &self,
        username: &str,
        password: SecretString,
        address: IpAddr,
    ) -> Result<SignedIn, WireError> {
        let username = folded(username);
        self.limiter.sign_in(address, &username)?;
        if password.expose_secret().len() > PASSWORD_BYTES || username.contains('\0') {
            return Err(WireError::WrongCredentials);
        }
        let mut reader = self.store.read().await.stored()?;
        let user = users::by_username(&mut reader.conn(), &username)
            .await
            .stored()?;
        drop(reader);
        let user = user.filter(|user| user.closed_at.is_none());
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let is_right = self.passwords.verify(stored, password).await?;
        let user = user
            .filter(|_| is_right)
            .ok_or(WireError::WrongCredentials)?;
        self.start_session(user.id).await
    }

    async fn start_session(&self, user_id: crate::model::UserId) -> Result<SignedIn, WireError> {
        let token = random::token();
        let expires_at = self.clock.now().plus_ms(SESSION_MS);
        let write = Write::StartSession {
            user_id,
            token_hash: token_hash(&token),
            expires_at,
        };
        match self.writer.write(write).await? {
            Outcome::SessionStarted(session_id) => Ok(SignedIn {
                session_id,
                token: token.into(),
            }),
            _ => Err(WireError::Internal),
        }
    }

    /// Who the holder of that token is; none: nobody, or a session that has ended.
    pub async fn viewer(&self, token: &str) -> Result<Option<Viewer>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = sessions::in_force(&mut reader.conn(), &token_hash(token), self.clock.now())
            .await
            .stored()?;
        Ok(row.map(|row| Viewer {
            user_id: row.user_id,
            role: row.role,
            session_id: row.id,
            language: row.language,
        }))
    }

    /// Ends a session; its sockets close at once.
    pub async fn sign_out(&self, session_id: SessionId) -> Result<(), WireError> {
        self.writer
            .write(Write::EndSession(session_id))
            .await
            .map(drop)
    }
}
