//! After the upgrade: one task a socket, that writes what waits and reads what comes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::{
    model::{RoomId, Seq, WireError},
    protocol::{CloseCode, CommandFrame, Event},
    server::{
        hub::{Connection, Frame, Outbox},
        service::{Services, Viewer},
    },
};

/// Sends of one socket that may wait for their commit; beyond, its reading waits.
const SENDS_AT_ONCE: usize = 16;
/// Frames in a row that make no sense, before the socket is closed as abuse.
const SENSELESS_FRAMES: u32 = 100;
/// Frames written before what was read is looked at again.
const FRAMES_AT_ONCE: usize = 64;

/// Why a socket's life ended.
pub(super) enum End {
    /// We close it, with this code.
    Close(CloseCode),
    /// The peer is gone.
    Gone,
}

/// A socket and what is known of its client.
pub(super) struct Socket {
    pub(super) services: Services,
    pub(super) viewer: Viewer,
    pub(super) connection: Arc<Connection>,
    /// Sends that wait for their commit; each answers with its `ack` or `error`.
    pub(super) sends: FuturesUnordered<BoxFuture<'static, Event>>,
    /// The client's rooms, each with the seq up to which it has been told: what is older is not repeated, and an event
    /// of a room that is not here is preceded by `room_added`.
    pub(super) known: HashMap<RoomId, Seq>,
    /// When the client last showed that it types, so that a storm of it costs nothing.
    pub(super) typed_at: Option<(RoomId, Instant)>,
    outbox: Outbox,
    websocket: WebSocket,
    heard_at: Instant,
    senseless: u32,
}

/// Lives a socket's life.
pub(super) async fn run(services: Services, viewer: Viewer, mut websocket: WebSocket) {
    let (connection, outbox) = match services.connect(&viewer).await {
        Ok(place) => place,
        Err(_) => return close(&mut websocket, CloseCode::Restarting).await,
    };
    let mut socket = Socket {
        services,
        viewer,
        connection: Arc::clone(&connection),
        sends: FuturesUnordered::new(),
        known: HashMap::new(),
        typed_at: None,
        outbox,
        websocket,
        heard_at: Instant::now(),
        senseless: 0,
    };
    let end = match socket.hello().await {
        Ok(()) => socket.live().await,
        Err(end) => end,
    };
    socket.services.hub.remove(&connection);
    if let End::Close(code) = end {
        close(&mut socket.websocket, code).await;
    }
}

pub(super) async fn close(websocket: &mut WebSocket, code: CloseCode) {
    // The reason of a restart is a hint when to come back, in milliseconds; the client spreads itself.
    let reason = if code == CloseCode::Restarting {
        Utf8Bytes::from_static("1000")
    } else {
        Utf8Bytes::default()
    };
    let frame = Message::Close(Some(CloseFrame {
        code: code.number(),
        reason,
    }));
    // A peer that does not read its close frame is closed all the same.
    drop(timeout(Duration::from_secs(2), websocket.send(frame)).await);
}

impl Socket {
    /// Says who the viewer is and what their rooms are. Frames queue meanwhile.
    pub(super) async fn hello(&mut self) -> Result<(), End> {
        let hello = self
            .services
            .hello(&self.viewer)
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
        self.send(&Event::Hello(Box::new(hello))).await
    }

    /// Another node has changed the viewer's list: it is told whole.
    async fn refresh(&mut self) -> Result<(), End> {
        let connection = Arc::clone(&self.connection);
        self.services
            .subscribe(&connection)
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
                Some(answer) = self.sends.next(), if !self.sends.is_empty() => self.send(&answer).await,
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
        match self.known.get(&room_id) {
            Some(told) if *told >= seq => return Ok(false),
            Some(_) => {}
            None => match self.services.room_for(&self.viewer, room_id).await {
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

    async fn heard(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let Some(Ok(message)) = message else {
            return Err(End::Gone);
        };
        self.heard_at = Instant::now();
        match message {
            Message::Text(text) => self.frame(text.as_str()).await,
            Message::Binary(_) => self.senseless(None, WireError::Malformed).await,
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn frame(&mut self, text: &str) -> Result<(), End> {
        match CommandFrame::parse(text) {
            Ok(frame) => {
                self.senseless = 0;
                self.command(frame).await
            }
            Err((reference, error)) => self.senseless(reference, error).await,
        }
    }

    async fn senseless(&mut self, reference: Option<String>, error: WireError) -> Result<(), End> {
        self.senseless = self.senseless.saturating_add(1);
        if self.senseless > SENSELESS_FRAMES {
            return Err(End::Close(CloseCode::Abuse));
        }
        self.send(&Event::error(reference, None, error)).await
    }

    /// A sign of life goes out; a peer that gave none for too long is gone.
    async fn beat(&mut self) -> Result<(), End> {
        let silence = Duration::from_millis(u64::from(self.services.settings.limits.timeout_ms));
        if self.heard_at.elapsed() > silence {
            return Err(End::Gone);
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
        tokio::select! {
            fed = self.websocket.feed(message) => fed.map_err(|_| End::Gone),
            code = self.connection.closed() => Err(End::Close(code)),
        }
    }

    async fn flush(&mut self) -> Result<(), End> {
        tokio::select! {
            flushed = self.websocket.flush() => flushed.map_err(|_| End::Gone),
            code = self.connection.closed() => Err(End::Close(code)),
        }
    }
}
