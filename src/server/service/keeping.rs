//! Keeping the school's accounts: for admins, and for whoever sits at the server (`by`: none). Every act stands in the
//! audit table, by the transaction that does it.

use secrecy::{ExposeSecret, SecretString};

use super::{Services, Viewer, fault::Stored, sessions::token_hash};
use crate::{
    model::{
        Role, UserId, WireError,
        account::{self, Problem, Refused},
        keeping::{
            ACCOUNTS_PAGE, Account, AccountDraft, AccountList, AccountQuery, LINK_MS,
            PASSWORD_PATH, PasswordLink,
        },
        permission::may_manage_people,
    },
    server::{
        random,
        store::{
            accounts,
            password_links::{self, NewLink},
            users::{self, NewUser},
            writer::{Outcome, PeopleAct, PeopleDone, Write},
        },
    },
};

/// Who keeps accounts: an admin, or whoever sits at the server.
pub type Keeper<'a> = Option<&'a Viewer>;

/// A link that is to be made, and what is told of it once.
pub(super) struct FreshLink {
    /// What the database gets.
    pub(super) stored: NewLink,
    /// The address.
    pub(super) path: String,
}

impl Services {
    pub(super) fn fresh_link(&self) -> FreshLink {
        let token = random::token();
        FreshLink {
            stored: NewLink {
                token_hash: token_hash(&token),
                expires_at: self.clock.now().plus_ms(LINK_MS),
            },
            path: format!("{PASSWORD_PATH}{token}"),
        }
    }

    /// A page of the accounts that match, by name. Errors: `forbidden` for those who keep none.
    pub async fn accounts(
        &self,
        keeper: Keeper<'_>,
        asked: &AccountQuery,
    ) -> Result<AccountList, WireError> {
        permitted(keeper)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        // One more tells whether there is another page.
        let limit = i64::try_from(ACCOUNTS_PAGE + 1).unwrap_or(i64::MAX);
        let mut people = accounts::page(&mut conn, asked, limit).await.stored()?;
        let has_more = people.len() > ACCOUNTS_PAGE;
        people.truncate(ACCOUNTS_PAGE);
        Ok(AccountList {
            count: accounts::count(&mut conn, asked).await.stored()?,
            next: people.last().filter(|_| has_more).map(|account| account.id),
            people,
        })
    }

