//! A connection that ends politely: what its peer still sends is read away for a while.
//!
//! Where a socket is closed with something unread, the system resets the connection, and the peer loses what it was sent
//! last: the answer that refuses its upload, the close frame that says why.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf, copy, sink},
    net::TcpStream,
    runtime::Handle,
    time::timeout,
};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// A peer's connection. When it is dropped, its end is said at once and a task waits for the peer's.
pub(super) struct Lingering {
    /// Always there until it is dropped.
    stream: Option<TcpStream>,
    patience: Duration,
    /// The peer has said its end.
    is_over: bool,
    /// Lets a stop wait for this connection too.
    token: Option<TaskTrackerToken>,
}

impl Lingering {
    /// Lingers no longer than `patience`.
    pub(super) fn new(stream: TcpStream, patience: Duration, token: TaskTrackerToken) -> Self {
        Self {
            stream: Some(stream),
            patience,
            is_over: false,
            token: Some(token),
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let stream = self.stream.as_mut().map(Pin::new);
        stream.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let (stream, token) = (self.stream.take(), self.token.take());
        if let (Some(stream), false, Ok(runtime)) = (stream, self.is_over, Handle::try_current()) {
            let patience = self.patience;
            runtime.spawn(async move {
                // The peer may be gone already, or stay for ever: both are an end.
                drop(timeout(patience, read_away(stream)).await);
                drop(token);
            });
        }
    }
}

async fn read_away(mut stream: TcpStream) -> io::Result<u64> {
    stream.shutdown().await?;
    copy(&mut stream, &mut sink()).await
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let (had, room) = (buf.filled().len(), buf.remaining());
        let read = ready!(self.stream()?.poll_read(cx, buf));
        self.is_over = read.is_err() || (room > 0 && buf.filled().len() == had);
        Poll::Ready(read)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream
            .as_ref()
            .is_some_and(AsyncWrite::is_write_vectored)
    }
}
