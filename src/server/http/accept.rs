//! Our own accept loop: `axum::serve` sets no time limit for a request's head and no buffer sizes.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::NormalizePathLayer;

use super::caller::Peer;

/// Connections that may wait to be accepted: a school comes back in one moment after a restart.
const BACKLOG: i32 = 4096;
/// A request's head has to be there within this time; it also ends idle connections.
const HEAD: Duration = Duration::from_secs(30);
/// A request's head, and what is read ahead of its body.
const BUFFER_BYTES: usize = 16 * 1024;
/// What is under way at a stop has this long to end.
const DRAIN: Duration = Duration::from_secs(5);
/// After an error of `accept` (out of file descriptors, mostly), before the next try.
const PAUSE: Duration = Duration::from_millis(50);

/// Listens at `addr`.
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `stop`, then lets what is under way end. `on_stop` runs in between: it closes the sockets.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    on_stop: impl FnOnce(),
) {
    let app = NormalizePathLayer::trim_trailing_slash().layer(router);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER_BYTES);
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let app = app.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let app = app.clone();
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            app.oneshot(request)
        });
        let connection = http
            .serve_connection(TokioIo::new(prepared(stream)), service)
            .with_upgrades();
        let stop = stop.clone();
        connections.spawn(async move {
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
        });
    }
    drop(listener);
    on_stop();
    connections.close();
    if tokio::time::timeout(DRAIN, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

fn prepared(stream: TcpStream) -> TcpStream {
    // Small frames go out at once; without this they may wait for an acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    stream
}
