//! After the upgrade: one task a socket, that writes what waits and reads what comes.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::{
    model::{RoomId, Seq, WireError},
    protocol::{
        CloseCode, Event,
        public::{RoomCommandFrame, RoomFrame, Sent, Unreadable},
    },
    server::{
        hub::{Connection, Outbox},
        service::{Services, Viewer, Visit},
        ws::socket::{End, close},
    },
};

/// Sends of one socket that may wait for their commit; beyond, its reading waits.
const SENDS_AT_ONCE: usize = 16;
/// Frames in a row that make no sense, before the socket is closed as abuse.
const SENSELESS_FRAMES: u32 = 100;

/// A socket of one room.
pub(super) struct RoomSocket {
    pub(super) services: Services,
    pub(super) viewer: Viewer,
    pub(super) room_id: RoomId,
    /// Sends that wait for their commit; each answers with its `ack` or `error`.
    pub(super) sends: FuturesUnordered<BoxFuture<'static, Event>>,
    /// Up to where the client has been told: what is older is not repeated.
    pub(super) known: Seq,
    /// When the client last showed that it types.
    pub(super) typed_at: Option<Instant>,
    /// The last messages that the client was told of.
    pub(super) sent: VecDeque<Sent>,
    /// When to say what is unread, where that has changed.
    pub(super) unread_at: Option<Instant>,
    pub(super) connection: Arc<Connection>,
    pub(super) outbox: Outbox,
    pub(super) websocket: WebSocket,
    heard_at: Instant,
    senseless: u32,
}

/// Lives a socket's life.
pub(super) async fn run(
    services: Services,
    viewer: Viewer,
    room_id: RoomId,
    mut websocket: WebSocket,
) {
    let visit = match services.visit(&viewer, room_id).await {
        Ok(visit) => visit,
        Err(error) => return close(&mut websocket, refused(&error)).await,
    };
    let Visit {
        connection,
        outbox,
        recent,
    } = visit;
    let mut socket = RoomSocket {
        services,
        viewer,
        room_id,
        sends: FuturesUnordered::new(),
        known: recent.seq,
        typed_at: None,
        sent: recent.messages.iter().map(Sent::from).collect(),
        unread_at: None,
        connection: Arc::clone(&connection),
        outbox,
        websocket,
        heard_at: Instant::now(),
        senseless: 0,
    };
    let established = RoomFrame::ConnectionEstablished {
        room_id,
        connection_id: connection.id().0.to_string(),
        timestamp: recent.at,
        epoch: &recent.epoch,
        heartbeat_interval: socket.services.settings.limits.heartbeat_ms / 1000,
    };
    let recent_messages = RoomFrame::RecentMessages {
        room_id,
        seq: recent.seq,
        messages: &recent.messages,
    };
    let end = match socket.send_frames(&[established, recent_messages]).await {
        Ok(()) => socket.live().await,
        Err(end) => end,
    };
    socket.services.hub.remove(&connection);
    if let End::Close(code) = end {
        close(&mut socket.websocket, code).await;
    }
}

fn refused(error: &WireError) -> CloseCode {
    match error {
        WireError::NotFound => CloseCode::NotFound,
        WireError::Unauthorized => CloseCode::SessionEnded,
        _ => CloseCode::Restarting,
    }
}

impl RoomSocket {
    async fn live(&mut self) -> End {
        let connection = Arc::clone(&self.connection);
        let every = Duration::from_millis(u64::from(self.services.settings.limits.heartbeat_ms));
        let mut heartbeat = interval(every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let unread_at = self.unread_at;
            let step = tokio::select! {
                code = connection.closed() => return End::Close(code),
                () = connection.stale() => self.look_again().await,
                Some(answer) = self.sends.next(), if !self.sends.is_empty() => self.send(&answer).await,
                frame = self.outbox.next() => self.forward(frame).await,
                message = self.websocket.next(), if self.sends.len() < SENDS_AT_ONCE => self.heard(message).await,
                () = sleep_until(unread_at.unwrap_or_else(Instant::now)), if unread_at.is_some() => self.unread().await,
                _ = heartbeat.tick() => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// The viewer's list has changed elsewhere: the room may be theirs no more, or read on another device.
    async fn look_again(&mut self) -> Result<(), End> {
        match self.services.may_visit(&self.viewer, self.room_id).await {
            Ok(()) => {
                self.count_soon();
                Ok(())
            }
            Err(WireError::NotFound) => Err(End::Close(CloseCode::Removed)),
            Err(error) => Err(End::Close(refused(&error))),
        }
    }

    async fn heard(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let Some(Ok(message)) = message else {
            return Err(End::Gone);
        };
        self.heard_at = Instant::now();
        match message {
            Message::Text(text) => self.frame(text.as_str()).await,
            Message::Binary(_) => self.senseless(Unreadable::Json).await,
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn frame(&mut self, text: &str) -> Result<(), End> {
        match RoomCommandFrame::parse(text, self.room_id) {
            Ok(frame) => {
                self.senseless = 0;
                self.command(frame).await
            }
            Err(unreadable) => self.senseless(unreadable).await,
        }
    }

    async fn senseless(&mut self, unreadable: Unreadable) -> Result<(), End> {
        self.senseless = self.senseless.saturating_add(1);
        if self.senseless > SENSELESS_FRAMES {
            return Err(End::Close(CloseCode::Abuse));
        }
        match unreadable {
            Unreadable::Json => self.send_frames(&[RoomFrame::invalid_json()]).await,
            Unreadable::Error(reference, error) => {
                self.send(&Event::error(reference, None, error)).await
            }
        }
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
}
