//! What is done, and the run around it: people, server, crowd, calibration.

use std::{path::Path, thread, time::Duration};

use serde::Serialize;
use tempfile::TempDir;

use super::{
    LoadError, Options, Report,
    audit::Audit,
    calibrate::calibrate,
    crowd::Crowd,
    limits,
    process::{Server, Usage},
    report::{Connects, Idle, Memory, Spread},
    restart,
    school::{self, Shape},
    steps,
};
use crate::server::{
    service::Services,
    settings::{Settings, Source},
};

/// After everybody is connected, before anything is measured.
const SETTLE: Duration = Duration::from_secs(1);

/// At which rates, and how long each.
#[derive(Clone, Debug, Serialize)]
pub struct Steps {
    /// Messages a second of all senders together, one step each.
    pub rates: Vec<f64>,
    /// How long each step lasts, in seconds.
    pub seconds: u32,
}

/// What is done.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Scenario {
    /// One room that everybody reads.
    BigRoom {
        /// Sockets: one student and agents.
        members: u32,
        /// How many of them send.
        senders: u32,
        /// How much.
        steps: Steps,
    },
    /// Many rooms with few members each.
    Pairs {
        /// Rooms: each a student's.
        rooms: u32,
        /// Sockets that read each: its student, and agents who read all.
        members: u32,
        /// How much.
        steps: Steps,
    },
    /// One sender that waits for each acknowledgement.
    ClosedLoop {
        /// How long, in seconds.
        seconds: u32,
    },
    /// Sockets on which nothing happens.
    Idle {
        /// How many.
        sockets: u32,
        /// How long, in seconds.
        seconds: u32,
    },
    /// The server is stopped and started under a big room.
    Restart {
        /// Sockets: one student and agents.
        clients: u32,
        /// Messages a second meanwhile.
        rate: f64,
    },
}

impl Scenario {
    fn shape(&self) -> Shape {
        let big_room = |members: u32, senders: u32| Shape {
            students: 1,
            have_rooms: true,
            agents: members.saturating_sub(1),
            sending_agents: senders.saturating_sub(1),
        };
        match self {
            Self::BigRoom {
                members, senders, ..
            } => big_room(*members, *senders),
            Self::Restart { clients, .. } => big_room(*clients, 1),
            Self::ClosedLoop { .. } => big_room(2, 1),
            Self::Pairs { rooms, members, .. } => Shape {
                students: *rooms,
                have_rooms: true,
                agents: members.saturating_sub(1),
                sending_agents: 0,
            },
            Self::Idle { sockets, .. } => Shape {
                students: *sockets,
                have_rooms: false,
                agents: 0,
                sending_agents: 0,
            },
        }
    }

    /// How many sockets read each message.
    fn readers(&self) -> u64 {
        u64::from(match self {
            Self::BigRoom { members, .. } | Self::Pairs { members, .. } => *members,
            Self::Restart { clients, .. } => *clients,
            Self::ClosedLoop { .. } => 2,
            Self::Idle { .. } => 0,
        })
    }

    fn senders(&self) -> u32 {
        match self {
            Self::BigRoom { senders, .. } => *senders,
            Self::Pairs { rooms, .. } => *rooms,
            Self::ClosedLoop { .. } | Self::Restart { .. } => 1,
            Self::Idle { .. } => 0,
        }
    }
}

/// A server and its crowd.
pub(super) struct Live {
    pub(super) server: Server,
    pub(super) crowd: Crowd,
    /// How many sockets read each message.
    pub(super) readers: u64,
    pub(super) senders: u32,
    pub(super) audit: Audit,
}

/// Does all of it and answers what was measured.
pub fn run(options: &Options) -> Result<Report, LoadError> {
    let folder = match &options.folder {
        Some(folder) => TempDir::with_prefix_in("quad-load-", folder)?,
        None => TempDir::with_prefix("quad-load-")?,
    };
    let scenario = &options.scenario;
    let shape = scenario.shape();
    limits::allow(u64::from(shape.students + shape.agents))?;
    let env = variables(options, folder.path());
    let plans = make(&env, shape)?;
    let before = calibrate(folder.path())?;
    let server = Server::start(&options.program, folder.path(), env)?;
    let empty = server.usage().unwrap_or_default();
    let (threads, at_once) = (options.threads, options.connects_at_once);
    let crowd = Crowd::start(plans, server.addr, threads, at_once)?;
    let took = crowd.all_there()?;
    let connects = Connects::of(&crowd.take(), crowd.size(), took);
    thread::sleep(SETTLE);
    let full = server.usage().unwrap_or_default();
    let mut live = Live {
        server,
        crowd,
        readers: scenario.readers(),
        senders: scenario.senders(),
        audit: Audit::default(),
    };
    let mut report = Report::new(options, connects, before.clone());
    measure(scenario, &mut live, &mut report)?;
    let sockets = live.crowd.size();
    let end = live.server.usage().unwrap_or_default();
    report.memory = Memory::of(empty, full, end, sockets);
    report.audit = live.audit;
    live.crowd.stop();
    live.server.stop()?;
    report.calibration.push(calibrate(folder.path())?);
    Ok(report)
}

fn measure(scenario: &Scenario, live: &mut Live, report: &mut Report) -> Result<(), LoadError> {
    match scenario {
        Scenario::BigRoom { steps, .. } | Scenario::Pairs { steps, .. } => {
            report.steps = steps::all(live, steps);
        }
        Scenario::ClosedLoop { seconds } => {
            report.steps = vec![steps::closed(live, *seconds)];
        }
        Scenario::Idle { seconds, .. } => report.idle = Some(idle(live, *seconds)),
        Scenario::Restart { rate, .. } => report.restart = Some(restart::run(live, *rate)?),
    }
    Ok(())
}

fn variables(options: &Options, folder: &Path) -> Vec<(&'static str, String)> {
    let data = folder.join("data");
    let database = format!("sqlite://{}", data.join("quad.db").display());
    let database = options.database_url.clone().unwrap_or(database);
    vec![
        ("QUAD_ADDR", "127.0.0.1:0".to_owned()),
        ("QUAD_DATA_DIR", data.display().to_string()),
        ("QUAD_DATABASE_URL", database),
        ("QUAD_MESSAGE_RATE", "0".to_owned()),
    ]
}

/// Makes the people, by a server's own means, and lets go of the database.
fn make(
    env: &[(&'static str, String)],
    shape: Shape,
) -> Result<Vec<super::client::Plan>, LoadError> {
    let env = env.iter().map(|(name, value)| (*name, value.as_str()));
    let settings = Settings::load(&Source::given(None, env))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let services = Services::open(&settings).await?;
        let made = school::make(&services, shape).await;
        services.close().await;
        made
    })
}

fn idle(live: &Live, seconds: u32) -> Idle {
    let time = Duration::from_secs(u64::from(seconds));
    let before = live.server.usage().unwrap_or_default();
    thread::sleep(time);
    let Usage { cpu_s, .. } = live.server.usage().unwrap_or_default();
    let per_socket = (cpu_s - before.cpu_s) / time.as_secs_f64() / super::float(live.crowd.size());
    Idle {
        seconds,
        cpu_percent_per_1000: per_socket * 100.0 * 1000.0,
        still_connected: live.crowd.standing().connected,
    }
}

impl Connects {
    fn of(tally: &super::tally::Tally, count: u64, took: Duration) -> Self {
        Self {
            each: Spread::of(&tally.connect, count, took),
            failures: tally.failures,
        }
    }
}