    /// The account of that sign-in name, for whoever sits at the server. Errors: `not_found`.
    pub async fn account_named(&self, username: &str) -> Result<Account, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let user = users::by_username(&mut conn, &account::folded(username))
            .await
            .stored()?;
        let user = user.ok_or(WireError::NotFound)?;
        let account = accounts::by_id(&mut conn, user.id).await.stored()?;
        account.ok_or(WireError::NotFound)
    }

    /// Makes an account, and a link by which its person chooses a password.
    ///
    /// Errors: what is wrong with a field; `forbidden`.
    pub async fn add_person(
        &self,
        keeper: Keeper<'_>,
        draft: &AccountDraft,
    ) -> Result<PasswordLink, Refused> {
        permitted(keeper)?;
        let draft = draft.checked().map_err(Refused::Fields)?;
        let link = self.fresh_link();
        let act = PeopleAct::Add(self.row_of(&draft), Some(link.stored.clone()));
        match self.keep(keeper, act).await {
            Ok(done) => Ok(told(done.user_id, link)),
            Err(WireError::AlreadyExists) => Err(Refused::field("username", Problem::Taken)),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes an account with a password, for whoever sits at the server. Errors: `already_exists`.
    pub async fn add_person_with(&self, user: super::NewUser) -> Result<UserId, WireError> {
        let hash = self.passwords.hash(user.password.clone()).await?;
        let act = PeopleAct::Add(super::accounts::row(&user, hash), None);
        Ok(self.keep(None, act).await?.user_id)
    }

    pub(super) fn row_of(&self, draft: &AccountDraft) -> NewUser {
        let school = &self.settings.school;
        NewUser {
            username_folded: account::folded(&draft.username),
            username: draft.username.clone(),
            name: draft.name.clone(),
            email: Some(draft.email.clone()).filter(|email| !email.is_empty()),
            role: draft.role,
            language: school.language.clone(),
            time_zone: school.time_zone.clone(),
            password_hash: String::new(),
        }
    }

    /// Gives an account another role; its sockets come back with it. Errors: `forbidden`, `not_found`, `last_admin`.
    pub async fn set_role(
        &self,
        keeper: Keeper<'_>,
        id: UserId,
        role: Role,
    ) -> Result<(), WireError> {
        self.does(keeper, PeopleAct::SetRole(id, role)).await
    }

    /// Makes a link by which the account's person chooses another password; former ones hold no more, the present
    /// password does until then. Errors: `forbidden`, `not_found`; `conflict` where the account is closed.
    pub async fn make_password_link(
        &self,
        keeper: Keeper<'_>,
        id: UserId,
    ) -> Result<PasswordLink, WireError> {
        let link = self.fresh_link();
        let act = PeopleAct::MakeLink(id, link.stored.clone());
        self.keep(keeper, act).await?;
        Ok(told(id, link))
    }

    /// Closes an account; its sessions and sockets end. Errors: `forbidden`, `not_found`, `last_admin`.
    pub async fn close_account(&self, keeper: Keeper<'_>, id: UserId) -> Result<(), WireError> {
        self.does(keeper, PeopleAct::Close(id)).await
    }

    /// Opens an account again, as it was. Errors: `forbidden`, `not_found`.
    pub async fn reopen_account(&self, keeper: Keeper<'_>, id: UserId) -> Result<(), WireError> {
        self.does(keeper, PeopleAct::Reopen(id)).await
    }

    /// Ends all sessions of an account. Errors: `forbidden`, `not_found`.
    pub async fn end_sessions_of(&self, keeper: Keeper<'_>, id: UserId) -> Result<(), WireError> {
        self.does(keeper, PeopleAct::EndSessions(id)).await
    }

    async fn does(&self, keeper: Keeper<'_>, act: PeopleAct) -> Result<(), WireError> {
        self.keep(keeper, act).await.map(drop)
    }

    async fn keep(&self, keeper: Keeper<'_>, act: PeopleAct) -> Result<PeopleDone, WireError> {
        permitted(keeper)?;
        let write = Write::People {
            by: keeper.map(|viewer| viewer.user_id),
            act: Box::new(act),
        };
        match self.writer.write(write).await? {
            Outcome::People(done) => Ok(*done),
            _ => Err(WireError::Internal),
        }
    }

    /// Whose password is chosen by that link: the sign-in name. Errors: `not_found` for a link that does not hold,
    /// whatever the reason.
    pub async fn link_holder(&self, token: &str) -> Result<String, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let now = self.clock.now();
        let id = password_links::user_of(&mut conn, &token_hash(token), now)
            .await
            .stored()?;
        let id = id.ok_or(WireError::NotFound)?;
        let user = users::by_id(&mut conn, id).await.stored()?;
        user.map(|user| user.username).ok_or(WireError::NotFound)
    }

    /// Chooses a password by a link; the account's sessions end. Answers the sign-in name.
    ///
    /// Errors: `not_found` for a link that does not hold; what is wrong with `password`; `unavailable`.
    pub async fn choose_password(
        &self,
        token: &str,
        password: SecretString,
    ) -> Result<String, Refused> {
        let username = self.link_holder(token).await?;
        account::check_password(password.expose_secret())
            .map_err(|problem| Refused::field("password", problem))?;
        let choice = Write::SetPassword {
            token_hash: token_hash(token),
            password_hash: self.passwords.hash(password).await?,
        };
        self.writer.write(choice).await?;
        Ok(username)
    }
}

fn told(user_id: UserId, link: FreshLink) -> PasswordLink {
    PasswordLink {
        user_id,
        path: link.path,
        expires_at: link.stored.expires_at,
    }
}

/// Before anything is read or made; the writer looks again. Errors: `forbidden`.
pub(super) fn permitted(keeper: Keeper<'_>) -> Result<(), WireError> {
    match keeper {
        Some(viewer) if !may_manage_people(viewer.role) => Err(WireError::Forbidden),
        _ => Ok(()),
    }
}
