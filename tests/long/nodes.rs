//! Where the servers run: each may be killed, and comes back at another address.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use tokio::sync::watch;

use crate::{
    app::{Person, Socket, TestApp},
    process::Process,
};

/// Before another node is tried: one that was killed is back by then, or soon.
const TRY_AGAIN: Duration = Duration::from_millis(200);

/// The servers of one database.
pub struct Nodes {
    folder: PathBuf,
    url: String,
    processes: Vec<Option<Process>>,
    addrs: watch::Sender<Vec<SocketAddr>>,
}

/// Knows where the servers are at present.
#[derive(Clone)]
pub struct Directory {
    addrs: watch::Receiver<Vec<SocketAddr>>,
    next: usize,
}

impl Nodes {
    /// Starts so many on the database of `school`, which serves nobody any more.
    pub async fn start(school: &TestApp, count: usize) -> Self {
        school.services.close().await;
        let mut nodes = Self {
            folder: school.folder().to_owned(),
            url: school.url().to_owned(),
            processes: Vec::new(),
            addrs: watch::Sender::new(Vec::new()),
        };
        for _ in 0..count {
            let process = nodes.one().await;
            nodes.addrs.send_modify(|addrs| addrs.push(process.addr));
            nodes.processes.push(Some(process));
        }
        nodes
    }

    async fn one(&self) -> Process {
        let (folder, url) = (self.folder.clone(), self.url.clone());
        let starting = tokio::task::spawn_blocking(move || {
            let settings = [("QUAD_DATABASE_URL", &*url), ("QUAD_MESSAGE_RATE", "0")];
            Process::start(&folder, &settings)
        });
        starting.await.unwrap()
    }

    /// Ends one at once, or all of them, and starts it again.
    pub async fn kill(&mut self, one: usize, and_all: bool) {
        let at: Vec<_> = (0..self.count())
            .filter(|at| *at == one || and_all)
            .collect();
        for at in &at {
            let process = self.processes[*at].take().unwrap();
            let killing = tokio::task::spawn_blocking(|| process.kill());
            killing.await.unwrap();
        }
        for at in at {
            let process = self.one().await;
            self.addrs.send_modify(|addrs| addrs[at] = process.addr);
            self.processes[at] = Some(process);
        }
    }

    pub fn count(&self) -> usize {
        self.processes.len()
    }

    /// For somebody who begins with that one.
    pub fn directory(&self, next: usize) -> Directory {
        Directory {
            addrs: self.addrs.subscribe(),
            next,
        }
    }

    /// Ends all in good order.
    pub async fn stop(self) {
        for process in self.processes.into_iter().flatten() {
            let status = tokio::task::spawn_blocking(|| process.stop()).await;
            assert!(status.unwrap().success());
        }
    }
}

impl Directory {
    /// Opens a socket at one of the servers, the next one where that is away. Its `hello` is still to be read.
    pub async fn connects(&mut self, person: &Person) -> Socket {
        loop {
            let addr = {
                let addrs = self.addrs.borrow_and_update();
                addrs[self.next % addrs.len()]
            };
            self.next += 1;
            let person = person.at_address(addr);
            if let Ok(socket) = person.tries_socket(&person.base).await {
                return socket;
            }
            // Until one is back, or the next one's turn has come.
            drop(tokio::time::timeout(TRY_AGAIN, self.addrs.changed()).await);
        }
    }
}
