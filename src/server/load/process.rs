//! The server that is measured: a child process, started, stopped and looked at from outside.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::LoadError;

/// What a server says once it takes requests.
const SERVES: &str = "Quad serves http://";
/// One that has said nothing after this time has not come up.
const COME_UP: Duration = Duration::from_secs(60);
/// How much of the log is shown where it did not, in bytes.
const LOG_END: usize = 2000;

/// A running server.
pub(super) struct Server {
    program: PathBuf,
    folder: PathBuf,
    env: Vec<(&'static str, String)>,
    child: Child,
    pub(super) addr: SocketAddr,
}

/// What a process has used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// Seconds of a core.
    pub(super) cpu_s: f64,
    /// Resident memory, in KiB.
    pub(super) resident_kib: u64,
}

impl Server {
    /// Starts `program` with these variables and no others of Quad's, and waits until it takes requests.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        env: Vec<(&'static str, String)>,
    ) -> Result<Self, LoadError> {
        let (child, addr) = start(program, folder, &env)?;
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            env,
            child,
            addr,
        })
    }

    /// Asks it to stop, as a service manager does, and waits until it has; answers how long that took.
    pub(super) fn stop(&mut self) -> io::Result<Duration> {
        let began = Instant::now();
        terminate(&mut self.child)?;
        self.child.wait()?;
        Ok(began.elapsed())
    }

    /// Starts it again at the same address, after [`Server::stop`]; answers how long it took to take requests.
    pub(super) fn start_again(&mut self) -> Result<Duration, LoadError> {
        let began = Instant::now();
        let mut env = self.env.clone();
        env.push(("QUAD_ADDR", self.addr.to_string()));
        let (child, _) = start(&self.program, &self.folder, &env)?;
        self.child = child;
        Ok(began.elapsed())
    }

    /// What it has used until now; none where the system does not tell.
    pub(super) fn usage(&self) -> Option<Usage> {
        usage(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What this process has used until now.
pub(super) fn own_usage() -> Option<Usage> {
    usage("self")
}

fn start(
    program: &Path,
    folder: &Path,
    env: &[(&'static str, String)],
) -> Result<(Child, SocketAddr), LoadError> {
    let path = folder.join("server.log");
    let log = OpenOptions::new().create(true).append(true).open(&path)?;
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("QUAD_") {
            command.env_remove(name);
        }
    }
    // In its own folder no settings file is found.
    let mut child = command
        .arg("serve")
        .current_dir(folder)
        // No page is asked for.
        .env("LEPTOS_HASH_FILES", "false")
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()?;
    match said(&mut child) {
        Some(addr) => Ok((child, addr)),
        None => {
            drop(child.kill());
            drop(child.wait());
            Err(LoadError::Server(end_of(&path)))
        }
    }
}

/// The address that it says it serves at.
fn said(child: &mut Child) -> Option<SocketAddr> {
    let output = child.stdout.take()?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let addr = line.strip_prefix(SERVES).map(str::to_owned);
            // Read on, so that it never waits for a reader.
            drop(addr.map(|addr| tell.send(addr)));
        }
    });
    told.recv_timeout(COME_UP).ok()?.trim().parse().ok()
}

fn end_of(path: &Path) -> String {
    let mut text = String::new();
    drop(File::open(path).and_then(|mut file| io::Read::read_to_string(&mut file, &mut text)));
    let from = text.len().saturating_sub(LOG_END);
    text.get(from..).unwrap_or(&text).trim().to_owned()
}

#[cfg(unix)]
fn terminate(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};

    kill_process(Pid::from_child(child), Signal::TERM).map_err(io::Error::from)
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) -> io::Result<()> {
    child.kill()
}

#[cfg(target_os = "linux")]
fn usage(process: &str) -> Option<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name may hold anything, so the fields count from its closing bracket: utime and stime are 14 and 15 of all.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(Usage {
        cpu_s: super::float(user + system) / super::float(rustix::param::clock_ticks_per_second()),
        resident_kib: resident.trim().strip_suffix(" kB")?.parse().ok()?,
    })
}

#[cfg(not(target_os = "linux"))]
fn usage(_process: &str) -> Option<Usage> {
    None
}
