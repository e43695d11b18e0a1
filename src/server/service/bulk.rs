//! Many accounts at once, for load runs: without passwords, since hashing thousands would take longer than the run.

use secrecy::SecretString;

use super::Services;
use crate::{
    model::{Role, SessionKind, WireError, permission::Actor},
    server::store::{
        users::NewUser,
        writer::{Outcome, Write},
    },
};

/// Stands where a password's hash would, and is none: no password fits it.
const NO_PASSWORD: &str = "!";

impl Services {
    /// Makes an account that no password opens, and starts a browser's session for it; answers what its cookie holds.
    ///
    /// Errors: `already_exists` where the name, which is in small letters, is taken; `unavailable`.
    pub(in crate::server) async fn add_signed_in(
        &self,
        username: &str,
        role: Role,
    ) -> Result<(Actor, SecretString), WireError> {
        let user = NewUser {
            username: username.to_owned(),
            username_folded: username.to_owned(),
            name: username.to_owned(),
            email: None,
            role,
            language: self.settings.school.language.clone(),
            time_zone: self.settings.school.time_zone.clone(),
            password_hash: NO_PASSWORD.to_owned(),
        };
        let id = match self.writer.write(Write::AddUser(user)).await? {
            Outcome::UserAdded(Some(id)) => id,
            Outcome::UserAdded(None) => return Err(WireError::AlreadyExists),
            _ => return Err(WireError::Internal),
        };
        let session = self
            .start_session(id, SessionKind::Browser, "quad load")
            .await?;
        Ok((Actor { id, role }, session.token))
    }
}
