//! What an account's own words must be: one set of rules for the pages, REST and the command line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Role, Timestamp, UserId, WireError};

/// Longest sign-in name, in characters.
pub const USERNAME_CHARS: usize = 64;
/// Longest name, in characters.
pub const NAME_CHARS: usize = 200;
/// Longest e-mail address that mail servers take, in characters (RFC 5321).
pub const EMAIL_CHARS: usize = 254;
/// Fewest characters of a password that somebody chooses for themselves.
pub const PASSWORD_CHARS: usize = 10;
/// Longest password, in bytes: hashing it must not become work for nothing.
pub const PASSWORD_BYTES: usize = 1024;

/// An account, as its own person is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Me {
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
    /// BCP 47 tag of the interface's language.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not 1 to [`USERNAME_CHARS`] characters without spaces.
    Username,
    /// Somebody else has this sign-in name.
    Taken,
    /// Not one line of 1 to [`NAME_CHARS`] characters.
    Name,
    /// Not an e-mail address.
    Email,
    /// Fewer than [`PASSWORD_CHARS`] characters.
    PasswordTooShort,
    /// More than [`PASSWORD_BYTES`] bytes.
    PasswordTooLong,
    /// Not the present password.
    PasswordWrong,
}

super::word::words!(Problem {
    Username = "username",
    Taken = "taken",
    Name = "name",
    Email = "email",
    PasswordTooShort = "password_too_short",
    PasswordTooLong = "password_too_long",
    PasswordWrong = "password_wrong",
});

impl Problem {
    /// The sentence for a person, in English; the pages have it in their reader's language.
    pub fn sentence(self) -> String {
        match self {
            Self::Username => {
                format!("A username has 1 to {USERNAME_CHARS} characters, without spaces.")
            }
            Self::Taken => "Somebody else has this username already.".to_owned(),
            Self::Name => format!("A name is one line of 1 to {NAME_CHARS} characters."),
            Self::Email => "This is not an e-mail address.".to_owned(),
            Self::PasswordTooShort => {
                format!("A password has at least {PASSWORD_CHARS} characters.")
            }
            Self::PasswordTooLong => {
                format!("A password has at most {PASSWORD_BYTES} bytes.")
            }
            Self::PasswordWrong => "This is not your present password.".to_owned(),
        }
    }
}

/// Field → what is wrong with it.
pub type Problems = BTreeMap<String, Problem>;

/// Why something about an account was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What was written is not right.
    Fields(Problems),
    /// Anything else.
    Error(WireError),
}

impl Refused {
    /// One field that is not right.
    pub fn field(name: &str, problem: Problem) -> Self {
        Self::Fields(BTreeMap::from([(name.to_owned(), problem)]))
    }
}

impl From<WireError> for Refused {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl From<Refused> for WireError {
    /// A name that is taken, with nothing else wrong, contradicts what is there; everything else is not valid.
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Error(error) => error,
            Refused::Fields(problems) if problems.values().all(|p| *p == Problem::Taken) => {
                Self::AlreadyExists
            }
            Refused::Fields(problems) => {
                let fields = problems
                    .into_iter()
                    .map(|(field, problem)| (field, vec![problem.sentence()]));
                Self::Invalid {
                    fields: fields.collect(),
                }
            }
        }
    }
}

/// A sign-in name as it is compared.
pub fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

/// A sign-in name as it is kept.
pub fn username(text: &str) -> Result<String, Problem> {
    let has_gap = text.contains(|c: char| c.is_whitespace() || c.is_control());
    if has_gap || !(1..=USERNAME_CHARS).contains(&text.chars().count()) {
        return Err(Problem::Username);
    }
    Ok(text.to_owned())
}

/// A name as it is kept.
pub fn name(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let has_control = text.contains(char::is_control);
    if has_control || !(1..=NAME_CHARS).contains(&text.chars().count()) {
        return Err(Problem::Name);
    }
    Ok(text.to_owned())
}

/// An e-mail address as it is kept. Only what cannot be one is refused; whether mail arrives, only mail can tell.
pub fn email(text: &str) -> Result<String, Problem> {
    let has_gap = text.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_split =
        matches!(text.rsplit_once('@'), Some((user, host)) if !user.is_empty() && !host.is_empty());
    if has_gap || !is_split || text.chars().count() > EMAIL_CHARS {
        return Err(Problem::Email);
    }
    Ok(text.to_owned())
}

/// Whether somebody may choose this password. Its length alone counts: rules about signs make passwords worse.
pub fn check_password(text: &str) -> Result<(), Problem> {
    if text.len() > PASSWORD_BYTES {
        return Err(Problem::PasswordTooLong);
    }
    if text.chars().count() < PASSWORD_CHARS {
        return Err(Problem::PasswordTooShort);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_bounded() {
        for wrong in ["", "a b", "a\tb", "a\0b", "a\u{a0}b"] {
            assert!(username(wrong).is_err(), "{wrong:?}");
        }
        assert!(username(&"ä".repeat(64)).is_ok() && username(&"ä".repeat(65)).is_err());
        for wrong in ["", "  ", "a\nb", "a\0b"] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
        assert!(name(&"ä".repeat(200)).is_ok() && name(&"ä".repeat(201)).is_err());
        assert_eq!(name(" Ana ").unwrap(), "Ana");
        assert!(email("ana@example.org").is_ok());
        for wrong in ["", "ana", "@example.org", "ana@", "ana @example.org"] {
            assert!(email(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_has_ten_characters_and_no_more_than_a_kilobyte() {
        assert_eq!(check_password("ninechars"), Err(Problem::PasswordTooShort));
        assert!(check_password("äöüßäöüßäö").is_ok());
        assert!(check_password(&"x".repeat(1024)).is_ok());
        assert_eq!(
            check_password(&"x".repeat(1025)),
            Err(Problem::PasswordTooLong)
        );
    }
}
