//! After the upgrade: one task a socket, that writes what waits and reads what comes.

use std::{collections::HashMap, future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::{
    ending::{self, End, Sends, answer_sends, farewell},
    patience::Patience,
};
use crate::{
    model::{RoomId, Seq, WireError},
    protocol::{CloseCode, Event},
    server::{
        hub::{Connection, Frame, Outbox, Place},
        service::{Services, Viewer},
    },
};

/// Sends of one socket that may wait for their commit; beyond, its reading waits.
const SENDS_AT_ONCE: usize = 16;
/// Frames written before what was read is looked at again.
const FRAMES_AT_ONCE: usize = 64;

/// A peer that takes nothing for so long has stopped reading: with the farewell it is cut within 10 s.
const STALL: Duration = Duration::from_secs(7);

/// A socket and what is known of its client.
pub(super) struct Socket {
    pub(super) services: Services,
    pub(super) viewer: Viewer,
    pub(super) connection: Arc<Connection>,
    /// Sends that wait for their commit; each answers with its `ack` or `error`.
    pub(super) sends: Sends,
    /// The client's rooms, each with the seq up to which it has been told: what is older is not repeated, and an event
    /// of a room that is not here is preceded by `room_added`.
    pub(super) known: HashMap<RoomId, Seq>,
    /// What the client has been forgiven.
    pub(super) patience: Patience,
    outbox: Outbox,
    websocket: WebSocket,
    /// When the client last gave a sign of life.
    pub(super) heard_at: Instant,
}

impl Drop for Socket {
    /// However its life ends, by a panic too: nothing is sent to it any more.
    fn drop(&mut self) {
        self.services.hub.remove(&self.connection);
    }
}

/// Lives a socket's life, in the place that was taken for it.
pub(super) async fn run(
    services: Services,
    viewer: Viewer,
    mut websocket: WebSocket,
    _place: Place,
) {
    // What reads the database is boxed, here and below: a task is as large as the largest it may ever wait for, and of a
    // socket's life most is spent on waiting for nothing.
    let (connection, outbox) = match Box::pin(services.connect(&viewer)).await {
        Ok(place) => place,
        Err(_) => return farewell(&mut websocket, End::Close(CloseCode::Restarting)).await,
    };
    let mut socket = Socket {
        services,
        viewer,
        connection: Arc::clone(&connection),
        sends: FuturesUnordered::new(),
        known: HashMap::new(),
        patience: Patience::default(),
        outbox,
        websocket,
        heard_at: Instant::now(),
    };
    let end = match socket.hello().await {
        Ok(()) => socket.live().await,
        Err(end) => end,
    };
    socket.services.hub.remove(&connection);
    if end == End::Close(CloseCode::TooSlow) {
        socket.services.hub.count_too_slow();
        tracing::info!(user_id = %socket.viewer.user_id, "a socket was too slow for its queue");
    }
    // Boxed: every socket's task would be as large as its last moment otherwise.
    Box::pin(async {
        if end == End::Close(CloseCode::Restarting) {
            let of = |answer: &Event| Frame::of(answer).text;
            answer_sends(&mut socket.websocket, &mut socket.sends, of).await;
        }
        farewell(&mut socket.websocket, end).await;
    })
    .await;
}

impl Socket {
    /// Says who the viewer is and what their rooms are. Frames queue meanwhile.
    pub(super) async fn hello(&mut self) -> Result<(), End> {
        let hello =
            Box::pin(self.services.hello(&self.viewer))
                .await
                .map_err(|error| match error {
                    WireError::Unauthorized => End::Close(CloseCode::SessionEnded),
                    _ => End::Close(CloseCode::Restarting),
                })?;
        self.known = hello
            .rooms
            .iter()
            .map(|room| (room.id(), room.seq))
            .collect();
        let known = &self.known;
        let hub = &self.services.hub;
        hub.keep_rooms(&self.connection, |room_id| known.contains_key(&room_id));
        self.send(&Event::Hello(Box::new(hello))).await
    }

    /// Another node has changed the viewer's list: it is told whole.
    async fn refresh(&mut self) -> Result<(), End> {
        let connection = Arc::clone(&self.connection);
        Box::pin(self.services.subscribe(&connection))
            .await
            .map_err(|_| End::Close(CloseCode::Restarting))?;
        self.hello().await
    }

    async fn live(&mut self) -> End {
        let connection = Arc::clone(&self.connection);
        let mut heartbeat = interval(Duration::from_millis(u64::from(
            self.services.settings.limits.heartbeat_ms,
        )));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                code = connection.closed() => return End::Close(code),
                () = connection.stale() => self.refresh().await,
                Some(answer) = self.sends.next(), if !self.sends.is_empty() => self.sent(answer).await,
                frame = self.outbox.next() => self.forward(frame).await,
                message = self.websocket.next(), if self.sends.len() < SENDS_AT_ONCE => self.heard(message).await,
                _ = heartbeat.tick() => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Writes a frame and those that wait behind it, in one flush.
    async fn forward(&mut self, frame: Option<Frame>) -> Result<(), End> {
        let mut next = frame;
        for _ in 0..FRAMES_AT_ONCE {
            let Some(frame) = next else { break };
            if self.admits(&frame).await? {
                self.feed(frame.text).await?;
            }
            next = self.outbox.try_next();
        }
        // Taken and not written in this round: it must not be lost.
        if let Some(frame) = next
            && self.admits(&frame).await?
        {
            self.feed(frame.text).await?;
        }
        self.flush().await
    }

    /// Whether the client still needs this frame. Tells it about a room that it does not know yet.
    async fn admits(&mut self, frame: &Frame) -> Result<bool, End> {
        let Some((room_id, seq)) = frame.place else {
            return Ok(true);
        };
        if self.connection.has_left(room_id, seq) {
            return Ok(false);
        }
        match self.known.get(&room_id) {
            Some(told) if *told >= seq => return Ok(false),
            Some(_) => {}
            None => match Box::pin(self.services.room_for(&self.viewer, room_id)).await {
                Ok(Some(room)) => {
                    let added = Event::RoomAdded {
                        room: Box::new(room),
                        user_rev: None,
                    };
                    self.feed(Frame::of(&added).text).await?;
                }
                Ok(None) => return Ok(false),
                // It must not be skipped: the client comes back and resumes.
                Err(_) => return Err(End::Close(CloseCode::Restarting)),
            },
        }
        self.known.insert(room_id, seq);
        Ok(true)
    }

    /// A sign of life goes out; a peer that gave none for too long is told so, where it can still be reached.
    async fn beat(&mut self) -> Result<(), End> {
        let silence = Duration::from_millis(u64::from(self.services.settings.limits.timeout_ms));
        if self.heard_at.elapsed() > silence {
            return Err(End::Close(CloseCode::Silent));
        }
        self.write(Message::Ping(Default::default())).await?;
        self.flush().await
    }

    /// Writes one event now.
    pub(super) async fn send(&mut self, event: &Event) -> Result<(), End> {
        self.feed(Frame::of(event).text).await?;
        self.flush().await
    }

    /// Writes several events in one flush.
    pub(super) async fn send_all(&mut self, events: &[Event]) -> Result<(), End> {
        for event in events {
            self.feed(Frame::of(event).text).await?;
        }
        self.flush().await
    }

    async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.write(Message::Text(text)).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        taken(&self.connection, self.websocket.feed(message)).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        taken(&self.connection, self.websocket.flush()).await
    }
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
