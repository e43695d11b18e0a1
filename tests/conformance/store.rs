//! The store under test: a database of its own, its writer, and how tests look into them.

use std::{sync::Arc, time::Duration};

use quad::{
    model::{ClientId, Timestamp, UserId, UserRev},
    server::{
        clock::Clock,
        store::{
            Conn, Result, Store, Tx, users,
            writer::{Done, Writer},
        },
    },
};
use sqlx::{AssertSqlSafe, Connection, Executor, FromRow, postgres::PgRow, sqlite::SqliteRow};
use tokio::sync::mpsc;

/// No test takes as long; one that hangs is to be told by its name.
const PATIENCE: Duration = Duration::from_secs(120);

/// When the clock of every test stands.
pub const NOW: Timestamp = Timestamp(1_770_000_000_000);

/// Runs a test, which fails when it does not end.
pub async fn in_time(test: impl Future<Output = ()>) {
    tokio::time::timeout(PATIENCE, test)
        .await
        .expect("the test ends");
}

/// A node: the database and the one writer that this node has.
pub struct TestStore {
    pub store: Store,
    pub writer: Writer,
    pub clock: Clock,
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/quad.db", folder.path().display());
        Self::at(url, Some(folder)).await
    }

    /// None where there is no PostgreSQL: `scripts/test.sh` says so and fails under CI.
    pub async fn on_postgres() -> Option<Self> {
        let server = std::env::var("QUAD_TEST_POSTGRES_URL").ok()?;
        Some(Self::at(fresh_database(&server).await, None).await)
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let store = Store::open(&url).await.unwrap();
        let clock = Clock::manual(NOW);
        let (done, mut outcomes) = mpsc::channel(1024);
        let (writer, _) = Writer::start(store.clone(), Arc::default(), clock.clone(), done);
        tokio::spawn(async move {
            while let Some(Done { result, reply }) = outcomes.recv().await {
                drop(reply.send(result));
            }
        });
        Self {
            store,
            writer,
            clock,
            url,
            _folder: folder,
        }
    }

    /// The address of another database of the same make, with nothing in it yet.
    pub async fn another_database(&self) -> String {
        match &self.store {
            Store::Sqlite { .. } => self.url.replace("quad.db", "another.db"),
            Store::Postgres(_) => fresh_database(&self.url).await,
        }
    }

    /// A second node on the same database.
    pub async fn another_node(&self) -> Self {
        Self::at(self.url.clone(), None).await
    }

    /// What a query answers outside any transaction.
    pub async fn reads<T>(&self, query: impl AsyncFnOnce(&mut Conn<'_>) -> Result<T>) -> T {
        let mut reader = self.store.read().await.unwrap();
        query(&mut reader.conn()).await.unwrap()
    }

    /// What a changing query answers, in a transaction such as the writer's, which is kept if the query succeeds.
    pub async fn tries<T>(&self, query: impl AsyncFnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let mut tx = match &self.store {
            Store::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Store::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        };
        let answer = query(&mut tx.conn()).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Runs a statement of the test's own.
    pub async fn runs(&self, sql: &str) {
        self.tries_sql(sql).await.unwrap();
    }

    pub async fn tries_sql(&self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.store {
            Store::Sqlite { write, .. } => write.execute(sql).await.map(drop),
            Store::Postgres(pool) => pool.execute(sql).await.map(drop),
        }
    }

    /// The rows of a query of the test's own.
    pub async fn finds<R>(&self, sql: &str) -> Vec<R>
    where
        R: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.store {
            Store::Sqlite { read, .. } => sqlx::query_as(sql).fetch_all(read).await.unwrap(),
            Store::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// The counter of a person's list.
    pub async fn rev_of(&self, user: UserId) -> UserRev {
        self.reads(async |conn| users::rev(conn, user).await).await
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.finds::<(i64,)>(&format!("SELECT count(*) FROM {table}"))
            .await[0]
            .0
    }
}

async fn fresh_database(server: &str) -> String {
    let name = format!("quad_{}", ClientId::random().0.simple());
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    connection
        .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await
        .unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.to_string()
}
