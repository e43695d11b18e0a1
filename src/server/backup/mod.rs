//! `quad backup` and `quad restore`: the whole database into one file, and back.
//!
//! - SQLite: the file is a database itself, made while others write ([`copy::sqlite`]).
//! - PostgreSQL: the file is `pg_dump`'s, in its custom format; its programs must be installed.
//!
//! A restore judges the file before it touches anything, refuses while a server is there, replaces all at once or not
//! at all, and renews the database's epoch, so that clients start afresh instead of resuming from what never was.
//!
//! The secrets in the data folder are not part of it: new ones are made at the next start, and programs sign in again.
//! Uploaded files will be, once there are any: the file is then an archive with the database in it.
//!
//! Owns: the order of the steps, files and programs (`place`, `programs`). Must not know: SQL, the command line.

mod place;
mod postgres;
mod programs;
mod sqlite;

use std::{
    io,
    path::{Path, PathBuf},
};

use super::store::copy::{self, CopyError};

/// Why a backup was not made, or not restored. Nothing has been changed then.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target exists.
    #[error("{} is there already; choose another name, or say --force to replace it", .0.display())]
    Exists(PathBuf),
    /// There is nothing to back up.
    #[error("there is no database at {} yet", .0.display())]
    NoDatabase(PathBuf),
    /// The file is not one to restore from.
    #[error("{} cannot be restored: {cause}; the database was not touched", file.display())]
    Unfit {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: CopyError,
    },
    /// The database holds somebody's data.
    #[error(
        "the database has accounts or tables already, and a restore replaces all of it; \
         make a backup of it, then say --force"
    )]
    NotEmpty,
    /// The database that is to be replaced cannot be, as it is.
    #[error("the database cannot be replaced: {0}")]
    Database(CopyError),
    /// The database that is to be replaced cannot even be read.
    #[error(
        "the present database cannot be read ({cause}); move {} and the files beside it that begin with its name \
         away, then restore again", file.display()
    )]
    Unreadable {
        /// The database's file.
        file: PathBuf,
        /// Why.
        cause: CopyError,
    },
    /// What SQLite keeps beside a database would be taken for the restored one's.
    #[error(
        "{} is left of another database and would be mixed into the restored one; move it away first", .0.display()
    )]
    Leftover(PathBuf),
    /// A program of PostgreSQL's is missing.
    #[error(
        "{0} is needed and was not found on PATH; install PostgreSQL's client programs, for example with: \
         sudo apt-get install postgresql-client"
    )]
    NoProgram(&'static str),
    /// A program of PostgreSQL's failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it said.
        said: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl BackupError {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io {
            path: path.clone(),
            cause,
        }
    }

    fn database(cause: impl Into<CopyError>) -> Self {
        Self::Database(cause.into())
    }
}

/// What was done, in words for a person.
pub type Done = Result<String, BackupError>;

/// Writes the database at `url` into `file`; over an existing one only by `force`.
///
/// Consistent while others write: what was acknowledged before this began is in it.
pub async fn backup(url: &str, file: &Path, force: bool) -> Done {
    // Said before the work; the last word has the moment when the file gets its name.
    if !force && file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    if is_sqlite(url) {
        sqlite::backup(url, file, force).await
    } else {
        postgres::backup(url, file, force).await
    }
}

/// Puts what `file` holds in the place of the database at `url`; where that holds something, only by `force`.
pub async fn restore(url: &str, file: &Path, force: bool) -> Done {
    if is_sqlite(url) {
        sqlite::restore(url, file, force).await
    } else {
        postgres::restore(url, file, force).await
    }
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// A size for a person.
fn size(bytes: u64) -> String {
    let kib = bytes.div_ceil(1024);
    if kib < 1024 {
        format!("{kib} KiB")
    } else {
        format!("{} MiB", kib.div_ceil(1024))
    }
}
