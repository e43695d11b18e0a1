//! A connection that ends politely: what its peer still sends is read away for a while. Not so where the peer takes
//! nothing of what it asked for: that one is cut.
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
    time::{Sleep, sleep, timeout},
};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// A peer's connection. When it is dropped, its end is said at once and a task waits for the peer's.
pub(super) struct Lingering {
    /// Always there until it is dropped.
    stream: Option<TcpStream>,
    /// What is written must be taken within this time, or some of it.
    answer: Duration,
    /// While the peer takes nothing: the end of that time.
    until: Option<Pin<Box<Sleep>>>,
    patience: Duration,
    /// The peer has said its end, or is not listened to any more.
    is_over: bool,
    /// Lets a stop wait for this connection too.
    token: Option<TaskTrackerToken>,
}

impl Lingering {
    /// Waits no longer than `answer` for a peer that takes nothing, and lingers no longer than `patience`.
    pub(super) fn new(
        stream: TcpStream,
        answer: Duration,
        patience: Duration,
        token: TaskTrackerToken,
    ) -> Self {
        Self {
            stream: Some(stream),
            answer,
            until: None,
            patience,
            is_over: false,
            token: Some(token),
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let stream = self.stream.as_mut().map(Pin::new);
        stream.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// What became of a write; an error where the peer has taken nothing for too long.
    fn taken<T>(
        &mut self,
        cx: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.until = None;
            return write;
        }
        let answer = self.answer;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(answer)));
        ready!(until.as_mut().poll(cx));
        self.cut();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// What waits for the peer is thrown away with the connection: the system would keep it for minutes otherwise.
    fn cut(&mut self) {
        self.is_over = true;
        let reset = self
            .stream
            .as_ref()
            .map(|stream| socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)));
        if let Some(Err(error)) = reset {
            tracing::debug!(%error, "SO_LINGER could not be set");
        }
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
        let write = self.stream()?.poll_write(cx, buf);
        self.taken(cx, write)
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
        let write = self.stream()?.poll_write_vectored(cx, bufs);
        self.taken(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream
            .as_ref()
            .is_some_and(AsyncWrite::is_write_vectored)
    }
}
