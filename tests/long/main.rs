//! Long tests: real processes under load that are killed, again and again. `make test-all` runs them.
//!
//! Everything random is seeded, so that what is tried is the same in every run; when it happens is the machine's affair.
//!
//! - `killing`: senders, readers and kills. `reading`: a reader that records every frame. `nodes`: where servers run.
//! - `reconnecting`: sockets that come and go, and what is left of them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the stories use the rest of it")]
#[path = "../support/app.rs"]
mod app;
mod killing;
mod nodes;
#[expect(dead_code, reason = "the stories use the rest of it")]
#[path = "../support/process.rs"]
mod process;
mod reading;
#[cfg(target_os = "linux")]
mod reconnecting;
#[expect(dead_code, reason = "the stories use the rest of it")]
#[path = "../support/rough.rs"]
mod rough;

use std::time::Duration;

/// None takes as long, on whatever machine.
const LONGEST: Duration = Duration::from_secs(300);

/// Runs a test, which fails when it does not end.
pub async fn in_time(test: impl Future<Output = ()>) {
    tokio::time::timeout(LONGEST, test)
        .await
        .expect("the test ends");
}
