//! Accounts: making them, finding them, and the user as the client knows them.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};

use super::{Services, SignedIn, Viewer, fault::Stored, zones::zone};
use crate::{
    model::{
        Role, SessionKind, User, UserId, WireError,
        account::{self, Me, Problem, Problems, Refused},
    },
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

/// What somebody who makes an account for themselves has written.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where to write to; empty: nowhere.
    pub email: String,
    /// The password.
    pub password: SecretString,
}

/// The account as it is stored.
pub(super) fn row(user: &NewUser, password_hash: String) -> users::NewUser {
    users::NewUser {
        username_folded: account::folded(&user.username),
        username: user.username.trim().to_owned(),
        name: user.name.trim().to_owned(),
        email: user.email.clone(),
        role: user.role,
        language: user.language.clone(),
        time_zone: user.time_zone.clone(),
        password_hash,
    }
}

impl Services {
    /// Makes an account. Errors: `already_exists` where the sign-in name is taken.
    pub async fn add_user(&self, user: NewUser) -> Result<UserId, WireError> {
        let password_hash = self.passwords.hash(user.password.clone()).await?;
        match self
            .writer
            .write(Write::AddUser(row(&user, password_hash)))
            .await?
        {
            Outcome::UserAdded(Some(id)) => Ok(id),
            Outcome::UserAdded(None) => Err(WireError::AlreadyExists),
            _ => Err(WireError::Internal),
        }
    }

    /// Makes a student's account for whoever asks, and starts its first session, where the school has it open.
    ///
    /// Errors: `not_found` where it is closed; what is wrong with a field; `rate_limited`; `unavailable`.
    pub async fn register(
        &self,
        new: Registration,
        address: IpAddr,
        kind: SessionKind,
        user_agent: &str,
    ) -> Result<SignedIn, Refused> {
        if !self.settings.registration.is_open() {
            return Err(WireError::NotFound.into());
        }
        let school = &self.settings.school;
        let mut user = read(&new).map_err(Refused::Fields)?;
        user.language.clone_from(&school.language);
        user.time_zone.clone_from(&school.time_zone);
        self.limiter.registration(address)?;
        match self.add_user(user).await {
            Ok(id) => Ok(self.start_session(id, kind, user_agent).await?),
            Err(WireError::AlreadyExists) => Err(Refused::field("username", Problem::Taken)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the viewer another password, and ends their other sessions.
    ///
    /// Errors: what is wrong with a field, `old_password` or `new_password`; `rate_limited`; `unavailable`.
    pub async fn change_password(
        &self,
        viewer: &Viewer,
        old_password: SecretString,
        new_password: SecretString,
    ) -> Result<(), Refused> {
        account::check_password(new_password.expose_secret())
            .map_err(|problem| Refused::field("new_password", problem))?;
        let tried = self
            .limiter
            .own_password(viewer.user_id, self.clock.now())?;
        let wrong = || Refused::field("old_password", Problem::PasswordWrong);
        if old_password.expose_secret().len() > account::PASSWORD_BYTES {
            return Err(wrong());
        }
        let stored = self.password_hash(viewer).await?;
        if !self.passwords.verify(stored.clone(), old_password).await? {
            return Err(wrong());
        }
        self.limiter.give_back(&tried);
        let change = Write::ChangePassword {
            user_id: viewer.user_id,
            from_hash: stored.unwrap_or_default(),
            to_hash: self.passwords.hash(new_password).await?,
            except: viewer.session_id,
        };
        match self.writer.write(change).await {
            // It was changed by somebody else in between.
            Err(WireError::WrongCredentials) => Err(wrong()),
            other => other.map(drop).map_err(Refused::from),
        }
    }

    async fn password_hash(&self, viewer: &Viewer) -> Result<Option<String>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = users::by_id(&mut reader.conn(), viewer.user_id)
            .await
            .stored()?;
        Ok(row.and_then(|row| row.password_hash))
    }

    /// The account of that sign-in name.
    pub async fn user_by_username(
        &self,
        username: &str,
    ) -> Result<Option<(UserId, Role)>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = users::by_username(&mut reader.conn(), &account::folded(username))
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

    /// An account as its own person is told of it.
    pub async fn me(&self, id: UserId) -> Result<Me, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let row = users::by_id(&mut reader.conn(), id).await.stored()?;
        let row = row.ok_or(WireError::Unauthorized)?;
        Ok(Me {
            id: row.id,
            username: row.username,
            name: row.name,
            email: row.email,
            role: row.role,
            language: row.language,
            time_zone: row.time_zone,
            created_at: row.created_at,
        })
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

/// The account that was asked for, or everything that is wrong with it. The school's language and zone are yet to come.
fn read(new: &Registration) -> Result<NewUser, Problems> {
    let mut problems = Problems::new();
    let mut note = |field: &str, problem| {
        problems.insert(field.to_owned(), problem);
    };
    let username = account::username(&new.username).map_err(|problem| note("username", problem));
    let name = account::name(&new.name).map_err(|problem| note("name", problem));
    let email = match new.email.trim() {
        "" => Ok(None),
        email => account::email(email)
            .map(Some)
            .map_err(|problem| note("email", problem)),
    };
    let password = account::check_password(new.password.expose_secret())
        .map_err(|problem| note("password", problem));
    match (username, name, email, password) {
        (Ok(username), Ok(name), Ok(email), Ok(())) => Ok(NewUser {
            username,
            name,
            email,
            role: Role::Student,
            language: String::new(),
            time_zone: String::new(),
            password: new.password.clone(),
        }),
        _ => Err(problems),
    }
}
