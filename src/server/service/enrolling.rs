//! Importing people from a file: all of them, or nobody.
//!
//! Everything is checked before anything is written. Then the accounts are written in portions, closed and unseen; one
//! row decides that they come; and they are opened in portions (`store::imports`). Should a name have been taken
//! meanwhile, or the process end before the decision, they are taken back; should it end after it, they are opened: by
//! the next start or the next import, once nobody has worked at it for a minute.

use std::collections::{BTreeMap, HashMap};

use super::{
    Services,
    fault::Stored,
    keeping::{FreshLink, Keeper, permitted},
    roster::{self, RosterRow},
};
use crate::{
    model::{
        CourseCard, CourseRole, Role, UserId, WireError, account,
        limits::IMPORT_BYTES,
        roster::{Fault, Mistake},
    },
    server::store::{
        accounts, courses, imports,
        password_links::NewLink,
        users::NewUser,
        writer::{CourseChange, ImportStep, Outcome, Write},
    },
};

/// Accounts in one transaction: bulk work may hold the writer for 20 ms at most.
const PORTION: usize = 32;
/// An import at which nobody has worked for so long was left, in milliseconds.
const LEFT_MS: i64 = 60 * 1000;

/// Why nobody was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotImported {
    /// What is wrong with the file.
    Mistakes(Vec<Mistake>),
    /// Anything else.
    Error(WireError),
}

impl From<WireError> for NotImported {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

/// Somebody who was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The account.
    pub user_id: UserId,
    /// Its role.
    pub role: Role,
    /// The sign-in name.
    pub username: String,
    /// The address where they choose a password, once; none for those who brought one.
    pub path: Option<String>,
    /// The codes of their courses.
    pub courses: Vec<String>,
}

/// Somebody on the way in.
struct Entrant {
    row: RosterRow,
    link: Option<FreshLink>,
}

impl Services {
    /// Imports the people of a file that a page has sent, all or nobody.
    ///
    /// Errors: `forbidden` before anything is read, `too_large`, the mistakes.
    pub async fn import_file(
        &self,
        keeper: Keeper<'_>,
        file: &str,
    ) -> Result<Vec<Imported>, NotImported> {
        permitted(keeper)?;
        if file.len() > IMPORT_BYTES {
            return Err(WireError::TooLarge.into());
        }
        let rows = roster::read(file.as_bytes()).map_err(NotImported::Mistakes)?;
        self.import_people(keeper, rows).await
    }

    /// Imports the people of a file, all or nobody. Errors: the mistakes, also names that somebody has; `forbidden`.
    pub async fn import_people(
        &self,
        keeper: Keeper<'_>,
        rows: Vec<RosterRow>,
    ) -> Result<Vec<Imported>, NotImported> {
        self.finish_imports().await?;
        self.check_names(&rows).await?;
        self.check_courses(&rows).await?;
        let entrants = rows.into_iter().map(|row| self.entrant(row)).collect();
        let by = keeper.map(|viewer| viewer.user_id);
        let id = match self.import_step(by, ImportStep::Begin).await? {
            Outcome::ImportBegun(id) => id,
            _ => return Err(WireError::Internal.into()),
        };
        let staged = self.stage(by, id, entrants).await;
        let imported = match staged {
            Ok(imported) => imported,
            Err(why) => {
                self.go_on(id).await?;
                return Err(why);
            }
        };
        self.import_step(by, ImportStep::Decide(id)).await?;
        // From here on they are there: whatever goes wrong, their links are told.
        if let Err(error) = self.go_on(id).await {
            tracing::error!(%error, "an import is finished by the next one, or at the next start");
        } else if let Err(error) = self.enrol(&imported).await {
            tracing::error!(%error, "imported people are not in their courses");
        }
        Ok(imported)
    }

    fn entrant(&self, row: RosterRow) -> Entrant {
        let link = row.password_hash.is_none().then(|| self.fresh_link());
        Entrant { row, link }
    }

    async fn check_names(&self, rows: &[RosterRow]) -> Result<(), NotImported> {
        let names = rows.iter().map(|row| account::folded(&row.draft.username));
        let lines: HashMap<String, u64> = names.zip(rows.iter().map(|row| row.line)).collect();
        let names: Vec<String> = lines.keys().cloned().collect();
        let mut reader = self.store.read().await.stored()?;
        let taken = accounts::taken(&mut reader.conn(), &names).await.stored()?;
        let mut taken: Vec<u64> = taken
            .iter()
            .filter_map(|name| lines.get(name))
            .copied()
            .collect();
        taken.sort_unstable();
        if taken.is_empty() {
            Ok(())
        } else {
            Err(NotImported::Mistakes(
                taken.into_iter().map(is_taken).collect(),
            ))
        }
    }

