//! `quad load`: how much a server carries, measured from outside as its clients feel it.
//!
//! A server of its own is started as a child process on an empty database; people and their sessions are made before
//! that, by the use cases (`school`); then a crowd of light clients (`crowd`, `client`) connects by real sockets
//! and does what the scenario says (`scenario`). The result is a table for people and JSON for programs (`report`).
//!
//! The loop is open: a message is due at a fixed time, whatever became of those before it, and every latency counts
//! from that time, so that a server that stalls cannot hide it by making its clients wait ("coordinated omission").
//! The exception is `closed-loop`, whose one sender waits for each acknowledgement.
//!
//! Nothing is believed: each reader checks that every room's `seq` comes densely and once, also over a reconnect, and
//! one of them (the auditor) compares the keys of what it saw with the keys of what was acknowledged.
//!
//! A big room is one student's support room, which every agent reads.
//!
//! Must not know: SQL, the hub, the command line.

mod audit;
mod calibrate;
mod client;
mod crowd;
mod key;
mod known;
mod limits;
mod outbox;
mod process;
mod reading;
mod report;
mod restart;
mod scenario;
mod school;
mod steps;
mod table;
mod tally;
mod wire;

use std::{io, path::PathBuf, time::Duration};

pub use self::{
    report::Report,
    scenario::{Scenario, Steps, run},
};
use super::StartError;
use crate::model::WireError;

/// What a run is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is done.
    pub scenario: Scenario,
    /// The program whose `serve` is measured: mostly this one.
    pub program: PathBuf,
    /// An empty database to use; none: SQLite in the temporary folder.
    pub database_url: Option<String>,
    /// Where the temporary folder is made; none: where the system has them.
    pub folder: Option<PathBuf>,
    /// Threads of the clients.
    pub threads: u32,
    /// Connections that are opened at the same time.
    pub connects_at_once: u32,
}

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The database cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It would be no fair test, and perhaps somebody's data.
    #[error("the database has accounts already; a load run needs an empty one")]
    NotEmpty,
    /// People cannot be made.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// A file, a process or a thread cannot be had.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The settings of the child are not valid.
    #[error(transparent)]
    Settings(#[from] super::settings::Mistakes),
    /// The child did not come up.
    #[error("the server did not start; its log ends with:\n{0}")]
    Server(String),
    /// Too few file descriptors.
    #[error(
        "{needed} open files are needed and {allowed} are allowed; raise the limit (ulimit -n {needed}) or take fewer \
         clients"
    )]
    Files {
        /// What each process needs.
        needed: u64,
        /// What the system gives.
        allowed: u64,
    },
    /// The clients did not get in.
    #[error("only {connected} of {wanted} clients were connected after {}; {failures} tries had failed", in_seconds(*.waited))]
    Connect {
        /// How many were.
        connected: u64,
        /// How many there are.
        wanted: u64,
        /// Tries that failed.
        failures: u64,
        /// How long that took.
        waited: Duration,
    },
}

fn in_seconds(duration: Duration) -> String {
    format!("{:.0} s", duration.as_secs_f64())
}

/// A count as a number to calculate with.
fn float(count: u64) -> f64 {
    // Nothing that is counted here comes near four thousand million.
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
