//! Our own accept loop: `axum::serve` sets no time limit for a request's head or body or for its answer, no buffer sizes
//! and no cap on connections.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{Layer, ServiceExt};
use tower_http::{
    normalize_path::{NormalizePath, NormalizePathLayer},
    timeout::TimeoutBody,
};

use super::{
    caller::Peer,
    guests::{Guests, Seat},
    linger::Lingering,
};

/// Connections that may wait to be accepted: a school comes back in one moment after a restart.
const BACKLOG: i32 = 4096;
/// A request's head, and what is read ahead of its body.
const BUFFER_BYTES: usize = 16 * 1024;
/// What the system keeps unsent for one peer: for one that stops reading it keeps no more, and the writer soon knows. What
/// is sent and not yet acknowledged does not count, so nobody becomes slower by it.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 64 * 1024;
/// After an error of `accept` (out of file descriptors, mostly), before the next try.
const PAUSE: Duration = Duration::from_millis(50);

/// How long is waited for whom, and how many may come.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// A request's head has to be there within this time; it also ends idle connections.
    pub head: Duration,
    /// Something more of a request's body has to come within this time.
    pub body: Duration,
    /// Something more of an answer has to be taken within this time. Sockets have their own, shorter one.
    pub answer: Duration,
    /// What a peer still sends when its connection has ended is read away for so long.
    pub linger: Duration,
    /// What is under way at a stop has this long to end.
    pub drain: Duration,
    /// Connections at the same time that are no sockets.
    pub guests: usize,
    /// The same of one address: a school is one, and each of its browsers keeps some open for a while.
    pub guests_of_address: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            body: Duration::from_secs(10),
            answer: Duration::from_secs(20),
            linger: Duration::from_secs(2),
            drain: Duration::from_secs(5),
            guests: 16 * 1024,
            guests_of_address: 8 * 1024,
        }
    }
}

/// Listens at `addr`.
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `stop`, then lets what is under way end. `on_stop` runs in between: it closes the sockets. What comes
/// from `proxies` speaks for many addresses.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    proxies: Vec<IpNet>,
    stop: CancellationToken,
    on_stop: impl FnOnce(),
) {
    let door = Door {
        app: NormalizePathLayer::trim_trailing_slash().layer(router),
        http: http(bounds),
        bounds,
        guests: Arc::new(Guests::new(
            bounds.guests,
            bounds.guests_of_address,
            proxies,
        )),
        connections: TaskTracker::new(),
        stop,
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = door.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => match door.guests.seat(peer.ip()) {
                Some(seat) => door.let_in(stream, peer, seat),
                // Closed without a word: there are too many to answer each.
                None => tracing::debug!(%peer, "there are too many connections"),
            },
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    on_stop();
    door.close().await;
}

fn http(bounds: Bounds) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(BUFFER_BYTES);
    http
}

/// What every connection is served with.
struct Door {
    app: NormalizePath<Router>,
    http: http1::Builder,
    bounds: Bounds,
    guests: Arc<Guests>,
    connections: TaskTracker,
    stop: CancellationToken,
}

impl Door {
    fn let_in(&self, stream: TcpStream, peer: SocketAddr, seat: Seat) {
        let (app, bounds) = (self.app.clone(), self.bounds);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(|b| Body::new(TimeoutBody::new(bounds.body, b)));
            request.extensions_mut().insert(Peer(peer));
            app.clone().oneshot(request)
        });
        let token = self.connections.token();
        let stream = Lingering::new(prepared(stream), bounds.answer, bounds.linger, token);
        let connection = self
            .http
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let stop = self.stop.clone();
        self.connections.spawn(async move {
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
            // Also where it has become a socket.
            drop(seat);
        });
    }

    async fn close(self) {
        self.connections.close();
        let over = self.connections.wait();
        if tokio::time::timeout(self.bounds.drain, over).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
    }
}

fn prepared(stream: TcpStream) -> TcpStream {
    // Small frames go out at once; without this they may wait for an acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES) {
        tracing::debug!(%error, "TCP_NOTSENT_LOWAT could not be set");
    }
    stream
}
