//! `quad user add`.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use super::{Failure, password};
use crate::{
    model::{
        Role, WireError,
        account::{self, Problem},
    },
    server::{
        service::{NewUser, Services},
        settings::{SchoolSettings, parse},
    },
};

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The sign-in name: 1 to 64 characters without spaces; capitals do not count
    #[arg(long, value_parser = username)]
    username: String,
    /// The name others see: 1 to 200 characters
    #[arg(long, value_parser = name)]
    name: String,
    /// What the account may do
    #[arg(long, value_enum)]
    role: Role,
    /// Read the password, one line, from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Where to write to
    #[arg(long, value_parser = email)]
    email: Option<String>,
    /// Language of the interface: en, de or ar [default: the school's]
    #[arg(long, value_parser = parse::language)]
    language: Option<String>,
    /// Time zone, such as Europe/Berlin [default: the school's]
    #[arg(long, value_name = "ZONE", value_parser = parse::time_zone)]
    time_zone: Option<String>,
}

impl Add {
    /// The account to be made, with its password from `input` and what is missing from the school.
    pub(super) fn read(
        self,
        school: &SchoolSettings,
        input: impl BufRead,
    ) -> Result<NewUser, Failure> {
        if std::io::stdin().is_terminal() {
            eprintln!("Type the password and press Enter; it will be seen:");
        }
        Ok(NewUser {
            username: self.username,
            name: self.name,
            email: self.email,
            role: self.role,
            language: self.language.unwrap_or_else(|| school.language.clone()),
            time_zone: self.time_zone.unwrap_or_else(|| school.time_zone.clone()),
            password: password::read(input)?,
        })
    }
}

/// Adds the account and says so.
pub(super) async fn add(services: &Services, new: NewUser) -> Result<String, Failure> {
    let NewUser { username, role, .. } = &new;
    let (username, role) = (username.clone(), role.as_str());
    match services.add_person_with(new).await {
        Ok(id) => Ok(format!("Added {username} ({role}) as account {id}.\n")),
        Err(WireError::AlreadyExists) => {
            let problem = format!("there is already an account with the sign-in name {username}");
            Err(Failure::Said(problem))
        }
        Err(error) => Err(error.into()),
    }
}

fn username(text: &str) -> Result<String, String> {
    account::username(text).map_err(Problem::sentence)
}

fn name(text: &str) -> Result<String, String> {
    account::name(text).map_err(Problem::sentence)
}

fn email(text: &str) -> Result<String, String> {
    account::email(text).map_err(Problem::sentence)
}

#[cfg(test)]
mod tests {
    use clap::{Parser, error::ErrorKind};

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        add: Add,
    }

    const ANA: [&str; 8] = [
        "add",
        "--username",
        "ana",
        "--name",
        "Ana P.",
        "--role",
        "student",
        "--password-stdin",
    ];

    fn school() -> SchoolSettings {
        SchoolSettings {
            name: "Hill".into(),
            language: "de".into(),
            time_zone: "Europe/Berlin".into(),
        }
    }

    #[test]
    fn what_is_not_said_is_the_schools() {
        let add = Line::try_parse_from(ANA).unwrap().add;
        let new = add.read(&school(), "quad-demo-1\n".as_bytes()).unwrap();
        assert_eq!((new.username.as_str(), new.role), ("ana", Role::Student));
        assert_eq!(
            (new.language.as_str(), new.time_zone.as_str()),
            ("de", "Europe/Berlin")
        );
        let said = ["--language", "ar", "--time-zone", "asia/amman"];
        let add = Line::try_parse_from(ANA.into_iter().chain(said))
            .unwrap()
            .add;
        let new = add.read(&school(), "quad-demo-1".as_bytes()).unwrap();
        assert_eq!(
            (new.language.as_str(), new.time_zone.as_str()),
            ("ar", "Asia/Amman")
        );
    }

    #[test]
    fn the_password_must_come_by_standard_input() {
        let error = Line::try_parse_from(&ANA[..7]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingRequiredArgument);
    }
}
