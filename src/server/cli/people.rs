//! `quad user list`, `role`, `reset`, `close`, `reopen`, `end-sessions` and `import`: keeping accounts from where the
//! server stands. The server may be running meanwhile; it hears of it within half a second.

use std::{fmt::Write, path::PathBuf};

use clap::{Args, Subcommand};

use super::{Failure, help};
use crate::{
    model::{
        Role, WireError,
        keeping::{Account, AccountQuery, AccountState, PasswordLink},
        roster::Mistake,
    },
    server::{
        service::{Imported, NotImported, Services, roster},
        settings::Settings,
    },
};

/// Largest file that is imported, in bytes.
const FILE_BYTES: u64 = 16 * 1024 * 1024;
/// Mistakes of a file that are told at most.
const MISTAKES: usize = 100;

/// What is done with accounts that are there, or come by a file.
#[derive(Debug, Subcommand)]
pub(super) enum Keep {
    /// List accounts by name
    List(List),
    /// Give an account another role, at once
    Role(SetRole),
    /// Make a link by which somebody chooses another password
    #[command(long_about = help::USER_RESET)]
    Reset(Named),
    /// Close an account: its sessions end, and nobody signs in by it
    Close(Named),
    /// Open a closed account again
    Reopen(Named),
    /// Sign somebody out on all devices
    EndSessions(Named),
    /// Add the people of a CSV file: all of them, or nobody
    #[command(long_about = help::USER_IMPORT)]
    Import(Import),
}

/// Which accounts are listed.
#[derive(Debug, Args)]
pub(super) struct List {
    /// A part of the name, sign-in name or e-mail address
    #[arg(long, default_value = "")]
    search: String,
    /// Of that role alone
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// Closed accounts alone
    #[arg(long)]
    closed: bool,
    /// Open accounts alone
    #[arg(long, conflicts_with = "closed")]
    open: bool,
}

/// Whose role, and which.
#[derive(Debug, Args)]
pub(super) struct SetRole {
    /// The sign-in name
    username: String,
    /// What the account may do from now on
    #[arg(value_enum)]
    role: Role,
}

/// Whose account.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// The sign-in name
    username: String,
}

/// Which file.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file: UTF-8, with the columns' names in its first line
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

impl Keep {
    /// Does it, and says what came of it.
    pub(super) async fn run(self, services: &Services) -> Result<String, Failure> {
        match self {
            Self::List(list) => list.run(services).await,
            Self::Role(SetRole { username, role }) => {
                let account = named(services, &username).await?;
                services.set_role(None, account.id, role).await?;
                Ok(format!("{} is {} now.\n", account.username, role.as_str()))
            }
            Self::Reset(Named { username }) => {
                let account = named(services, &username).await?;
                if account.closed_at.is_some() {
                    let problem = format!("the account {} is closed", account.username);
                    return Err(Failure::Said(problem));
                }
                let link = services.make_password_link(None, account.id).await?;
                Ok(link_text(&services.settings, &account, &link))
            }
            Self::Close(Named { username }) => {
                let account = named(services, &username).await?;
                services.close_account(None, account.id).await?;
                Ok(format!("The account {} is closed.\n", account.username))
            }
            Self::Reopen(Named { username }) => {
                let account = named(services, &username).await?;
                services.reopen_account(None, account.id).await?;
                Ok(format!("The account {} is open.\n", account.username))
            }
            Self::EndSessions(Named { username }) => {
                let account = named(services, &username).await?;
                services.end_sessions_of(None, account.id).await?;
                Ok(format!("{} is signed out everywhere.\n", account.username))
            }
            Self::Import(import) => import.run(services).await,
        }
    }
}

async fn named(services: &Services, username: &str) -> Result<Account, Failure> {
    match services.account_named(username).await {
        Err(WireError::NotFound) => {
            let problem = format!("there is no account with the sign-in name {username}");
            Err(Failure::Said(problem))
        }
        found => Ok(found?),
    }
}

