//! What the program writes to its log, at its most talkative.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, in_time, tries_socket_with},
    rest::Program,
};

fn quad(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quad"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("QUAD_") {
            command.env_remove(name);
        }
    }
    command
        .env("QUAD_ADDR", "127.0.0.1:0")
        .env("QUAD_DATA_DIR", folder)
        .env("QUAD_LOG", "trace");
    command
}

/// Adds ana by the command line.
fn add_ana(folder: &Path) {
    let mut adding = quad(folder)
        .args(["user", "add", "--username", "ana", "--name", "Ana"])
        .args(["--role", "student", "--password-stdin"])
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

/// The server as a process of its own.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // They fail only where it has ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Process {
    fn start(folder: &Path, log: &Path) -> (Self, SocketAddr) {
        let mut child = quad(folder)
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(File::create(log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let addr = line.trim().rsplit('/').next().unwrap().parse().unwrap();
        (Self(child), addr)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_token_or_ticket_reaches_the_log() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        add_ana(folder.path());
        let (process, addr) = Process::start(folder.path(), &log);
        let mut program = Program::at(addr);
        let body = json!({ "username": "ana", "password": PASSWORD });
        let pair: Value = program
            .posts("/api/auth/token/", &body)
            .await
            .json()
            .await
            .unwrap();
        program.access = pair["access"].as_str().unwrap().to_owned();
        program.refresh = pair["refresh"].as_str().unwrap().to_owned();
        let former = program.clone();
        assert_eq!(program.refreshes().await, 200);
        let ticket = program.ticket().await;
        let header = [("authorization", format!("Bearer {}", program.access))];
        for (query, headers) in [
            (format!("?token={}", program.access), &[][..]),
            (format!("?ticket={ticket}"), &[][..]),
            (String::new(), &header[..]),
        ] {
            let mut socket = tries_socket_with(addr, &query, headers).await.unwrap();
            socket.all_until_pong().await;
        }
        // Refused ones are as secret.
        for query in [
            format!("?ticket={ticket}"),
            format!("?token={}", former.refresh),
        ] {
            assert!(tries_socket_with(addr, &query, &[]).await.is_err());
        }
        drop(process);
        let log = std::fs::read_to_string(&log).unwrap();
        assert!(log.lines().count() > 10, "{log}");
        assert!(!log.contains(PASSWORD));
        let secrets = [
            &former.access,
            &former.refresh,
            &program.access,
            &program.refresh,
            &ticket,
        ];
        for secret in secrets {
            // Not a part of it either: the last third is a token's signature.
            let part = &secret[secret.len() * 2 / 3..];
            assert!(!log.contains(part), "{secret} is in the log");
        }
    })
    .await;
}
