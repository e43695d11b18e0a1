//! `quad load`.

use std::{num::NonZero, path::PathBuf};

use clap::{Args, Subcommand};

use super::{Failure, say};
use crate::server::load::{self, Options, Scenario, Steps};

/// What the command is asked for.
#[derive(Debug, Args)]
pub(super) struct Load {
    #[command(subcommand)]
    scenario: What,
    /// Write everything that was measured into FILE, as JSON
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
    /// An EMPTY database to use instead of a temporary SQLite file; it is left full of load users
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where the temporary folder is made, on the disk that is to be measured [default: the system's]
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Another build of Quad to measure [default: this program]
    #[arg(long, global = true, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Threads of the clients [default: half of the cores]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    threads: Option<u32>,
    /// Connections that are opened at the same time
    #[arg(long, global = true, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    connects: u32,
}

#[derive(Debug, Subcommand)]
enum What {
    /// One room: N members read, one or more of them send
    BigRoom {
        /// Sockets in the room: a student, whose support room it is, and agents
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..))]
        members: u32,
        /// How many of them send
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        senders: u32,
        #[command(flatten)]
        pace: Pace,
    },
    /// Many rooms of few members, all of which are written in
    Pairs {
        /// Rooms: each the support room of a student, who sends
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=500))]
        rooms: u32,
        /// Sockets that read each room: its student, and agents, each of whom reads all rooms
        #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
        members: u32,
        #[command(flatten)]
        pace: Pace,
    },
    /// One sender that waits for each acknowledgement before the next message, and one reader
    ClosedLoop {
        /// How long
        #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
    /// N sockets on which nothing happens
    Idle {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
        sockets: u32,
        /// How long; a heartbeat comes every 30 seconds
        #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
    /// The server is stopped by SIGTERM and started again while N members of a room read and one sends
    Restart {
        /// Sockets in the room
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..))]
        clients: u32,
        /// Messages a second
        #[arg(long, value_name = "R", default_value_t = 5.0, value_parser = rate)]
        rate: f64,
    },
}

#[derive(Debug, Args)]
struct Pace {
    /// Messages a second of all senders together; several rates, with commas between, are steps
    #[arg(long, value_name = "R", value_delimiter = ',', default_values_t = [10.0, 50.0, 100.0, 200.0], value_parser = rate)]
    rate: Vec<f64>,
    /// How long each step lasts
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
}

impl From<Pace> for Steps {
    fn from(pace: Pace) -> Self {
        Self {
            rates: pace.rate,
            seconds: pace.seconds,
        }
    }
}

impl From<What> for Scenario {
    fn from(what: What) -> Self {
        match what {
            What::BigRoom {
                members,
                senders,
                pace,
            } => Self::BigRoom {
                members,
                senders: senders.min(members),
                steps: pace.into(),
            },
            What::Pairs {
                rooms,
                members,
                pace,
            } => Self::Pairs {
                rooms,
                members,
                steps: pace.into(),
            },
            What::ClosedLoop { seconds } => Self::ClosedLoop { seconds },
            What::Idle { sockets, seconds } => Self::Idle { sockets, seconds },
            What::Restart { clients, rate } => Self::Restart { clients, rate },
        }
    }
}

impl Load {
    /// Measures, and says what was found. Errors: also where something was lost or doubled.
    pub(super) fn run(self) -> Result<(), Failure> {
        let options = Options {
            scenario: self.scenario.into(),
            program: match self.program {
                Some(program) => program.canonicalize()?,
                None => std::env::current_exe()?,
            },
            database_url: self.database_url,
            folder: self.folder,
            threads: self.threads.unwrap_or_else(half_of_the_cores),
            connects_at_once: self.connects,
        };
        let report = load::run(&options)?;
        if let Some(path) = self.json {
            let json = serde_json::to_vec_pretty(&report).map_err(std::io::Error::from)?;
            std::fs::write(path, json)?;
        }
        say(&report.to_string())?;
        if report.audit.is_clean() {
            Ok(())
        } else {
            Err(Failure::Said("messages were lost or doubled".to_owned()))
        }
    }
}

fn half_of_the_cores() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
    u32::try_from(cores / 2).unwrap_or(1).max(1)
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.001..=1_000_000.0).contains(&rate) => Ok(rate),
        _ => Err("must be a number from 0.001 to 1000000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        load: Load,
    }

    #[test]
    fn several_rates_are_steps() {
        let line = [
            "load",
            "big-room",
            "--members",
            "20",
            "--rate",
            "5,7.5",
            "--json",
            "a",
        ];
        let load = Line::try_parse_from(line).unwrap().load;
        assert_eq!(load.json, Some(PathBuf::from("a")));
        match Scenario::from(load.scenario) {
            Scenario::BigRoom { members, steps, .. } => {
                assert_eq!((members, steps.rates), (20, vec![5.0, 7.5]));
            }
            other => panic!("{other:?}"),
        }
        assert!(Line::try_parse_from(["load", "pairs", "--rate", "0"]).is_err());
        assert!(Line::try_parse_from(["load", "big-room", "--members", "1"]).is_err());
    }
}