    /// Every course must be there. Errors: each line that names another one.
    async fn check_courses(&self, rows: &[RosterRow]) -> Result<(), NotImported> {
        let mut reader = self.store.read().await.stored()?;
        let (mut known, mut mistakes) = (HashMap::new(), Vec::new());
        for row in rows {
            for code in &row.courses {
                if !known.contains_key(code) {
                    let course = courses::by_code(&mut reader.conn(), code).await.stored()?;
                    known.insert(code, course.is_some());
                }
                if known.get(code) != Some(&true) {
                    let code = code.clone();
                    mistakes.push(Mistake::new(row.line, Fault::NoCourse { code }));
                }
            }
        }
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(NotImported::Mistakes(mistakes))
        }
    }

    /// Writes all of them, closed. Errors: names that were taken meanwhile.
    async fn stage(
        &self,
        by: Option<UserId>,
        id: i64,
        entrants: Vec<Entrant>,
    ) -> Result<Vec<Imported>, NotImported> {
        let mut imported = Vec::with_capacity(entrants.len());
        let mut entrants = entrants.into_iter().peekable();
        while entrants.peek().is_some() {
            let portion: Vec<Entrant> = entrants.by_ref().take(PORTION).collect();
            let rows = portion.iter().map(|entrant| self.staged(entrant)).collect();
            let step = ImportStep::Stage(id, rows);
            let Outcome::ImportStaged(ids) = self.import_step(by, step).await? else {
                return Err(WireError::Internal.into());
            };
            for (Entrant { row, link }, user_id) in portion.into_iter().zip(ids) {
                let Some(user_id) = user_id else {
                    return Err(NotImported::Mistakes(vec![is_taken(row.line)]));
                };
                imported.push(Imported {
                    user_id,
                    role: row.draft.role,
                    username: row.draft.username,
                    path: link.map(|link| link.path),
                    courses: row.courses,
                });
            }
        }
        Ok(imported)
    }

    fn staged(&self, entrant: &Entrant) -> (NewUser, Option<NewLink>) {
        let Entrant { row, link } = entrant;
        let user = NewUser {
            password_hash: row.password_hash.clone().unwrap_or_default(),
            ..self.row_of(&row.draft)
        };
        (user, link.as_ref().map(|link| link.stored.clone()))
    }

    /// Takes those who were imported into their courses: students learn there, others teach. Should the process end
    /// before that, they are there without: `quad course import` brings them in.
    async fn enrol(&self, people: &[Imported]) -> Result<(), WireError> {
        let mut of_courses: BTreeMap<&str, Vec<(UserId, CourseRole)>> = BTreeMap::new();
        for person in people {
            let role = match person.role {
                Role::Student => CourseRole::Student,
                _ => CourseRole::Teacher,
            };
            for code in &person.courses {
                let course = of_courses.entry(code).or_default();
                course.push((person.user_id, role));
            }
        }
        for (code, enrolled) in of_courses {
            let mut reader = self.store.read().await.stored()?;
            let course = courses::by_code(&mut reader.conn(), code).await.stored()?;
            drop(reader);
            let Some(CourseCard { code, title, .. }) = course else {
                continue;
            };
            let change = CourseChange {
                code,
                title,
                enrolled,
                gone: Vec::new(),
            };
            self.change_course(change).await?;
        }
        Ok(())
    }

    /// Opens the accounts of an import, or takes them back, as it was decided.
    async fn go_on(&self, id: i64) -> Result<(), WireError> {
        loop {
            match self.import_step(None, ImportStep::GoOn(id)).await? {
                Outcome::ImportMoved { is_done: false } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Brings imports to their end that were left half way.
    pub async fn finish_imports(&self) -> Result<(), WireError> {
        let then = self.clock.now().plus_ms(-LEFT_MS);
        let mut reader = self.store.read().await.stored()?;
        let left = imports::left_since(&mut reader.conn(), then)
            .await
            .stored()?;
        drop(reader);
        for import in left {
            tracing::warn!(
                import = import.id,
                is_decided = import.decided_at.is_some(),
                "an import was left half way"
            );
            self.go_on(import.id).await?;
        }
        Ok(())
    }

    async fn import_step(
        &self,
        by: Option<UserId>,
        step: ImportStep,
    ) -> Result<Outcome, WireError> {
        self.writer.write(Write::Import { by, step }).await
    }
}

fn is_taken(line: u64) -> Mistake {
    Mistake::new(line, Fault::Taken)
}
