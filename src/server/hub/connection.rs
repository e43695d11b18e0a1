//! One connection: its outbox, bounded in frames and bytes, and what is known of its client.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::{Frame, Topic};
use crate::{
    model::{Desk, RoomId, Seq, SessionId, UserId, permission::Actor},
    protocol::CloseCode,
};

/// Frames that may wait for one client.
const OUTBOX_FRAMES: usize = 512;
/// Bytes that may wait for one client.
const OUTBOX_BYTES: usize = 1 << 20;

/// A number for one connection of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(pub usize);

/// What a socket takes its frames from.
#[derive(Debug)]
pub struct Outbox {
    frames: mpsc::Receiver<Frame>,
    connection: Arc<Connection>,
}

/// One connection, as the hub knows it.
#[derive(Debug)]
pub struct Connection {
    id: ConnectionId,
    actor: Actor,
    session_id: SessionId,
    desks: Vec<Desk>,
    frames: mpsc::Sender<Frame>,
    queued_bytes: AtomicUsize,
    /// The room that its client looks at; 0: none.
    watching: AtomicI64,
    topics: Mutex<Vec<Topic>>,
    /// The rooms that its user was put out of, each up to its last change then: what waits of them is not written.
    left: Mutex<Vec<(RoomId, Seq)>>,
    /// Of a socket of one room: that one.
    only_room: OnceLock<RoomId>,
    stale: Notify,
    closing: CancellationToken,
    close_code: OnceLock<CloseCode>,
}

static NEXT_ID: AtomicUsize = AtomicUsize::new(1);

impl Connection {
    /// A connection of that user's session, and its outbox. Not registered yet.
    pub fn new(actor: Actor, session_id: SessionId, desks: Vec<Desk>) -> (Arc<Self>, Outbox) {
        let (frames, outbox) = mpsc::channel(OUTBOX_FRAMES);
        let connection = Arc::new(Self {
            id: ConnectionId(NEXT_ID.fetch_add(1, Ordering::Relaxed)),
            actor,
            session_id,
            desks,
            frames,
            queued_bytes: AtomicUsize::new(0),
            watching: AtomicI64::new(0),
            topics: Mutex::default(),
            left: Mutex::default(),
            only_room: OnceLock::new(),
            stale: Notify::new(),
            closing: CancellationToken::new(),
            close_code: OnceLock::new(),
        });
        (
            Arc::clone(&connection),
            Outbox {
                frames: outbox,
                connection,
            },
        )
    }

    /// Its number.
    pub fn id(&self) -> ConnectionId {
        self.id
    }

    /// Whose it is, as the permission table knows them.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// Whose it is.
    pub fn user_id(&self) -> UserId {
        self.actor.id
    }

    /// By which session it was opened.
    pub fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// The desks that its user answers.
    pub fn desks(&self) -> &[Desk] {
        &self.desks
    }

