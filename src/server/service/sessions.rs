//! Signing in and out: server-side sessions, a new one at every sign-in, listed and ended by their owner.
//!
//! A browser holds its session by a cookie with the session's token; a program by a pair of tokens, whose form is the
//! business of `http`: here a refresh token is its id, good once.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{Services, Viewer, fault::Stored};
use crate::{
    model::{
        Named, OwnSession, SessionId, SessionKind, UserId, WireError,
        account::{PASSWORD_BYTES, folded},
        permission::desks_of,
        session::tidy_user_agent,
    },
    server::{
        random,
        store::{
            sessions::{self, NewSession, SessionRow},
            users,
            writer::{Outcome, Write},
        },
    },
};

/// How long a browser's session lasts: 30 days, in milliseconds.
pub const SESSION_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long a refresh token, and with it a program's session, lasts: 14 days, in milliseconds.
pub const REFRESH_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// When a session was last used is written at most this often, in milliseconds.
const TOUCH_MS: i64 = 5 * 60 * 1000;
/// Sessions that their owner is shown.
const LISTED: i64 = 100;

/// Who wants to sign in, from where.
#[derive(Debug)]
pub struct SignIn<'a> {
    /// The name that was typed.
    pub name: Name<'a>,
    /// The password that was typed.
    pub password: SecretString,
    /// From which address.
    pub address: IpAddr,
    /// The device's own word, where it has signed this name in before.
    pub device: Option<String>,
    /// What the device calls itself.
    pub user_agent: &'a str,
    /// What is to hold the session.
    pub kind: SessionKind,
}

/// By what somebody signs in.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    /// The sign-in name.
    Username(&'a str),
    /// The e-mail address, or, where no account has it, the sign-in name (S1's clients ask for an address).
    Email(&'a str),
}

impl<'a> Name<'a> {
    /// What was typed.
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Username(name) | Self::Email(name) => name,
        }
    }
}

/// A session that has just begun, or been renewed.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// What the cookie holds, or the next refresh token's id. The database has only its hash.
    pub token: SecretString,
}

