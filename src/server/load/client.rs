//! One client: connects, reads, sends, and comes back when it was closed, as a browser's does.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::{Semaphore, watch},
    time::Instant,
};

use super::{
    known::Known,
    outbox::{Outbox, Sending},
    tally::SharedSeat,
    wire,
};
use crate::{model::RoomId, sync::backoff};

/// A loopback address has about 28,000 ports for one server; beyond, the next address.
const SOCKETS_PER_ADDRESS: u32 = 20_000;
/// A try to connect that takes longer has failed.
const CONNECT: Duration = Duration::from_secs(30);

/// Who a client is.
#[derive(Debug)]
pub(super) struct Plan {
    /// Its number.
    pub(super) index: u32,
    /// What its cookie holds.
    pub(super) token: SecretString,
    /// Where it sends to, and its place among the senders.
    pub(super) sends: Option<(RoomId, u32)>,
    /// Whether the keys of what it sees are compared with what was acknowledged.
    pub(super) audits: bool,
}

/// What all clients share.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) addr: SocketAddr,
    /// Times in keys count from here.
    pub(super) origin: Instant,
    /// How many may connect at the same time.
    pub(super) gate: Semaphore,
    pub(super) sending: watch::Receiver<Sending>,
    /// When the server was stopped, in microseconds from the origin.
    pub(super) stopped_us: AtomicU64,
}

impl Common {
    /// How long ago the server was stopped.
    pub(super) fn since_stop(&self, now: Instant) -> Duration {
        let stopped = Duration::from_micros(self.stopped_us.load(Ordering::Relaxed));
        now.duration_since(self.origin).saturating_sub(stopped)
    }
}

/// Why a connection ended.
#[derive(Debug)]
pub(super) enum End {
    /// The server closed it, with this code.
    Closed(u16),
    /// It broke, or never was one.
    Gone,
}

impl From<std::io::Error> for End {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
    }
}

impl From<wire::Broken> for End {
    fn from(_: wire::Broken) -> Self {
        Self::Gone
    }
}

pub(super) struct Client {
    pub(super) plan: Plan,
    pub(super) common: Arc<Common>,
    pub(super) seat: SharedSeat,
    pub(super) known: Known,
    pub(super) outbox: Outbox,
    /// The beginning of a frame whose rest is still to come.
    pub(super) partial: Vec<u8>,
    /// What is still to be written.
    pub(super) unwritten: Vec<u8>,
    /// The epoch that it knows; none: it was never connected.
    pub(super) epoch: Option<crate::model::Epoch>,
    pub(super) has_hello: bool,
    /// When the try began that led to this connection.
    pub(super) began: Instant,
}

impl Client {
    pub(super) fn new(plan: Plan, common: Arc<Common>, seat: SharedSeat) -> Self {
        Self {
            outbox: Outbox::new(plan.index),
            plan,
            seat,
            known: Known::default(),
            partial: Vec::new(),
            unwritten: Vec::new(),
            epoch: None,
            has_hello: false,
            began: common.origin,
            common,
        }
    }

    /// Lives until its thread ends.
    pub(super) async fn live(mut self) {
        let mut sending = self.common.sending.clone();
        let mut attempt = 0;
        loop {
            let end = match self.connect().await {
                Ok(stream) => {
                    let Err(end) = self.serve(&stream, &mut sending).await;
                    end
                }
                Err(end) => end,
            };
            attempt = if self.has_hello { 0 } else { attempt + 1 };
            self.ended(&end);
            let delay = backoff::delay_ms(attempt, self.fraction());
            tokio::time::sleep(Duration::from_millis(u64::from(delay))).await;
        }
    }

    /// Counts the end of a connection, or of a try.
    fn ended(&mut self, end: &End) {
        let mut seat = self.seat.lock();
        if self.has_hello {
            seat.standing.connected -= 1;
            seat.standing.resuming -= u64::from(self.known.is_resuming());
            let code = match end {
                End::Closed(code) => *code,
                End::Gone => 0,
            };
            *seat.tally.closed.entry(code).or_default() += 1;
        } else {
            seat.tally.failures += 1;
        }
        self.has_hello = false;
        self.partial.clear();
        self.unwritten.clear();
    }

    /// Each client its own place between 0 and 1, evenly spread (the golden ratio's multiples).
    fn fraction(&self) -> f64 {
        (f64::from(self.plan.index) * 0.618_033_988_75).fract()
    }

    async fn connect(&mut self) -> Result<TcpStream, End> {
        let common = Arc::clone(&self.common);
        let _turn = common.gate.acquire().await.map_err(|_| End::Gone)?;
        self.began = Instant::now();
        tokio::time::timeout(CONNECT, self.open())
            .await
            .map_err(|_| End::Gone)?
    }

    async fn open(&mut self) -> Result<TcpStream, End> {
        let socket = TcpSocket::new_v4()?;
        let host = u8::try_from(1 + self.plan.index / SOCKETS_PER_ADDRESS).unwrap_or(u8::MAX);
        if self.common.addr.ip().is_loopback() {
            socket.bind((IpAddr::V4(Ipv4Addr::new(127, 0, 0, host)), 0).into())?;
        }
        let stream = socket.connect(self.common.addr).await?;
        stream.set_nodelay(true)?;
        let request = wire::request(self.common.addr, self.plan.token.expose_secret());
        self.unwritten.extend(request.as_bytes());
        while !self.unwritten.is_empty() {
            stream.writable().await?;
            self.write(&stream)?;
        }
        loop {
            stream.readable().await?;
            self.fill(&stream)?;
            if let Some(end) = wire::upgraded(&self.partial)? {
                self.partial.drain(..end);
                break;
            }
        }
        // With the answer may have come the first frames.
        self.take_in_rest()?;
        while !self.has_hello {
            stream.readable().await?;
            self.read(&stream)?;
        }
        Ok(stream)
    }

    /// Reads and writes until the connection ends.
    async fn serve(
        &mut self,
        stream: &TcpStream,
        sending: &mut watch::Receiver<Sending>,
    ) -> Result<std::convert::Infallible, End> {
        let Some((_, rank)) = self.plan.sends else {
            loop {
                if !self.unwritten.is_empty() {
                    stream.writable().await?;
                    self.write(stream)?;
                }
                stream.readable().await?;
                self.read(stream)?;
            }
        };
        loop {
            self.send_due();
            self.write(stream)?;
            let next = self.outbox.next();
            tokio::select! {
                ready = stream.readable() => {
                    ready?;
                    self.read(stream)?;
                }
                ready = stream.writable(), if !self.unwritten.is_empty() => ready?,
                () = tokio::time::sleep_until(next.unwrap_or(self.began)), if next.is_some() => {}
                changed = sending.changed() => {
                    changed.map_err(|_| End::Gone)?;
                    let told = *sending.borrow_and_update();
                    self.outbox.begin(told, rank);
                }
            }
        }
    }

    /// Writes what can be written now.
    fn write(&mut self, stream: &TcpStream) -> Result<(), End> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        match stream.try_write(&self.unwritten) {
            Ok(written) => {
                self.unwritten.drain(..written);
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Adds what has come to what was there.
    fn fill(&mut self, stream: &TcpStream) -> Result<(), End> {
        let mut seat = self.seat.lock();
        match stream.try_read(&mut seat.buffer) {
            Ok(0) => Err(End::Gone),
            Ok(count) => {
                let come = seat.buffer.get(..count).unwrap_or_default();
                self.partial.extend(come);
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
