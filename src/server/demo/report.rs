//! What `quad demo` says when it is done.

use std::fmt;

use super::people::{PASSWORD, PEOPLE, Person};
use crate::{model::Role, server::settings::report::columns};

/// Students whose sign-ins are told; all have the same password.
const STUDENTS_TOLD: usize = 3;

/// What was added, and how to sign in.
pub struct Report {
    /// How many accounts are new.
    pub new_accounts: usize,
    /// How many messages are new.
    pub new_messages: usize,
}

impl Report {
    /// Whether the whole demo had been there before.
    pub fn is_unchanged(&self) -> bool {
        self.new_accounts == 0 && self.new_messages == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unchanged() {
            writeln!(f, "The demo is already there: nothing was added.\n")?;
        } else {
            let (accounts, messages) = (self.new_accounts, self.new_messages);
            writeln!(
                f,
                "Added to the demo: {accounts} accounts, {messages} messages.\n"
            )?;
        }
        let (students, staff): (Vec<&Person>, Vec<&Person>) =
            (PEOPLE.iter()).partition(|person| person.role == Role::Student);
        writeln!(f, "Sign in with the password {PASSWORD} as:\n")?;
        let told = students.iter().take(STUDENTS_TOLD).chain(&staff);
        let rows: Vec<[String; 4]> = told.map(|person| row(person)).collect();
        f.write_str(&columns(&rows))?;
        let others: Vec<&str> = (students.iter().skip(STUDENTS_TOLD))
            .map(|person| person.username)
            .collect();
        writeln!(f, "\nor as another student: {}.", others.join(", "))?;
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