/// What the database holds of a token.
pub(super) fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Services {
    /// Signs somebody in by name and password.
    ///
    /// Errors: `wrong_credentials`, the same and after the same time for an unknown name; `rate_limited`;
    /// `unavailable` while too many passwords are being checked.
    pub async fn sign_in(&self, sign_in: SignIn<'_>) -> Result<SignedIn, WireError> {
        let name = folded(sign_in.name.as_str());
        let now = self.clock.now();
        let device = sign_in.device.as_deref();
        let tried = self.limiter.sign_in(sign_in.address, &name, device, now)?;
        let verified = self.verified(sign_in.name, &name, sign_in.password).await;
        let (user_id, password_hash) = match verified {
            Err(WireError::WrongCredentials) => Err(WireError::WrongCredentials),
            other => {
                self.limiter.give_back(&tried);
                other
            }
        }?;
        let by_password = |session| Write::SignIn {
            session,
            password_hash,
        };
        self.start_by(user_id, sign_in.kind, sign_in.user_agent, by_password)
            .await
    }

    async fn verified(
        &self,
        name: Name<'_>,
        folded: &str,
        password: SecretString,
    ) -> Result<(UserId, String), WireError> {
        if password.expose_secret().len() > PASSWORD_BYTES {
            return Err(WireError::WrongCredentials);
        }
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let mut user = None;
        if let Name::Email(_) = name {
            user = users::by_email(&mut conn, folded).await.stored()?;
        }
        if user.is_none() {
            user = users::by_username(&mut conn, folded).await.stored()?;
        }
        drop(reader);
        let user = user.filter(|user| user.closed_at.is_none());
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let is_right = self.passwords.verify(stored, password).await?;
        user.filter(|_| is_right)
            .and_then(|user| Some((user.id, user.password_hash?)))
            .ok_or(WireError::WrongCredentials)
    }

    /// Starts a session without asking for a password: for who has just proved who they are.
    pub(super) async fn start_session(
        &self,
        user_id: UserId,
        kind: SessionKind,
        user_agent: &str,
    ) -> Result<SignedIn, WireError> {
        self.start_by(user_id, kind, user_agent, Write::StartSession)
            .await
    }

    async fn start_by(
        &self,
        user_id: UserId,
        kind: SessionKind,
        user_agent: &str,
        write: impl FnOnce(NewSession) -> Write,
    ) -> Result<SignedIn, WireError> {
        let token = random::token();
        let lasts_ms = match kind {
            SessionKind::Browser => SESSION_MS,
            SessionKind::Token => REFRESH_MS,
        };
        let new = NewSession {
            user_id,
            kind,
            token_hash: token_hash(&token),
            user_agent: tidy_user_agent(user_agent),
            expires_at: self.clock.now().plus_ms(lasts_ms),
        };
        match self.writer.write(write(new)).await? {
            Outcome::SessionStarted(session_id) => Ok(SignedIn {
                session_id,
                user_id,
                token: token.into(),
            }),
            _ => Err(WireError::Internal),
        }
    }

    /// Renews a program's session by the id of its refresh token, which is spent by this.
    ///
    /// Errors: `unauthorized` where the session is over, or was ended just now because the token had been used before.
    pub async fn refresh(
        &self,
        session_id: SessionId,
        user_id: UserId,
        presented: &str,
    ) -> Result<SignedIn, WireError> {
        let next = random::token();
        let rotate = Write::RotateSession {
            id: session_id,
            presented_hash: token_hash(presented),
            next_hash: token_hash(&next),
            expires_at: self.clock.now().plus_ms(REFRESH_MS),
        };
        match self.writer.write(rotate).await? {
            Outcome::SessionRotated(session_id) => Ok(SignedIn {
                session_id,
                user_id,
                token: next.into(),
            }),
            _ => Err(WireError::Unauthorized),
        }
    }

    /// Who the holder of that cookie's token is; none: nobody, or a session that has ended.
    pub async fn viewer(&self, token: &str) -> Result<Option<Viewer>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = sessions::in_force(&mut reader.conn(), &token_hash(token), self.clock.now())
            .await
            .stored()?;
        Ok(row.map(|row| self.used(row)))
    }

    /// Who the holder of that session is; none: it has ended.
    pub async fn viewer_of(&self, session_id: SessionId) -> Result<Option<Viewer>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = sessions::by_id(&mut reader.conn(), session_id, self.clock.now())
            .await
            .stored()?;
        Ok(row.map(|row| self.used(row)))
    }

    /// Notes now and then that the session is being used. Nobody waits for that.
    fn used(&self, row: SessionRow) -> Viewer {
        if self.clock.now().ms_since(row.last_used_at) >= TOUCH_MS {
            self.writer.offer(Write::TouchSession(row.id));
        }
        let named = Named {
            role: row.role,
            username: &row.username,
        };
        Viewer {
            desks: desks_of(&self.settings.desks, named),
            user_id: row.user_id,
            role: row.role,
            session_id: row.id,
            language: row.language,
        }
    }

    /// The viewer's own sessions, last used first.
    pub async fn sessions(&self, viewer: &Viewer) -> Result<Vec<OwnSession>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let now = self.clock.now();
        let mut listed = sessions::of_user(&mut reader.conn(), viewer.user_id, now, LISTED)
            .await
            .stored()?;
        for session in &mut listed {
            session.is_current = session.id == viewer.session_id;
        }
        Ok(listed)
    }

    /// Ends one of the viewer's own sessions; its sockets close. Errors: `not_found` for one that is over, unknown or
    /// somebody else's.
    pub async fn end_session(&self, viewer: &Viewer, id: SessionId) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = sessions::by_id(&mut reader.conn(), id, self.clock.now())
            .await
            .stored()?;
        drop(reader);
        if row.is_none_or(|row| row.user_id != viewer.user_id) {
            return Err(WireError::NotFound);
        }
        self.sign_out(id).await
    }

    /// Ends the viewer's other sessions; their sockets close.
    pub async fn end_other_sessions(&self, viewer: &Viewer) -> Result<(), WireError> {
        let end = Write::EndSessions {
            user_id: viewer.user_id,
            except: Some(viewer.session_id),
        };
        self.writer.write(end).await.map(drop)
    }

    /// Ends a session; its sockets close at once.
    pub async fn sign_out(&self, session_id: SessionId) -> Result<(), WireError> {
        self.writer
            .write(Write::EndSession(session_id))
            .await
            .map(drop)
    }
}
