//! The program as a process of its own, for what only a process can show: its log, its end.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::app::PASSWORD;

/// The program, with no other settings than these.
pub fn quad(folder: &Path) -> Command {
    program(Path::new(env!("CARGO_BIN_EXE_quad")), folder)
}

/// The same, where the program stands elsewhere.
pub fn program(path: &Path, folder: &Path) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("QUAD_") {
            command.env_remove(name);
        }
    }
    command
        // The client is not built for these tests: its files have no hashes.
        .env("LEPTOS_HASH_FILES", "false")
        .env("QUAD_ADDR", "127.0.0.1:0")
        .env("QUAD_DATA_DIR", folder);
    command
}

/// Adds somebody by the command line.
pub fn add_user(folder: &Path, username: &str, role: &str) {
    add_user_with(folder, &[], username, role);
}

/// The same with these settings.
pub fn add_user_with(folder: &Path, settings: &[(&str, &str)], username: &str, role: &str) {
    let mut adding = quad(folder)
        .envs(settings.iter().copied())
        .args(["user", "add", "--username", username, "--name", username])
        .args(["--role", role, "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let added = adding.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&added.stderr);
    assert!(added.status.success(), "{said}");
}

/// A server that runs in a process of its own, with its log beside its data.
pub struct Process {
    child: Child,
    pub addr: SocketAddr,
    log: PathBuf,
}

impl Drop for Process {
    fn drop(&mut self) {
        // They fail only where it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Process {
    /// Starts it with these settings and waits until it takes requests.
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = quad(folder);
        command.arg("serve").envs(settings.iter().copied());
        Self::of(command, folder)
    }

    /// The server that this command starts.
    pub fn of(mut command: Command, folder: &Path) -> Self {
        let log = folder.join("server.log");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let addr = line.trim().rsplit('/').next().unwrap().parse();
        let addr = addr.unwrap_or_else(|_| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("it did not start: {line}{said}")
        });
        Self { child, addr, log }
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// How much memory it has, in KiB. Linux alone tells it so.
    pub fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let count = line.unwrap().split_whitespace().nth(1);
        count.unwrap().parse().unwrap()
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as `kill -9` does, whatever it is doing.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.unwrap().success());
        self.child.wait().unwrap()
    }
}
