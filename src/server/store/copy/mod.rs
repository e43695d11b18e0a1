//! Copies of the whole database: making one, judging one, taking one into use. What `quad backup` and `quad restore`
//! ask of the database itself; files, programs and their order are the business of `server::backup`.
//!
//! - `sqlite`: one file, that is copied while others write, and replaced only while nobody else has it open.
//! - `postgres`: who is there, and the SQL that stands around a dump.

pub mod postgres;
pub mod sqlite;

use std::collections::BTreeMap;

use sqlx::migrate::Migrator;

use super::open::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};

/// Why a copy is not made, not taken, or not believed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is not whole.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It is whole and something else.
    #[error("it is not a database of Quad's")]
    NotQuads,
    /// It has a schema that this program does not know.
    #[error(
        "its schema is of another version of Quad (migration {0}); use the version that made it, or a newer one"
    )]
    OtherVersion(i64),
    /// Another program has the database open.
    #[error("another program has the database open; stop the server first")]
    InUse,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A schema's migrations: each version with its checksum.
pub type Versions = BTreeMap<i64, Vec<u8>>;

/// Whether this program can bring a SQLite database of these migrations up to date.
fn check_sqlite(found: &Versions) -> Result<(), CopyError> {
    check(found, &SQLITE_MIGRATIONS)
}

/// Whether this program can bring a PostgreSQL database of these migrations up to date.
///
/// Errors: [`CopyError::NotQuads`] where there are none, [`CopyError::OtherVersion`] for one it does not know.
pub fn check_postgres(found: &Versions) -> Result<(), CopyError> {
    check(found, &POSTGRES_MIGRATIONS)
}

fn check(found: &Versions, known: &Migrator) -> Result<(), CopyError> {
    if found.is_empty() {
        return Err(CopyError::NotQuads);
    }
    let stranger = found.iter().find(|(version, checksum)| {
        !known
            .iter()
            .any(|known| known.version == **version && *known.checksum == checksum[..])
    });
    match stranger {
        Some((version, _)) => Err(CopyError::OtherVersion(*version)),
        None => Ok(()),
    }
}
