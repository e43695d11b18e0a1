//! Stories: people act against a real server, on both databases.
//!
//! One binary, one file a story's subject. A story is an `async fn(TestApp)`, listed in its file's `on_both_databases!`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story fails by panicking"
)]

mod alerting;
#[path = "../support/app.rs"]
mod app;
mod appearing;
mod arriving;
mod attacks;
mod authenticating;
mod backing_up;
mod backup_files;
mod blocking;
mod budgets;
mod canned;
mod choosing;
mod choosing_passwords;
mod content;
mod contract;
mod converging;
mod converging_rooms;
mod counting;
mod courses;
mod crowding;
mod deciding;
mod deleting;
mod delivering;
mod demonstrating;
mod desks;
mod directory;
mod enrolling;
mod faults;
mod guessing;
mod guests;
mod importing;
mod importing_people;
mod joining;
mod keeping;
mod layers;
mod letting_in;
mod logging;
mod looking;
mod measuring;
mod nodes;
mod nonsense;
mod notes;
mod ordering;
mod permalinks;
mod presence;
#[path = "../support/process.rs"]
mod process;
mod questions;
#[path = "../support/raw.rs"]
mod raw;
mod registering;
mod rest;
mod resuming;
mod rights;
#[path = "../support/rough.rs"]
mod rough;
mod search_pages;
mod searching;
mod sending;
mod sessions;
mod silence;
mod stopping;
#[path = "../support/tab.rs"]
mod tab;
mod tokens;
mod triaging;
mod upgrading;
mod waiting;

/// Makes of each story one test on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                $crate::app::in_time(super::$story($crate::app::TestApp::on_sqlite().await)).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(app) = $crate::app::TestApp::on_postgres().await {
                    $crate::app::in_time(super::$story(app)).await;
                }
            })+
        }
    };
}