    /// Queues a frame; a full outbox closes the connection as too slow, it never drops the frame alone.
    pub fn push(&self, frame: Frame) {
        let bytes = frame.text.len();
        let queued = self.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        if queued.saturating_add(bytes) > OUTBOX_BYTES || self.frames.try_send(frame).is_err() {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Asks its socket to tell the client the whole list again.
    pub fn refresh(&self) {
        self.stale.notify_one();
    }

    /// Resolves when the client's list is out of date.
    pub async fn stale(&self) {
        self.stale.notified().await;
    }

    /// Asks its socket to close; the first reason given stays.
    pub fn close(&self, code: CloseCode) {
        self.close_code.get_or_init(|| code);
        self.closing.cancel();
    }

    /// With which code the connection is to be closed, where it is.
    pub fn closing(&self) -> Option<CloseCode> {
        self.close_code.get().copied()
    }

    /// Resolves when the connection is to be closed.
    pub async fn closed(&self) -> CloseCode {
        self.closing.cancelled().await;
        self.closing().unwrap_or(CloseCode::Normal)
    }

    /// Says which room its client looks at; answers at which it looked before.
    pub fn watch(&self, room_id: Option<RoomId>) -> Option<RoomId> {
        let now = room_id.map_or(0, |room_id| room_id.0);
        let before = self.watching.swap(now, Ordering::Relaxed);
        (before != 0).then_some(RoomId(before))
    }

    /// Whether its client looks at that room.
    pub fn watches(&self, room_id: RoomId) -> bool {
        self.watching.load(Ordering::Relaxed) == room_id.0
    }

    /// Notes a topic; false where it is noted already.
    pub(super) fn note_topic(&self, topic: &Topic) -> bool {
        let mut topics = self.topics.lock();
        let is_new = !topics.contains(topic);
        if is_new {
            topics.push(topic.clone());
        }
        is_new
    }

    /// Forgets a topic; false where it was not noted.
    pub(super) fn forget_topic(&self, topic: &Topic) -> bool {
        let mut topics = self.topics.lock();
        let before = topics.len();
        topics.retain(|known| known != topic);
        topics.len() < before
    }

    /// The rooms whose changes it gets.
    pub(super) fn rooms(&self) -> Vec<RoomId> {
        let topics = self.topics.lock();
        let rooms = topics.iter().filter_map(|topic| match topic {
            Topic::Room(room_id) => Some(*room_id),
            _ => None,
        });
        rooms.collect()
    }

    /// It is for that room alone.
    pub fn stay_in(&self, room_id: RoomId) {
        self.only_room.get_or_init(|| room_id);
        self.watch(Some(room_id));
    }

    /// Its user was put out of a room at `seq`.
    pub(super) fn leave(&self, room_id: RoomId, seq: Seq) {
        let mut left = self.left.lock();
        left.retain(|(known, _)| *known != room_id);
        left.push((room_id, seq));
        drop(left);
        if self.only_room.get() == Some(&room_id) {
            self.close(CloseCode::Removed);
        }
    }

    /// Whether what happened there then is not its user's to see any more.
    pub fn has_left(&self, room_id: RoomId, seq: Seq) -> bool {
        let left = self.left.lock();
        left.iter()
            .any(|(known, up_to)| *known == room_id && seq <= *up_to)
    }

    pub(super) fn take_topics(&self) -> Vec<Topic> {
        std::mem::take(&mut self.topics.lock())
    }
}

impl Outbox {
    /// The next frame, as soon as there is one.
    pub async fn next(&mut self) -> Option<Frame> {
        let frame = self.frames.recv().await?;
        Some(self.taken(frame))
    }

    /// A frame that waits already.
    pub fn try_next(&mut self) -> Option<Frame> {
        let frame = self.frames.try_recv().ok()?;
        Some(self.taken(frame))
    }

    fn taken(&self, frame: Frame) -> Frame {
        self.connection
            .queued_bytes
            .fetch_sub(frame.text.len(), Ordering::Relaxed);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    fn actor() -> Actor {
        Actor {
            id: UserId(1),
            role: Role::Student,
        }
    }

    fn frame(text: &str) -> Frame {
        Frame {
            text: text.to_owned().into(),
            ..Frame::default()
        }
    }

    #[tokio::test]
    async fn a_full_outbox_closes_the_connection() {
        let (connection, mut outbox) = Connection::new(actor(), SessionId(1), Vec::new());
        for _ in 0..OUTBOX_FRAMES {
            connection.push(frame("x"));
        }
        assert!(!connection.closing.is_cancelled());
        connection.push(frame("x"));
        assert_eq!(connection.closed().await, CloseCode::TooSlow);
        assert!(outbox.next().await.is_some());
    }

    #[tokio::test]
    async fn an_outbox_is_bounded_in_bytes_too() {
        let (connection, mut outbox) = Connection::new(actor(), SessionId(1), Vec::new());
        connection.push(frame(&"x".repeat(OUTBOX_BYTES)));
        assert!(!connection.closing.is_cancelled());
        outbox.next().await;
        connection.push(frame(&"x".repeat(OUTBOX_BYTES / 2)));
        connection.push(frame(&"x".repeat(OUTBOX_BYTES)));
        assert_eq!(connection.closed().await, CloseCode::TooSlow);
    }
}
