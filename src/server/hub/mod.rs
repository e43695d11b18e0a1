//! Who is connected, and how an event reaches them.
//!
//! A sharded map topic → connections. Publishing is a short read lock, a look-up and one `try_send` a connection; an
//! event is encoded once and its bytes are shared. No lock is held across an `.await`: the guards are of `parking_lot`,
//! whose sections here only touch maps. Nothing is skipped: a connection whose outbox is full is closed with
//! `4408` and resumes.
//!
//! To add an audience: a [`Topic`]. Must not know: the store.

mod connection;

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use parking_lot::RwLock;

pub use connection::{Connection, ConnectionId, Frame, Outbox};

use crate::{
    model::{Desk, RoomId, SessionId, UserId},
    protocol::CloseCode,
};

/// Shards of the map: enough that two cores seldom meet in one.
const SHARDS: usize = 64;

/// Whom an event is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Those who are in the room, by row or in person.
    Room(RoomId),
    /// Those who answer at the desk.
    Desk(Desk),
    /// All devices of one user.
    User(UserId),
}

type Shard = HashMap<Topic, Vec<Arc<Connection>>>;

/// All connections of this node.
#[derive(Debug)]
pub struct Hub {
    hasher: RandomState,
    shards: Vec<RwLock<Shard>>,
    all: RwLock<HashMap<ConnectionId, Arc<Connection>>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            all: RwLock::default(),
        }
    }
}

impl Hub {
    fn shard(&self, topic: &Topic) -> Option<&RwLock<Shard>> {
        let count = u64::try_from(self.shards.len()).unwrap_or(1);
        let at = usize::try_from(self.hasher.hash_one(topic) % count).unwrap_or(0);
        self.shards.get(at)
    }

    /// Makes a connection known; from now on frames for its topics queue in its outbox.
    pub fn register(&self, connection: &Arc<Connection>) {
        self.all
            .write()
            .insert(connection.id(), Arc::clone(connection));
        self.subscribe(connection, Topic::User(connection.user_id()));
        for desk in connection.desks() {
            self.subscribe(connection, Topic::Desk(desk.clone()));
        }
    }

    /// Adds a connection to a topic; twice is once.
    pub fn subscribe(&self, connection: &Arc<Connection>, topic: Topic) {
        if !connection.note_topic(&topic) {
            return;
        }
        if let Some(shard) = self.shard(&topic) {
            shard
                .write()
                .entry(topic)
                .or_default()
                .push(Arc::clone(connection));
        }
    }

    /// Adds all devices of a user to a topic.
    pub fn subscribe_user(&self, user_id: UserId, topic: &Topic) {
        for connection in self.of_topic(&Topic::User(user_id)) {
            self.subscribe(&connection, topic.clone());
        }
    }

    /// Forgets a connection.
    pub fn remove(&self, connection: &Connection) {
        self.all.write().remove(&connection.id());
        for topic in connection.take_topics() {
            if let Some(shard) = self.shard(&topic) {
                let mut shard = shard.write();
                if let Some(connections) = shard.get_mut(&topic) {
                    connections.retain(|other| other.id() != connection.id());
                    if connections.is_empty() {
                        shard.remove(&topic);
                    }
                }
            }
        }
    }

    fn of_topic(&self, topic: &Topic) -> Vec<Arc<Connection>> {
        self.shard(topic)
            .and_then(|shard| shard.read().get(topic).cloned())
            .unwrap_or_default()
    }

    fn each(&self, topics: &[Topic], mut act: impl FnMut(&Arc<Connection>)) {
        let mut reached: HashSet<ConnectionId> = HashSet::new();
        for topic in topics {
            let Some(shard) = self.shard(topic) else {
                continue;
            };
            let shard = shard.read();
            for connection in shard.get(topic).into_iter().flatten() {
                // Only a second topic can meet a connection again.
                if topics.len() == 1 || reached.insert(connection.id()) {
                    act(connection);
                }
            }
        }
    }

    /// Queues a frame for everybody in `topics`, once each. Durable events of a room must come in the order of `seq`.
    pub fn publish(&self, topics: &[Topic], frame: &Frame) {
        self.each(topics, |connection| connection.push(frame.clone()));
    }

    /// Queues a passing sign for those in `topics` who look at `room_id`, but not for `from`'s own devices.
    pub fn signal(&self, topics: &[Topic], room_id: RoomId, from: UserId, frame: &Frame) {
        self.each(topics, |connection| {
            if connection.user_id() != from && connection.watches(room_id) {
                connection.push(frame.clone());
            }
        });
    }

    /// How many devices of a user are connected.
    pub fn count_of(&self, user_id: UserId) -> usize {
        let topic = Topic::User(user_id);
        self.shard(&topic)
            .map_or(0, |shard| shard.read().get(&topic).map_or(0, Vec::len))
    }

    /// How many connections there are.
    pub fn count(&self) -> usize {
        self.all.read().len()
    }

    /// Closes the sockets of an ended session.
    pub fn close_session(&self, session_id: SessionId) {
        for connection in self
            .all
            .read()
            .values()
            .filter(|connection| connection.session_id() == session_id)
        {
            connection.close(CloseCode::SessionEnded);
        }
    }

    /// Closes every socket.
    pub fn close_all(&self, code: CloseCode) {
        for connection in self.all.read().values() {
            connection.close(code);
        }
    }
}
