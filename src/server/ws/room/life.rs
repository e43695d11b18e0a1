//! After the upgrade: one task a socket, that writes what waits and reads what comes.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::{
    model::{RoomId, Seq, WireError},
    protocol::{
        CloseCode, Event,
        public::{Dialect, RoomFrame, Sent, told},
    },
    server::{
        hub::{Connection, News, Outbox, Place},
        service::{Services, Viewer, Visit},
        ws::{
            ending::{End, Sends, answer_sends, farewell},
            patience::Patience,
        },
    },
};

/// Sends of one socket that may wait for their commit; beyond, its reading waits.
const SENDS_AT_ONCE: usize = 16;

/// A socket of one room.
pub(super) struct RoomSocket {
    pub(super) services: Services,
    pub(super) viewer: Viewer,
    pub(super) room_id: RoomId,
    /// In whose words it speaks.
    pub(super) dialect: Dialect,
    /// Sends that wait for their commit.
    pub(super) sends: Sends,
    /// Up to where the client has been told: what is older is not repeated.
    pub(super) known: Seq,
    /// What the client has been forgiven.
    pub(super) patience: Patience,
    /// The last messages that the client was told of.
    pub(super) sent: VecDeque<Sent>,
    /// When to say what is unread, where that has changed.
    pub(super) unread_at: Option<Instant>,
    pub(super) connection: Arc<Connection>,
    pub(super) outbox: Outbox,
    pub(super) websocket: WebSocket,
    /// When the client last gave a sign of life.
    pub(super) heard_at: Instant,
}

impl Drop for RoomSocket {
    /// However its life ends, by a panic too: nothing is sent to it any more.
    fn drop(&mut self) {
        self.services.hub.remove(&self.connection);
    }
}

/// Lives a socket's life, in the place that was taken for it.
pub(super) async fn run(
    services: Services,
    viewer: Viewer,
    (room_id, dialect): (RoomId, Dialect),
    mut websocket: WebSocket,
    _place: Place,
) {
    let visit = match Box::pin(services.visit(&viewer, room_id)).await {
        Ok(visit) => visit,
        Err(error) => return farewell(&mut websocket, End::Close(refused(&error))).await,
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
        dialect,
        sends: Sends::new(),
        known: recent.seq,
        patience: Patience::default(),
        sent: recent.messages.iter().map(Sent::from).collect(),
        unread_at: None,
        connection: Arc::clone(&connection),
        outbox,
        websocket,
        heard_at: Instant::now(),
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
    if end == End::Close(CloseCode::TooSlow) {
        socket.services.hub.count_too_slow();
    }
    // Boxed: every socket's task would be as large as its last moment otherwise.
    Box::pin(async {
        if end == End::Close(CloseCode::Restarting) {
            let of = |answer: &Event| told(answer).text.into();
            answer_sends(&mut socket.websocket, &mut socket.sends, of).await;
        }
        farewell(&mut socket.websocket, end).await;
    })
    .await;
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
        let every = Duration::from_millis(u64::from(self.services.settings.limits.heartbeat_ms));
        let mut heartbeat = interval(every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let unread_at = self.unread_at;
            let step = tokio::select! {
                news = self.outbox.news() => match news {
                    News::Close(code) => return End::Close(code),
                    News::Stale => self.look_again().await,
                    News::Frame(frame) => self.forward(Some(frame)).await,
                },
                Some(answer) = self.sends.next(), if !self.sends.is_empty() => self.sent(answer).await,
                message = self.websocket.next(), if self.sends.len() < SENDS_AT_ONCE => self.heard(message).await,
                () = sleep_until(unread_at.unwrap_or_else(Instant::now)), if unread_at.is_some() => Box::pin(self.unread()).await,
                _ = heartbeat.tick() => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// The viewer's list has changed elsewhere: the room may be theirs no more, or read on another device.
    async fn look_again(&mut self) -> Result<(), End> {
        match Box::pin(self.services.may_visit(&self.viewer, self.room_id)).await {
            Ok(()) => {
                self.count_soon();
                Ok(())
            }
            Err(WireError::NotFound) => Err(End::Close(CloseCode::Removed)),
            Err(error) => Err(End::Close(refused(&error))),
        }
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
}