impl List {
    async fn run(self, services: &Services) -> Result<String, Failure> {
        let state = match (self.open, self.closed) {
            (true, _) => Some(AccountState::Open),
            (_, true) => Some(AccountState::Closed),
            _ => None,
        };
        let mut asked = AccountQuery {
            search: self.search,
            role: self.role,
            state,
            after: None,
        };
        let mut text = String::new();
        loop {
            let page = services.accounts(None, &asked).await?;
            for account in &page.people {
                text.push_str(&line(account));
            }
            if page.next.is_none() {
                return Ok(text);
            }
            asked.after = page.next;
        }
    }
}

/// An account as a line: sign-in name, role, state, name, e-mail address, with tabs between.
fn line(account: &Account) -> String {
    let state = match (account.closed_at, account.has_password) {
        (Some(_), _) => "closed",
        (None, true) => "open",
        (None, false) => "no password yet",
    };
    let email = account.email.as_deref().unwrap_or_default();
    let role = account.role.as_str();
    let (username, name) = (&account.username, &account.name);
    format!("{username}\t{role}\t{state}\t{name}\t{email}\n")
}

fn link_text(settings: &Settings, account: &Account, link: &PasswordLink) -> String {
    format!(
        "{} chooses a password here, once, within 72 hours:\n{}\n",
        account.username,
        address(settings, &link.path)
    )
}

/// The whole address of a page. Where nobody has said what browsers see, it is that of this machine.
fn address(settings: &Settings, path: &str) -> String {
    match &settings.public_url {
        Some(url) => format!("{}{path}", url.origin),
        None => format!("http://{}{path}", settings.addr),
    }
}

impl Import {
    async fn run(self, services: &Services) -> Result<String, Failure> {
        let size = std::fs::metadata(&self.file)?.len();
        if size > FILE_BYTES {
            return Err(Failure::Said("the file is larger than 16 MiB".to_owned()));
        }
        let rows = roster::read(&std::fs::read(&self.file)?).map_err(|found| mistaken(&found))?;
        match services.import_people(None, rows).await {
            Ok(imported) => Ok(imported_text(&services.settings, &imported)),
            Err(NotImported::Mistakes(mistakes)) => Err(mistaken(&mistakes)),
            Err(NotImported::Error(error)) => Err(error.into()),
        }
    }
}

fn mistaken(mistakes: &[Mistake]) -> Failure {
    let mut text = "nobody was imported; the file has to be corrected first".to_owned();
    for mistake in mistakes.iter().take(MISTAKES) {
        let _ = write!(text, "\n  - {mistake}");
    }
    if let Some(more) = mistakes
        .len()
        .checked_sub(MISTAKES)
        .filter(|more| *more > 0)
    {
        let _ = write!(text, "\n  and {more} more");
    }
    Failure::Said(text)
}

fn imported_text(settings: &Settings, imported: &[Imported]) -> String {
    let mut text = format!("Imported: {}.\n", imported.len());
    let links: Vec<_> = imported
        .iter()
        .filter_map(|person| Some((&person.username, person.path.as_ref()?)))
        .collect();
    if !links.is_empty() {
        text.push_str("Each chooses a password at their own link, once, within 72 hours:\n");
    }
    for (username, path) in links {
        let _ = writeln!(text, "{username}\t{}", address(settings, path));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::roster::Fault;

    #[test]
    fn of_many_mistakes_the_first_are_told_and_the_others_counted() {
        let mistake = |line| Mistake::new(line, Fault::NotUtf8);
        let told = |count| mistaken(&(1..=count).map(mistake).collect::<Vec<_>>()).to_string();
        let end = "\n  - line 1: This is not UTF-8 text.\n  - line 2: This is not UTF-8 text.";
        assert!(told(2).ends_with(end));
        assert_eq!(told(103).lines().count(), 102);
        assert!(told(103).ends_with("and 3 more"));
        assert!(!told(100).contains("more"));
    }
}
