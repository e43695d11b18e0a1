//! All clients, on a few threads, and what is asked of them together.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    LoadError,
    client::{Client, Common, Plan},
    outbox::Sending,
    tally::{SharedSeat, Standing, Tally},
};

/// How often the run looks at its clients.
const LOOK: Duration = Duration::from_millis(10);
/// Clients that are not there after this time will not be.
const ARRIVE: Duration = Duration::from_secs(300);

/// The clients of a run.
pub(super) struct Crowd {
    size: u64,
    seats: Vec<SharedSeat>,
    threads: Vec<JoinHandle<()>>,
    common: Arc<Common>,
    sending: watch::Sender<Sending>,
    stop: CancellationToken,
}

impl Crowd {
    /// Starts them; they connect at once, `at_once` of them at the same time.
    pub(super) fn start(
        plans: Vec<Plan>,
        addr: SocketAddr,
        threads: u32,
        at_once: u32,
    ) -> io::Result<Self> {
        let (sending, told) = watch::channel(Sending::Pause);
        let common = Arc::new(Common {
            addr,
            origin: Instant::now(),
            gate: Semaphore::new(usize::try_from(at_once).unwrap_or(1)),
            sending: told,
            stopped_us: AtomicU64::new(0),
        });
        let size = u64::try_from(plans.len()).unwrap_or(u64::MAX);
        let stop = CancellationToken::new();
        let mut groups: Vec<Vec<Plan>> = (0..threads.max(1)).map(|_| Vec::new()).collect();
        let count = groups.len();
        for (at, plan) in plans.into_iter().enumerate() {
            if let Some(group) = groups.get_mut(at % count) {
                group.push(plan);
            }
        }
        let (mut seats, mut started) = (Vec::new(), Vec::new());
        for group in groups {
            let seat = SharedSeat::default();
            seats.push(Arc::clone(&seat));
            let common = Arc::clone(&common);
            started.push(thread_of(group, common, seat, stop.clone())?);
        }
        Ok(Self {
            size,
            seats,
            threads: started,
            common,
            sending,
            stop,
        })
    }

    /// How many clients there are.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Waits until everybody is connected and has caught up; answers how long that took.
    pub(super) fn all_there(&self) -> Result<Duration, LoadError> {
        let began = Instant::now();
        loop {
            let Standing {
                connected,
                resuming,
                ..
            } = self.standing();
            if connected == self.size && resuming == 0 {
                return Ok(began.elapsed());
            }
            if began.elapsed() > ARRIVE {
                return Err(LoadError::Connect {
                    connected,
                    wanted: self.size,
                    failures: self.sum(|tally| tally.failures),
                    waited: began.elapsed(),
                });
            }
            thread::sleep(LOOK);
        }
    }

    /// Tells the senders what to do.
    pub(super) fn tell(&self, sending: Sending) {
        self.sending.send_replace(sending);
    }

    /// The server is about to be stopped: how long it takes to be back counts from now.
    pub(super) fn note_stop(&self) {
        let us = u64::try_from(self.common.origin.elapsed().as_micros()).unwrap_or_default();
        self.common.stopped_us.store(us, Ordering::Relaxed);
    }

    /// Waits until all that was sent is acknowledged and has reached `readers`, or `patience` is over.
    pub(super) fn drain(&self, readers: u64, patience: Duration) {
        let began = Instant::now();
        while began.elapsed() < patience {
            let acknowledged = self.sum(|tally| tally.acknowledged);
            let deliveries = self.sum(|tally| tally.deliveries);
            if self.standing().pending == 0 && deliveries >= acknowledged * readers {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    /// How things stand.
    pub(super) fn standing(&self) -> Standing {
        let mut all = Standing::default();
        for seat in &self.seats {
            let one = seat.lock().standing;
            all.connected += one.connected;
            all.resuming += one.resuming;
            all.pending += one.pending;
        }
        all
    }

    /// The sum of one of the counts.
    pub(super) fn sum(&self, count: impl Fn(&Tally) -> u64) -> u64 {
        self.seats
            .iter()
            .map(|seat| count(&seat.lock().tally))
            .sum()
    }

    /// What was counted since the last time.
    pub(super) fn take(&self) -> Tally {
        let mut all = Tally::default();
        for seat in &self.seats {
            all.add(std::mem::take(&mut seat.lock().tally));
        }
        all
    }

    /// Ends all clients, without a word to the server.
    pub(super) fn stop(self) {
        self.stop.cancel();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of clients failed");
            }
        }
    }
}

fn thread_of(
    plans: Vec<Plan>,
    common: Arc<Common>,
    seat: SharedSeat,
    stop: CancellationToken,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    thread::Builder::new()
        .name("load".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                for plan in plans {
                    let client = Client::new(plan, Arc::clone(&common), Arc::clone(&seat));
                    tokio::spawn(client.live());
                }
                stop.cancelled().await;
            });
        })
}
