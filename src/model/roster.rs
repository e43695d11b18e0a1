//! What is wrong with a file of people, line by line: one list for the page and the command line.

use serde::{Deserialize, Serialize};

use super::account::Problem;

/// Longest code of a course, in characters.
pub const CODE_CHARS: usize = 64;
/// People in one file at most.
pub const PEOPLE: usize = 50_000;
/// The columns of the file.
pub const COLUMNS: [&str; 6] = [
    "username",
    "name",
    "email",
    "role",
    "courses",
    "password_hash",
];

/// Something that is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Where, from 1.
    pub line: u64,
    /// What.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// A column that is none of [`COLUMNS`].
    UnknownColumn {
        /// What it is called.
        name: String,
    },
    /// A column that is there twice.
    DoubleColumn {
        /// Which.
        name: String,
    },
    /// A column that must be there.
    MissingColumn {
        /// Which.
        name: String,
    },
    /// No UTF-8.
    NotUtf8,
    /// More fields than columns, or fewer.
    Fields {
        /// How many.
        found: u64,
        /// How many columns there are.
        columns: u64,
    },
    /// No CSV.
    Unreadable,
    /// No role.
    Role,
    /// A field of the account.
    Account {
        /// Which.
        column: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// No codes of courses.
    Courses,
    /// A course that is not there.
    NoCourse {
        /// Its code.
        code: String,
    },
    /// No hash that is verified here.
    PasswordHash,
    /// A sign-in name that stands in the file before.
    Repeated {
        /// Where.
        line: u64,
    },
    /// A sign-in name that somebody in the school has.
    Taken,
    /// More than [`PEOPLE`].
    TooMany,
}

impl Mistake {
    /// This fault there.
    pub fn new(line: u64, fault: Fault) -> Self {
        Self { line, fault }
    }
}

impl Fault {
    /// The column that it is in, where it is in one.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Role => Some("role"),
            Self::Account { column, .. } => Some(column),
            Self::Courses | Self::NoCourse { .. } => Some("courses"),
            Self::PasswordHash => Some("password_hash"),
            Self::Repeated { .. } | Self::Taken => Some("username"),
            _ => None,
        }
    }

    /// The sentence for a person, in English; the pages have it in their reader's language.
    pub fn sentence(&self) -> String {
        match self {
            Self::UnknownColumn { name } => {
                let known = COLUMNS.join(", ");
                format!("There is no column “{name}”; there are {known}.")
            }
            Self::DoubleColumn { name } => format!("The column {name} is there twice."),
            Self::MissingColumn { name } => format!("The column {name} is missing."),
            Self::NotUtf8 => "This is not UTF-8 text.".to_owned(),
            Self::Fields { found, columns } => {
                format!("There are {found} fields where the first line has {columns}.")
            }
            Self::Unreadable => "This cannot be read.".to_owned(),
            Self::Role => "It is one of student, teacher, agent and admin.".to_owned(),
            Self::Account { problem, .. } => problem.sentence(),
            Self::Courses => format!(
                "A code has 1 to {CODE_CHARS} characters, without spaces; `;` stands between two."
            ),
            Self::NoCourse { code } => format!("there is no course {code}."),
            Self::PasswordHash => {
                "It is no argon2 hash that Quad verifies (PHC string, `$argon2id$…`).".to_owned()
            }
            Self::Repeated { line } => format!("it stands in line {line} already."),
            Self::Taken => "somebody has it already.".to_owned(),
            Self::TooMany => {
                format!("The file has more than {PEOPLE} people; please split it.")
            }
        }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(column) = self.fault.column() {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.fault.sentence())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_its_line_its_column_and_what_is_wrong() {
        let told = |fault| Mistake::new(7, fault).to_string();
        assert_eq!(
            told(Fault::Taken),
            "line 7: username: somebody has it already."
        );
        let account = Fault::Account {
            column: "email".to_owned(),
            problem: Problem::Email,
        };
        assert_eq!(
            told(account),
            "line 7: email: This is not an e-mail address."
        );
        assert_eq!(told(Fault::NotUtf8), "line 7: This is not UTF-8 text.");
    }
}
