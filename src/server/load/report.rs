//! What was measured: as JSON, and as a table for people (`table`).

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    Options, Scenario, audit::Audit, calibrate::Calibration, float, process::Usage,
    tally::Latencies,
};

/// What was measured in a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Quad's version.
    pub version: &'static str,
    /// What was done.
    pub scenario: Scenario,
    /// On which database: `sqlite` or `postgres`.
    pub database: &'static str,
    /// Threads of the clients.
    pub threads: u32,
    /// What the machine could do, before and after.
    pub calibration: Vec<Calibration>,
    /// Connecting, with authentication and `hello`.
    pub connects: Connects,
    /// The server's memory.
    pub memory: Memory,
    /// The steps, where messages were sent.
    pub steps: Vec<Step>,
    /// Doing nothing.
    pub idle: Option<Idle>,
    /// Stopping and starting.
    pub restart: Option<Restart>,
    /// What was lost or doubled, over all steps.
    pub audit: Audit,
}

impl Report {
    pub(super) fn new(options: &Options, connects: Connects, before: Calibration) -> Self {
        let is_postgres = options
            .database_url
            .as_ref()
            .is_some_and(|url| url.starts_with("postgres"));
        Self {
            version: env!("CARGO_PKG_VERSION"),
            scenario: options.scenario.clone(),
            database: if is_postgres { "postgres" } else { "sqlite" },
            threads: options.threads,
            calibration: vec![before],
            connects,
            memory: Memory::default(),
            steps: Vec::new(),
            idle: None,
            restart: None,
            audit: Audit::default(),
        }
    }
}

/// How often something happened and how long it took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Spread {
    /// How often.
    pub count: u64,
    /// The same a second.
    pub per_second: f64,
    /// Half took no longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// All but one of a hundred took no longer, in milliseconds.
    pub p99_ms: Option<f64>,
    /// None took longer, in milliseconds.
    pub max_ms: Option<f64>,
}

impl Spread {
    pub(super) fn of(latencies: &Latencies, count: u64, time: Duration) -> Self {
        let ms = |part| {
            let latency = latencies.quantile(part);
            latency.map(|latency| latency.as_secs_f64() * 1000.0)
        };
        Self {
            count,
            per_second: float(count) / time.as_secs_f64(),
            p50_ms: ms(0.5),
            p99_ms: ms(0.99),
            max_ms: ms(1.0),
        }
    }
}

/// How the clients came in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Connects {
    /// From the first packet to `hello`.
    pub each: Spread,
    /// Tries that failed, and were repeated.
    pub failures: u64,
}

/// The server's resident memory, in KiB.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Memory {
    /// Before the first client.
    pub empty_kib: u64,
    /// With all clients connected.
    pub connected_kib: u64,
    /// After everything.
    pub end_kib: u64,
    /// What a client adds.
    pub per_socket_kib: f64,
}

impl Memory {
    pub(super) fn of(empty: Usage, full: Usage, end: Usage, sockets: u64) -> Self {
        let added = full.resident_kib.saturating_sub(empty.resident_kib);
        Self {
            empty_kib: empty.resident_kib,
            connected_kib: full.resident_kib,
            end_kib: end.resident_kib,
            per_socket_kib: float(added) / float(sockets.max(1)),
        }
    }
}

/// One rate.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Step {
    /// Messages a second that were asked for; none: as fast as they were acknowledged.
    pub rate: Option<f64>,
    /// Messages a second that came due.
    pub offered_per_second: f64,
    /// Messages a second that were acknowledged while others came due.
    pub acknowledged_per_second: f64,
    /// Messages a second that reached a reader meanwhile.
    pub deliveries_per_second: f64,
    /// How long the rest took to arrive, in milliseconds.
    pub drain_ms: f64,
    /// Whether the server acknowledged what came due, and nothing was lost or doubled.
    pub keeps_up: bool,
    /// From due to `ack`.
    pub ack: Spread,
    /// From due to each reader.
    pub delivery: Spread,
    /// The server's CPU time a delivery, in microseconds.
    pub cpu_us_per_delivery: f64,
    /// Cores that the server used.
    pub server_cores: f64,
    /// Cores that the clients used.
    pub client_cores: f64,
    /// Messages that were refused.
    pub refused: u64,
    /// Sockets that were closed, by code; 0: without one.
    pub closed: BTreeMap<u16, u64>,
    /// Rooms that had to be fetched afresh.
    pub resets: u64,
    /// What was lost or doubled.
    pub audit: Audit,
}

/// Doing nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// For how long.
    pub seconds: u32,
    /// CPU time for a thousand sockets, as a percentage of a core.
    pub cpu_percent_per_1000: f64,
    /// Sockets that were still there.
    pub still_connected: u64,
}

/// Stopping and starting.
#[derive(Clone, Debug, Serialize)]
pub struct Restart {
    /// From SIGTERM to the end of the process.
    pub stopped_ms: f64,
    /// From its start to the first request that it would take.
    pub started_ms: f64,
    /// From SIGTERM until everybody was back and had caught up.
    pub all_back_ms: f64,
    /// The same for each client.
    pub back: Spread,
    /// Tries to connect that failed meanwhile.
    pub failures: u64,
    /// How sockets were closed, by code; 0: without one.
    pub closed: BTreeMap<u16, u64>,
    /// Rooms that had to be fetched afresh.
    pub resets: u64,
    /// Messages that were sent and acknowledged, before, meanwhile and after.
    pub messages: u64,
    /// From due to `ack`, the outage included.
    pub ack: Spread,
}
