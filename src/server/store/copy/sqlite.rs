//! Copies of an SQLite database.
//!
//! A copy is made by `VACUUM INTO`: one read snapshot, written out as a plain file in rollback mode, while others go on
//! writing to the WAL. It is judged on its own file, before anything else is touched.
//!
//! Taking the place of a database needs that nobody has it open. In WAL mode every open connection holds a shared lock
//! on the file for its whole life, so leaving WAL mode fails as long as there is another one; after that [`Held`] keeps
//! an exclusive lock, and nothing of the database is left beside its one file. A server that starts at that very moment
//! waits for the lock, finds that its file was replaced, and refuses to start (SQLite's `READONLY_DBMOVED`).

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection, SqliteConnection, query, query_as, query_scalar,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{CopyError, Versions, check_sqlite};
use crate::{
    model::Epoch,
    server::store::{Conn, Result, cause::is_busy, meta},
};

/// Another command may be about to end; a server is not.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a database holds, in words for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// How many accounts.
    pub accounts: i64,
    /// How many messages.
    pub messages: i64,
}

/// The file of the database at `url`.
pub fn file(url: &str) -> Result<std::path::PathBuf> {
    Ok(SqliteConnectOptions::from_str(url)?
        .get_filename()
        .to_owned())
}

/// Writes a copy of the database at `url` into the file `to`, which is empty. It is not synced.
pub async fn copy_into(url: &str, to: &Path) -> Result<()> {
    let options = SqliteConnectOptions::from_str(url)?
        .read_only(true)
        .busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let to = to.to_string_lossy().into_owned();
    query("VACUUM INTO $1")
        .bind(to)
        .execute(&mut connection)
        .await?;
    connection.close().await
}

/// Judges the copy in `file`: every page, every reference, and that this program knows its schema.
///
/// Errors: [`CopyError::Damaged`], [`CopyError::NotQuads`], [`CopyError::OtherVersion`].
pub async fn judge(file: &Path) -> std::result::Result<Contents, CopyError> {
    let mut connection = open(file).await.map_err(damaged)?;
    let judged = judge_open(&mut connection).await;
    connection.close().await.map_err(damaged)?;
    judged
}

async fn judge_open(c: &mut SqliteConnection) -> std::result::Result<Contents, CopyError> {
    // It stops at three problems.
    let problems: Vec<String> = query_scalar("PRAGMA integrity_check(3)")
        .fetch_all(&mut *c)
        .await
        .map_err(damaged)?;
    if problems != ["ok"] {
        return Err(CopyError::Damaged(problems.join("; ")));
    }
    let tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('_sqlx_migrations', 'meta', 'users', 'messages')";
    let tables: i64 = query_scalar(tables)
        .fetch_one(&mut *c)
        .await
        .map_err(damaged)?;
    if tables != 4 {
        return Err(CopyError::NotQuads);
    }
    let versions: Vec<(i64, Vec<u8>)> =
        query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *c)
            .await
            .map_err(damaged)?;
    check_sqlite(&Versions::from_iter(versions))?;
    let strays: i64 = query_scalar("SELECT count(*) FROM pragma_foreign_key_check")
        .fetch_one(&mut *c)
        .await
        .map_err(damaged)?;
    if strays > 0 {
        let problem = format!("{strays} rows belong to nothing");
        return Err(CopyError::Damaged(problem));
    }
    let (accounts, messages) =
        query_as("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM messages)")
            .fetch_one(c)
            .await
            .map_err(damaged)?;
    Ok(Contents { accounts, messages })
}

/// Gives the copy in `file` another epoch, so that no client believes that it knows it.
pub async fn renew_epoch(file: &Path, epoch: &Epoch) -> Result<()> {
    let mut connection = open(file).await?;
    meta::renew_epoch(&mut Conn::Sqlite(&mut connection), epoch).await?;
    connection.close().await
}

/// A database that nobody else has open, and nobody can while this is there.
pub struct Held(SqliteConnection);

/// Takes hold of the database in `file`.
///
/// Errors: [`CopyError::InUse`]; [`CopyError::Damaged`] where it cannot be read.
pub async fn hold(file: &Path) -> std::result::Result<Held, CopyError> {
    let mut connection = open(file).await.map_err(in_use_or_damaged)?;
    query("BEGIN EXCLUSIVE")
        .execute(&mut connection)
        .await
        .map_err(in_use_or_damaged)?;
    Ok(Held(connection))
}

impl Held {
    /// Whether nothing of anybody's is in it: no tables, or Quad's without an account.
    pub async fn is_empty(&mut self) -> Result<bool> {
        let c = &mut self.0;
        let (tables, ours): (i64, i64) = query_as(
            "SELECT count(*), COALESCE(SUM(name IN ('users', '_sqlx_migrations')), 0)
             FROM sqlite_master WHERE type = 'table'",
        )
        .fetch_one(&mut *c)
        .await?;
        if tables == 0 || ours != 2 {
            return Ok(tables == 0);
        }
        let accounts: i64 = query_scalar("SELECT count(*) FROM users")
            .fetch_one(c)
            .await?;
        Ok(accounts == 0)
    }

    /// Lets it go.
    pub async fn close(self) -> Result<()> {
        self.0.close().await
    }
}

/// Alone and in rollback mode: one file, and nothing beside it once it is closed.
async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(PATIENCE)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Full);
    SqliteConnection::connect_with(&options).await
}

fn damaged(error: sqlx::Error) -> CopyError {
    CopyError::Damaged(error.to_string())
}

fn in_use_or_damaged(error: sqlx::Error) -> CopyError {
    if is_busy(&error) {
        CopyError::InUse
    } else {
        damaged(error)
    }
}
