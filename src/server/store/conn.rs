//! One database of two makes, and its connections.

use std::cell::Cell;

use sqlx::{
    PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
};

use super::Result;

/// The database.
#[derive(Clone, Debug)]
pub enum Store {
    /// Embedded: several readers, one writer connection.
    Sqlite {
        /// Readers see a committed state; WAL lets them go on while the writer writes.
        read: SqlitePool,
        /// Exactly one connection: SQLite has one writer at a time.
        write: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// A connection to read by.
pub enum Reader {
    /// Of the embedded database.
    Sqlite(PoolConnection<Sqlite>),
    /// Of the server.
    Postgres(PoolConnection<Postgres>),
}

/// A transaction: a writing one, or one read snapshot.
pub enum Tx {
    /// Of the embedded database.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of the server.
    Postgres(Transaction<'static, Postgres>),
}

/// A borrowed connection: what every query takes.
pub enum Conn<'c> {
    /// Of the embedded database.
    Sqlite(&'c mut SqliteConnection),
    /// Of the server.
    Postgres(&'c mut PgConnection),
}

tokio::task_local! {
    static ASKED: Cell<u64>;
}

/// How many queries that takes, and its answer: for tests that hold a page to a number of them.
pub async fn counted<T>(asking: impl Future<Output = T>) -> (u64, T) {
    let counting = async {
        let answer = asking.await;
        (ASKED.with(Cell::get), answer)
    };
    ASKED.scope(Cell::new(0), counting).await
}

/// One more, where somebody counts.
pub(super) fn count() {
    // Elsewhere there is no counter, and that is as it should be.
    let _ = ASKED.try_with(|asked| asked.set(asked.get().saturating_add(1)));
}

/// Expands `$body` once for each make of database, with `$c` as the connection.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {{
        $crate::server::store::conn::count();
        match $conn {
            $crate::server::store::Conn::Sqlite(connection) => {
                let $c = &mut **connection;
                $body
            }
            $crate::server::store::Conn::Postgres(connection) => {
                let $c = &mut **connection;
                $body
            }
        }
    }};
}

pub(super) use on;

impl Store {
    /// A connection for single reads.
    pub async fn read(&self) -> Result<Reader> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// One read snapshot: everything read in it is of the same moment.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// A writing transaction. For the writer alone.
    pub(super) async fn write(&self) -> Result<Tx> {
        Ok(match self {
            // IMMEDIATE: the lock is had at once or not at all, never upgraded half way.
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Closes every connection, after what runs on it has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Reader {
    /// The connection.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Tx {
    /// The connection.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(transaction),
            Self::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }

    /// Undoes it.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction) => transaction.rollback().await,
        }
    }
}

impl Conn<'_> {
    /// What a `SELECT` ends with whose rows must not change until the transaction ends: a row lock where the database
    /// has them (SQLite's writer is alone anyway).
    pub(super) fn for_share(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR SHARE",
        }
    }
}
