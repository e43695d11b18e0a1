//! What `quad demo` says when it is done.

use std::fmt;

use super::people::{PASSWORD, Person};
use crate::server::settings::report::columns;

/// What was added, and how to sign in.
pub struct Report {
    /// Every demo account, and whether it is new.
    pub(super) accounts: Vec<(&'static Person, bool)>,
    /// How many messages are new.
    pub(super) new_messages: usize,
}

impl Report {
    /// Whether the whole demo had been there before.
    pub fn is_unchanged(&self) -> bool {
        self.new_accounts() == 0 && self.new_messages == 0
    }

    pub(super) fn new_accounts(&self) -> usize {
        self.accounts.iter().filter(|(_, is_new)| *is_new).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unchanged() {
            writeln!(f, "The demo is already there: nothing was added.\n")?;
        } else {
            let (accounts, messages) = (self.new_accounts(), self.new_messages);
            writeln!(
                f,
                "Added to the demo: {accounts} accounts, {messages} messages.\n"
            )?;
        }
        writeln!(f, "Sign in with the password {PASSWORD} as:\n")?;
        let rows: Vec<[String; 4]> = self
            .accounts
            .iter()
            .map(|(person, _)| row(person))
            .collect();
        f.write_str(&columns(&rows))?;
        writeln!(
            f,
            "\nWARNING: for trying out only. Everybody knows this password, and one of these accounts is an admin:\n\
             do not let others reach a server with this database."
        )
    }
}

fn row(person: &Person) -> [String; 4] {
    [
        person.username,
        person.name,
        person.role.as_str(),
        person.time_zone,
    ]
    .map(str::to_owned)
}
