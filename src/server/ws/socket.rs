//! After the upgrade: one task a socket, that writes what waits and reads what comes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    direct::{Names, answer_in},
    ending::{End, Sends, answer_sends, farewell},
    patience::Patience,
    signs,
};
use crate::{
    model::{RoomId, Seq, WireError},
    protocol::{CloseCode, Event},
    server::{
        hub::{Connection, Frame, News, Outbox},
        service::{Services, Viewer},
    },
};

/// Sends of one socket that may wait for their commit; beyond, its reading waits.
const SENDS_AT_ONCE: usize = 16;
/// Frames written before what was read is looked at again.
const FRAMES_AT_ONCE: usize = 64;

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
    /// What it carries.
    pub(super) scope: Scope,
    /// Of a client that uses S4's words: what it calls its messages that are not answered yet.
    pub(super) names: Option<Box<Names>>,
    outbox: Outbox,
    pub(super) websocket: WebSocket,
    /// When the client last gave a sign of life.
    pub(super) heard_at: Instant,
}

/// What a socket carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everything that the viewer sees, for our client.
    Everything,
    /// The same as the public contract has it; `is_direct`: in S4's words.
    Bare {
        /// From the first frame on; else from the first one of its client that has them.
        is_direct: bool,
    },
    /// Presence and typing alone.
    Signs,
}

impl Drop for Socket {
    /// However its life ends, by a panic too: nothing is sent to it any more.
    fn drop(&mut self) {
        self.services.hub.remove(&self.connection);
    }
}

/// Lives a socket's life, and lets go of what is held for it.
///
/// A task is as large as the largest it may ever wait for, and of a socket's life most is spent on waiting for nothing:
/// so its beginning, its end and what reads the database are boxed, here and below. This is no `async fn`, which would
/// keep the room of its arguments as well.
pub(super) fn run<H: Send>(
    services: Services,
    viewer: Viewer,
    (websocket, scope): (WebSocket, Scope),
    held: H,
) -> impl Future<Output = ()> + Send {
    let opening = Box::pin(Socket::open(services, viewer, websocket, scope));
    async move {
        let socket = opening.await;
        if let Some(mut socket) = socket {
            let end = socket.live().await;
            Box::pin(socket.end(end)).await;
        }
        drop(held);
    }
}

impl Socket {
    /// The socket, after its `hello`; none where it came to its end before.
    async fn open(
        services: Services,
        viewer: Viewer,
        mut websocket: WebSocket,
        scope: Scope,
    ) -> Option<Box<Self>> {
        let Ok((connection, outbox)) = services.connect(&viewer).await else {
            farewell(&mut websocket, End::Close(CloseCode::Restarting)).await;
            return None;
        };
        let mut socket = Box::new(Self {
            services,
            viewer,
            connection,
            sends: FuturesUnordered::new(),
            known: HashMap::new(),
            patience: Patience::default(),
            scope,
            names: (scope == Scope::Bare { is_direct: true }).then(Box::default),
            outbox,
            websocket,
            heard_at: Instant::now(),
        });
        let greeted = match scope {
            Scope::Everything => socket.hello().await,
            Scope::Bare { .. } => socket.begin_bare().await,
            Scope::Signs => socket.begin_signs().await,
        };
        match greeted {
            Ok(()) => Some(socket),
            Err(end) => {
                socket.end(end).await;
                None
            }
        }
    }

    async fn end(mut self: Box<Self>, end: End) {
        self.services.hub.remove(&self.connection);
        if end == End::Close(CloseCode::TooSlow) {
            self.services.hub.count_too_slow();
            tracing::info!(user_id = %self.viewer.user_id, "a socket was too slow for its queue");
        }
        let Self {
            websocket,
            sends,
            names,
            ..
        } = &mut *self;
        if end == End::Close(CloseCode::Restarting) {
            let answers = |answer: &Event| answer_in(names.as_deref_mut(), answer);
            answer_sends(websocket, sends, answers).await;
        }
        farewell(websocket, end).await;
    }

    /// Says who the viewer is and what their rooms are. Frames queue meanwhile.
    pub(super) async fn hello(&mut self) -> Result<(), End> {
        // A room that comes while the list is read stays: it is told after it.
        let before = self.connection.rooms();
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
        let is_gone = |room_id: &RoomId| !known.contains_key(room_id);
        hub.leave_rooms(&self.connection, before.into_iter().filter(is_gone));
        self.send(&Event::Hello(Box::new(hello))).await
    }

    /// Another node has changed the viewer's list: it is told whole.
    async fn refresh(&mut self) -> Result<(), End> {
        let connection = Arc::clone(&self.connection);
        self.services
            .subscribe(&connection)
            .await
            .map_err(|_| End::Close(CloseCode::Restarting))?;
        match self.scope {
            Scope::Everything | Scope::Bare { .. } => self.hello().await,
            Scope::Signs => Ok(()),
        }
    }

    async fn live(&mut self) -> End {
        let mut heartbeat = interval(Duration::from_millis(u64::from(
            self.services.settings.limits.heartbeat_ms,
        )));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                news = self.outbox.news() => match news {
                    News::Close(code) => return End::Close(code),
                    News::Stale => Box::pin(self.refresh()).await,
                    News::Frame(frame) => self.forward(frame).await,
                },
                Some(answer) = self.sends.next(), if !self.sends.is_empty() => self.answer_send(answer).await,
                message = self.websocket.next(), if self.sends.len() < SENDS_AT_ONCE => self.heard(message).await,
                _ = heartbeat.tick() => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Writes a frame and what else waits, in one flush.
    async fn forward(&mut self, frame: Frame) -> Result<(), End> {
        self.pass_on(frame).await?;
        self.write_waiting().await
    }

    /// Writes the answer to a send and what else waits, in one flush.
    async fn answer_send(&mut self, answer: Event) -> Result<(), End> {
        self.sent(answer).await?;
        self.write_waiting().await
    }

    /// Frames and answers to sends that are there already: a message and its `ack` go out together.
    async fn write_waiting(&mut self) -> Result<(), End> {
        for _ in 0..FRAMES_AT_ONCE {
            let Some(frame) = self.outbox.try_next() else {
                break;
            };
            self.pass_on(frame).await?;
        }
        while let Some(Some(answer)) = self.sends.next().now_or_never() {
            self.sent(answer).await?;
        }
        self.flush().await
    }

    async fn pass_on(&mut self, frame: Frame) -> Result<(), End> {
        if self.admits(&frame).await? {
            self.feed(self.frame_text(&frame)).await?;
            if let Some(said) = self.beside(&frame) {
                self.feed(said).await?;
            }
        }
        Ok(())
    }

    /// Whether the client still needs this frame. Tells it about a room that it does not know yet.
    async fn admits(&mut self, frame: &Frame) -> Result<bool, End> {
        if self.scope == Scope::Signs {
            return Ok(signs::is_sign(frame));
        }
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
                    self.feed(self.text_of(&added)).await?;
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
}
