//! Conformance: every query of the store does the same on both databases.
//!
//! One binary, one file a subject. A test is an `async fn(TestStore)`, listed in its file's `on_both_databases!`; it asks
//! the store's public functions and nothing above them. To add a query: a function here that would fail without it.
//!
//! What no function of the store does yet (closing accounts, archiving, editing) tests do by SQL of their own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod batches;
mod choices;
mod commits;
mod counters;
mod courses;
mod delivering;
mod devices;
mod durable;
mod faults;
mod finding;
mod history;
mod keeping;
mod keys;
mod lists;
mod marks;
mod nodes;
mod notes;
mod opening;
mod parts;
mod people;
mod posting;
mod presence;
mod queue;
mod resuming;
mod rights;
mod rooms;
mod schema;
mod school;
mod search;
mod sessions;
mod store;
mod users;

/// Makes of each function one test on SQLite and one on PostgreSQL.
///
/// `in one thread:` for tests that say what the writer finds in its queue: it gets its turn when the test waits.
#[macro_export]
macro_rules! on_both_databases {
    (in one thread: $($test:ident),+ $(,)?) => {
        $crate::on_both_databases!(@flavor "current_thread": $($test),+);
    };
    (@flavor $flavor:tt: $($test:ident),+) => {
        mod sqlite {
            $(#[tokio::test(flavor = $flavor)]
            async fn $test() {
                $crate::store::in_time(async {
                    super::$test($crate::store::TestStore::on_sqlite().await).await;
                })
                .await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = $flavor)]
            async fn $test() {
                $crate::store::in_time(async {
                    if let Some(db) = $crate::store::TestStore::on_postgres().await {
                        super::$test(db).await;
                    }
                })
                .await;
            })+
        }
    };
    ($($test:ident),+ $(,)?) => {
        $crate::on_both_databases!(@flavor "multi_thread": $($test),+);
    };
}
