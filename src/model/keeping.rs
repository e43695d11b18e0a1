//! People as those see them who run the school: the list of accounts, making one, and what is done with it.

use serde::{Deserialize, Serialize};

use super::{
    Role, Timestamp, UserId,
    account::{self, Problems},
    roster::Mistake,
    word::words,
};

/// Rows in one page of the list.
pub const ACCOUNTS_PAGE: usize = 50;
/// How long a link holds by which a password is chosen: 72 hours, in milliseconds.
pub const LINK_MS: i64 = 72 * 60 * 60 * 1000;
/// The page where a link leads; the token follows.
pub const PASSWORD_PATH: &str = "/password/";

/// Whether an account is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Its person may sign in.
    Open,
    /// Nobody may, until it is opened again.
    Closed,
}

words!(AccountState { Open = "open", Closed = "closed" });

/// Which accounts are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuery {
    /// A part of the name, sign-in name or e-mail address; empty: any.
    pub search: String,
    /// Of that role alone.
    pub role: Option<Role>,
    /// Open ones alone, or closed ones.
    pub state: Option<AccountState>,
    /// The page after that account; none: the first.
    pub after: Option<UserId>,
}

/// An account in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// The role in the school.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whether its person has a password yet.
    pub has_password: bool,
}

/// A page of the list, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    /// The accounts.
    pub people: Vec<Account>,
    /// How many match on all pages.
    pub count: i64,
    /// What [`AccountQuery::after`] says for the next page; none: this is the last one.
    pub next: Option<UserId>,
}

/// An account to be made by those who run the school. Its person chooses the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDraft {
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where to write to; empty: nowhere.
    pub email: String,
    /// The role in the school.
    pub role: Role,
}

impl AccountDraft {
    /// The account as it is kept, or what is wrong with which field.
    pub fn checked(&self) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let mut note = |field: &str, problem| {
            problems.insert(field.to_owned(), problem);
        };
        let username = account::username(self.username.trim());
        let name = account::name(&self.name);
        let email = match self.email.trim() {
            "" => Ok(String::new()),
            email => account::email(email),
        };
        let checked = Self {
            username: username.unwrap_or_else(|problem| {
                note("username", problem);
                String::new()
            }),
            name: name.unwrap_or_else(|problem| {
                note("name", problem);
                String::new()
            }),
            email: email.unwrap_or_else(|problem| {
                note("email", problem);
                String::new()
            }),
            role: self.role,
        };
        if problems.is_empty() {
            Ok(checked)
        } else {
            Err(problems)
        }
    }
}

/// A link by which somebody chooses their password, once. It is told once, to whoever made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// Whose password.
    pub user_id: UserId,
    /// The address at this site, with the token.
    pub path: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// What came of a file of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum ImportAnswer {
    /// All of them have come, in the file's order.
    Done {
        /// Who.
        people: Vec<Newcomer>,
    },
    /// Nobody has.
    Mistaken {
        /// What is wrong with the file, at most [`IMPORT_MISTAKES`](super::limits::IMPORT_MISTAKES).
        mistakes: Vec<Mistake>,
        /// How many more there are.
        more: usize,
    },
}

/// Somebody whom an import brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// The sign-in name.
    pub username: String,
    /// The address at this site where they choose a password, once; none for those who brought one. It is told this once.
    pub path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::account::Problem;

    fn draft(username: &str, name: &str, email: &str) -> AccountDraft {
        AccountDraft {
            username: username.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            role: Role::Student,
        }
    }

    #[test]
    fn a_draft_is_kept_without_the_spaces_around() {
        let kept = draft(" ana ", " Ana Petrović ", " ").checked().unwrap();
        assert_eq!(kept, draft("ana", "Ana Petrović", ""));
        assert!(draft("أنا", &"ä".repeat(200), "ana@x").checked().is_ok());
    }

    #[test]
    fn everything_that_is_wrong_with_a_draft_is_told_at_once() {
        let problems = draft("a b", &"ä".repeat(201), "nonsense").checked();
        let told: Vec<_> = problems.unwrap_err().into_iter().collect();
        let expected = [
            ("email", Problem::Email),
            ("name", Problem::Name),
            ("username", Problem::Username),
        ];
        assert_eq!(told, expected.map(|(field, p)| (field.to_owned(), p)));
    }
}
