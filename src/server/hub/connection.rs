//! One connection: what waits for its client, and what is known of it.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{
    Frame, Topic,
    queue::{Pushed, Queue},
};
use crate::{
    model::{Desk, RoomId, Seq, SessionId, UserId, permission::Actor},
    protocol::CloseCode,
};

/// A number for one connection of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(pub usize);

/// What a socket takes its frames from.
#[derive(Debug)]
pub struct Outbox {
    connection: Arc<Connection>,
}

/// What there is for a socket to do.
#[derive(Debug)]
pub enum News {
    /// The connection is to be closed.
    Close(CloseCode),
    /// The client's list is out of date.
    Stale,
    /// A frame is to be written.
    Frame(Frame),
}

/// One connection, as the hub knows it.
#[derive(Debug)]
pub struct Connection {
    id: ConnectionId,
    actor: Actor,
    session_id: SessionId,
    desks: Vec<Desk>,
    /// Behind a plain lock: its sections move one frame and hold no `.await`.
    queue: Mutex<Queue>,
    /// The room that its client looks at; 0: none, [`EVERYWHERE`]: all.
    watching: AtomicI64,
    topics: Mutex<Vec<Topic>>,
    /// The rooms that its user was put out of, each up to its last change then: what waits of them is not written.
    left: Mutex<Vec<(RoomId, Seq)>>,
    /// Of a socket of one room: that one.
    only_room: OnceLock<RoomId>,
    is_stale: AtomicBool,
    close_code: OnceLock<CloseCode>,
    /// Something of the above is new. Only its socket waits, and looks before it does.
    news: Notify,
}

/// Looks at all rooms: no room has that id.
const EVERYWHERE: i64 = -1;

static NEXT_ID: AtomicUsize = AtomicUsize::new(1);

impl Connection {
    /// A connection of that user's session, and its outbox. Not registered yet.
    pub fn new(actor: Actor, session_id: SessionId, desks: Vec<Desk>) -> (Arc<Self>, Outbox) {
        let connection = Arc::new(Self {
            id: ConnectionId(NEXT_ID.fetch_add(1, Ordering::Relaxed)),
            actor,
            session_id,
            desks,
            queue: Mutex::default(),
            watching: AtomicI64::new(0),
            topics: Mutex::default(),
            left: Mutex::default(),
            only_room: OnceLock::new(),
            is_stale: AtomicBool::new(false),
            close_code: OnceLock::new(),
            news: Notify::new(),
        });
        let outbox = Outbox {
            connection: Arc::clone(&connection),
        };
        (connection, outbox)
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
        let pushed = self.queue.lock().push(frame);
        match pushed {
            Pushed::First => self.news.notify_one(),
            Pushed::Behind => {}
            Pushed::Full => self.close(CloseCode::TooSlow),
        }
    }

    /// Asks its socket to tell the client the whole list again.
    pub fn refresh(&self) {
        self.is_stale.store(true, Ordering::Release);
        self.news.notify_one();
    }

    /// Asks its socket to close; the first reason given stays.
    pub fn close(&self, code: CloseCode) {
        self.close_code.get_or_init(|| code);
        self.news.notify_one();
    }

    /// With which code the connection is to be closed, where it is.
    pub fn closing(&self) -> Option<CloseCode> {
        self.close_code.get().copied()
    }

    /// Resolves when the connection is to be closed. For its socket alone, as [`Outbox::news`] is.
    pub async fn closed(&self) -> CloseCode {
        loop {
            if let Some(code) = self.closing() {
                return code;
            }
            self.news.notified().await;
        }
    }

    /// Says which room its client looks at; answers at which it looked before.
    pub fn watch(&self, room_id: Option<RoomId>) -> Option<RoomId> {
        let now = room_id.map_or(0, |room_id| room_id.0);
        let before = self.watching.swap(now, Ordering::Relaxed);
        (before > 0).then_some(RoomId(before))
    }

    /// Whether its client looks at that room.
    pub fn watches(&self, room_id: RoomId) -> bool {
        let watching = self.watching.load(Ordering::Relaxed);
        watching == room_id.0 || watching == EVERYWHERE
    }

    /// Its client looks at all of its rooms at once.
    pub fn watch_everywhere(&self) {
        self.watching.store(EVERYWHERE, Ordering::Relaxed);
    }

    /// The one room at which its client looks.
    pub fn watched_room(&self) -> Option<RoomId> {
        let watching = self.watching.load(Ordering::Relaxed);
        (watching > 0).then_some(RoomId(watching))
    }

    /// Whether it is subscribed to a topic.
    pub fn hears(&self, topic: &Topic) -> bool {
        self.topics.lock().contains(topic)
    }

    /// The people at whom its client looks.
    pub fn looks_at(&self) -> Vec<UserId> {
        let topics = self.topics.lock();
        let people = topics.iter().filter_map(|topic| match topic {
            Topic::Presence(user_id) => Some(*user_id),
            _ => None,
        });
        people.collect()
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
    pub fn rooms(&self) -> Vec<RoomId> {
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
    /// What there is to do, as soon as there is something; first what matters most. Nothing is lost where this is
    /// given up half way.
    pub async fn news(&self) -> News {
        loop {
            if let Some(code) = self.connection.closing() {
                return News::Close(code);
            }
            if self.connection.is_stale.swap(false, Ordering::Acquire) {
                return News::Stale;
            }
            if let Some(frame) = self.try_next() {
                return News::Frame(frame);
            }
            self.connection.news.notified().await;
        }
    }

    /// A frame that waits already.
    pub fn try_next(&self) -> Option<Frame> {
        self.connection.queue.lock().pop()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::{model::Role, protocol::Event, server::hub::queue::MOST_FRAMES};

    fn connection() -> (Arc<Connection>, Outbox) {
        let actor = Actor {
            id: UserId(1),
            role: Role::Student,
        };
        Connection::new(actor, SessionId(1), Vec::new())
    }

    #[tokio::test]
    async fn a_full_outbox_closes_the_connection() {
        let (connection, outbox) = connection();
        for _ in 0..MOST_FRAMES {
            connection.push(Frame::of(&Event::Pong));
        }
        assert_eq!(connection.closing(), None);
        connection.push(Frame::of(&Event::Pong));
        assert_eq!(connection.closed().await, CloseCode::TooSlow);
        // What waits is not written any more.
        assert!(matches!(
            outbox.news().await,
            News::Close(CloseCode::TooSlow)
        ));
        connection.close(CloseCode::Normal);
        assert_eq!(connection.closed().await, CloseCode::TooSlow);
    }

    #[tokio::test]
    async fn waiting_for_the_end_takes_no_news_away() {
        let (connection, outbox) = connection();
        connection.push(Frame::of(&Event::Pong));
        connection.refresh();
        assert_eq!(connection.closed().now_or_never(), None);
        assert!(matches!(outbox.news().await, News::Stale));
        assert!(matches!(outbox.news().await, News::Frame(_)));
        assert!(outbox.news().now_or_never().is_none());
    }

    #[tokio::test]
    async fn news_that_come_while_the_socket_waits_wake_it() {
        let (connection, outbox) = connection();
        let mut news = Box::pin(outbox.news());
        assert!((&mut news).now_or_never().is_none());
        connection.push(Frame::of(&Event::Pong));
        assert!(matches!(news.await, News::Frame(_)));
        let mut news = Box::pin(outbox.news());
        assert!((&mut news).now_or_never().is_none());
        connection.close(CloseCode::Restarting);
        assert!(matches!(news.await, News::Close(CloseCode::Restarting)));
    }
}
