//! Opening the database: where it is, how it is set, and bringing its schema up to date.

use std::{
    path::Path,
    str::FromStr,
    time::{Duration, Instant},
};

use sqlx::{
    Connection, PgPool, SqlitePool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Store, cause::is_busy};

/// SQLite readers. Reads are short; more would only wait for the two cores that such a machine has.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 12;
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
/// Between two tries at a file that somebody else holds.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database that Quad knows.
    #[error("the database URL must start with sqlite:// or postgres://")]
    UnknownScheme,
    /// The folder of the SQLite file cannot be made.
    #[error("the database's folder cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// It cannot be connected to.
    #[error("the database cannot be opened: {0}")]
    Connect(#[from] sqlx::Error),
    /// Its schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Migrate(#[from] MigrateError),
}

impl Store {
    /// Opens the database at `url` and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await
        } else {
            Err(OpenError::UnknownScheme)
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Store, OpenError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Acknowledged is durable: every commit is synced.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(256);
    if let Some(folder) = options
        .get_filename()
        .parent()
        .filter(|folder| *folder != Path::new(""))
    {
        std::fs::create_dir_all(folder)?;
    }
    let write = open_writer(&options).await?;
    migrate_sqlite(&write).await?;
    let read: SqlitePool = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.read_only(true))
        .await?;
    Ok(Store::Sqlite { read, write })
}

/// The one connection that writes; one that broke is replaced. Where several processes find a new file, the change to a write-ahead log can meet
/// another's; SQLite answers that at once, without its own waiting.
async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    let began = Instant::now();
    loop {
        let opened = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // After a full disk or a failed write SQLite may have ended a transaction that sqlx still counts: its
            // connection would refuse every further one.
            .before_acquire(|connection, _| {
                let is_sound = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_sound) })
            })
            .connect_with(options.clone())
            .await;
        match opened {
            Err(error) if is_busy(&error) && began.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            opened => return Ok(opened?),
        }
    }
}

/// Alone in the file: sqlx's own lock around migrations does nothing on SQLite, and two processes that both find a new
/// file (the server and `quad user add`) would both make its tables.
async fn migrate_sqlite(write: &SqlitePool) -> Result<(), OpenError> {
    let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
    SQLITE_MIGRATIONS.run(&mut *tx).await?;
    Ok(tx.commit().await?)
}

async fn open_postgres(url: &str) -> Result<Store, OpenError> {
    let options = PgConnectOptions::from_str(url)?
        .options([("synchronous_commit", "on")])
        .application_name("quad");
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    POSTGRES_MIGRATIONS.run(&pool).await?;
    Ok(Store::Postgres(pool))
}
