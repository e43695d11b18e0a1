//! What a socket writes, and how long it waits for its peer.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use axum::extract::ws::{Message, Utf8Bytes};
use futures_util::SinkExt;
use tokio::time::timeout;

use super::{
    ending::{self, End},
    socket::Socket,
};
use crate::{
    protocol::{CloseCode, Event},
    server::hub::{Connection, Frame},
};

/// A peer that takes nothing for so long has stopped reading: with the farewell it is cut within 10 s.
const STALL: Duration = Duration::from_secs(7);

impl Socket {
    /// Writes one event now.
    pub(super) async fn send(&mut self, event: &Event) -> Result<(), End> {
        self.feed(self.text_of(event)).await?;
        self.flush().await
    }

    /// Writes several events in one flush.
    pub(super) async fn send_all(&mut self, events: &[Event]) -> Result<(), End> {
        for event in events {
            self.feed(self.text_of(event)).await?;
        }
        self.flush().await
    }

    /// Writes it with what comes next.
    pub(super) async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.write(Message::Text(text)).await
    }

    pub(super) async fn write(&mut self, message: Message) -> Result<(), End> {
        taken(&self.connection, self.websocket.feed(message)).await
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        taken(&self.connection, self.websocket.flush()).await
    }
}

/// An event as its client reads it.
pub(super) fn text_of(event: &Event) -> Utf8Bytes {
    Frame::of(event).text.clone()
}

/// Waits until the peer has taken what is written; not where it has stopped reading, nor where it is to be closed.
pub(super) async fn taken(
    connection: &Connection,
    write: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), End> {
    if let Some(code) = connection.closing() {
        return Err(End::Close(code));
    }
    let mut write = pin!(write);
    // Nearly always there is room, and neither the time nor the end is asked for.
    let at_once = poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx))).await;
    if let Poll::Ready(written) = at_once {
        return written.map_err(ending::of);
    }
    tokio::select! {
        written = timeout(STALL, write) => match written {
            Ok(written) => written.map_err(ending::of),
            Err(_) => Err(End::Close(CloseCode::TooSlow)),
        },
        code = connection.closed() => Err(End::Close(code)),
    }
}
