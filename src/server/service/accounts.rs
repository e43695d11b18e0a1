//! Accounts: making them, finding them, and the user as the client knows them.

use secrecy::SecretString;

use super::{Services, Viewer, fault::Stored, zones::zone};
use crate::{
    model::{Role, User, UserId, WireError},
    server::store::{
        users::{self, UserRow},
        writer::{Outcome, Write},
    },
};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The sign-in name; unique without regard to case.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// The role in the school.
    pub role: Role,
    /// BCP 47 tag of the interface's language.
    pub language: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// The password.
    pub password: SecretString,
}

/// A sign-in name as it is compared.
pub(super) fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

impl Services {
    /// Makes an account. Errors: `already_exists` where the sign-in name is taken.
    pub async fn add_user(&self, user: NewUser) -> Result<UserId, WireError> {
        let password_hash = self.passwords.hash(user.password).await?;
        let row = users::NewUser {
            username_folded: folded(&user.username),
            username: user.username.trim().to_owned(),
            name: user.name.trim().to_owned(),
            email: user.email,
            role: user.role,
            language: user.language,
            time_zone: user.time_zone,
            password_hash,
        };
        match self.writer.write(Write::AddUser(row)).await? {
            Outcome::UserAdded(Some(id)) => Ok(id),
            Outcome::UserAdded(None) => Err(WireError::AlreadyExists),
            _ => Err(WireError::Internal),
        }
    }

    /// The account of that sign-in name.
    pub async fn user_by_username(
        &self,
        username: &str,
    ) -> Result<Option<(UserId, Role)>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = users::by_username(&mut reader.conn(), &folded(username))
            .await
            .stored()?;
        Ok(row.map(|row| (row.id, row.role)))
    }

    /// How many accounts there are.
    pub async fn user_count(&self) -> Result<i64, WireError> {
        let mut reader = self.store.read().await.stored()?;
        users::count(&mut reader.conn()).await.stored()
    }

    /// The viewer as their own client knows them.
    pub async fn user(&self, viewer: &Viewer) -> Result<User, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = users::by_id(&mut reader.conn(), viewer.user_id)
            .await
            .stored()?;
        row.map(|row| self.user_of(row))
            .ok_or(WireError::Unauthorized)
    }

    pub(super) fn user_of(&self, row: UserRow) -> User {
        User {
            id: row.id,
            username: row.username,
            name: row.name,
            role: row.role,
            language: row.language,
            zone: zone(&row.time_zone, self.clock.now()),
            created_at: row.created_at,
        }
    }
}
