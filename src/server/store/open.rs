//! Opening the database: where it is, how it is set, and bringing its schema up to date.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::Store;

/// SQLite readers. Reads are short; more would only wait for the two cores that such a machine has.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 12;
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

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
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.clone())
        .await?;
    sqlx::migrate!("migrations/sqlite").run(&write).await?;
    let read: SqlitePool = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.read_only(true))
        .await?;
    Ok(Store::Sqlite { read, write })
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
    sqlx::migrate!("migrations/postgres").run(&pool).await?;
    Ok(Store::Postgres(pool))
}
