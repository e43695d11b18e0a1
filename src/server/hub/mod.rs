//! Who is connected, and how an event reaches them.
//!
//! A sharded map topic → connections. Publishing is a short read lock, a look-up and one `try_send` a connection; an
//! event is encoded once and its bytes are shared. No lock is held across an `.await`: the guards are of `parking_lot`,
//! whose sections here only touch maps. Nothing is skipped: a connection whose outbox is full is closed with
//! `4408` and resumes.
//!
//! [`Progress`] knows how far this node has published, for there may be others. To add an audience: a [`Topic`]. Must
//! not know: the store.

mod closing;
mod connection;
mod frame;
mod looking;
mod place;
mod progress;
mod queue;
mod stirring;
mod typing;

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::RwLock;

pub use connection::{Connection, ConnectionId, News, Outbox};
pub use frame::{Frame, Publication};
pub use looking::Looking;
pub use place::{Place, Places};
pub use progress::{Others, Progress, Step};
pub use stirring::{Stirred, Stirring};
pub use typing::{Sign, Typing};

use crate::{
    model::{Desk, RoomCounters, RoomId, Seq, UserId, UserRev, permission::Actor},
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
    /// Those who look at whether that person is there.
    Presence(UserId),
}

type Shard = HashMap<Topic, Vec<Arc<Connection>>>;

/// All connections of this node.
#[derive(Debug)]
pub struct Hub {
    hasher: RandomState,
    shards: Vec<RwLock<Shard>>,
    all: RwLock<HashMap<ConnectionId, Arc<Connection>>>,
    /// Connections whose users answer at a desk.
    at_desks: AtomicUsize,
    /// Why every socket is closed, also those that are still to come.
    closed: OnceLock<CloseCode>,
    /// How far this node has published.
    pub progress: Progress,
    /// Where those who answer look.
    pub looking: Looking,
    /// What stirs about who is there.
    pub stirring: Stirring,
    /// Who types where.
    pub typing: Typing,
    /// Who has how many sockets here.
    pub places: Arc<Places>,
    /// Sockets that were closed because their peers did not read.
    too_slow: AtomicUsize,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            all: RwLock::default(),
            at_desks: AtomicUsize::new(0),
            closed: OnceLock::new(),
            progress: Progress::default(),
            looking: Looking::default(),
            stirring: Stirring::default(),
            typing: Typing::default(),
            places: Arc::default(),
            too_slow: AtomicUsize::new(0),
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
        if !connection.desks().is_empty() {
            self.at_desks.fetch_add(1, Ordering::Relaxed);
        }
        self.all
            .write()
            .insert(connection.id(), Arc::clone(connection));
        self.subscribe(connection, Topic::User(connection.user_id()));
        for desk in connection.desks() {
            self.subscribe(connection, Topic::Desk(desk.clone()));
        }
        self.stirring.moved(connection.user_id(), true);
        // Noted in `all` first: either this or `close_all` sees it.
        if let Some(code) = self.closed.get() {
            connection.close(*code);
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
        let known = self.all.write().remove(&connection.id());
        if known.is_some_and(|connection| !connection.desks().is_empty()) {
            self.at_desks.fetch_sub(1, Ordering::Relaxed);
            self.look(connection, None);
        }
        for topic in connection.take_topics() {
            self.take_out(connection, &topic);
        }
        self.stirring.moved(connection.user_id(), false);
    }

    fn take_out(&self, connection: &Connection, topic: &Topic) {
        let Some(shard) = self.shard(topic) else {
            return;
        };
        let mut shard = shard.write();
        if let Some(connections) = shard.get_mut(topic) {
            connections.retain(|other| other.id() != connection.id());
            if connections.is_empty() {
                shard.remove(topic);
            }
        }
    }

    /// Takes all devices of a user out of a room, as of its change `seq`: what waits for them of it is not written any
    /// more, and sockets of that room alone are closed.
    pub fn expel(&self, user_id: UserId, room_id: RoomId, seq: Seq) {
        for connection in self.of_topic(&Topic::User(user_id)) {
            connection.leave(room_id, seq);
            self.unsubscribe(&connection, &Topic::Room(room_id));
        }
        self.stirring.shaken(user_id);
    }

    fn unsubscribe(&self, connection: &Connection, topic: &Topic) {
        if connection.forget_topic(topic) {
            self.take_out(connection, topic);
        }
    }

    /// A device no longer gets the changes of these rooms: it had them before its list was read, in which they are not.
    /// Whoever is put out later is taken out by [`Hub::expel`].
    pub fn leave_rooms(&self, connection: &Connection, rooms: impl Iterator<Item = RoomId>) {
        for room_id in rooms {
            self.unsubscribe(connection, &Topic::Room(room_id));
        }
    }

    /// A device comes into a room at its change `seq`. Where nobody here heard of the room before, what is published of
    /// it begins with that change.
    pub fn begin_room(&self, user_id: UserId, at: RoomCounters) {
        let is_first = self.count_of_topic(&Topic::Room(at.room_id)) == 0;
        if is_first {
            self.progress.start_room(at, Others::None);
        }
        self.subscribe_user(user_id, &Topic::Room(at.room_id));
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

    /// Queues an event for everybody in `topics`, once each, as each may see it. Durable events of a room must come in
    /// the order of `seq`.
    pub fn publish(&self, topics: &[Topic], event: &Publication) {
        self.each(topics, |connection| {
            connection.push(event.frame_for(connection.actor()).clone());
        });
    }

    /// Queues a passing sign for those in `topics` who look at `room_id` and whom it is for.
    pub fn signal(
        &self,
        topics: &[Topic],
        room_id: RoomId,
        frame: &Frame,
        is_for: impl Fn(Actor) -> bool,
    ) {
        self.each(topics, |connection| {
            if connection.watches(room_id) && is_for(connection.actor()) {
                connection.push(frame.clone());
            }
        });
    }

    /// How many devices of a user are connected.
    pub fn count_of(&self, user_id: UserId) -> usize {
        self.count_of_topic(&Topic::User(user_id))
    }

    /// How many devices here are subscribed to a topic.
    pub fn count_of_topic(&self, topic: &Topic) -> usize {
        self.shard(topic)
            .map_or(0, |shard| shard.read().get(topic).map_or(0, Vec::len))
    }

    /// How many sockets were closed because their peers did not read.
    pub fn too_slow(&self) -> usize {
        self.too_slow.load(Ordering::Relaxed)
    }

    /// One more was.
    pub fn count_too_slow(&self) {
        self.too_slow.fetch_add(1, Ordering::Relaxed);
    }

    /// A device that is subscribed begins with these rooms. Where nobody else hears of a room, what was published of it
    /// before is nobody's any more.
    pub fn start_rooms(&self, connection: &Connection, rooms: Vec<RoomCounters>) {
        let own = usize::from(!connection.desks().is_empty());
        let others_at_desks = self.at_desks.load(Ordering::Relaxed) > own;
        for at in rooms {
            let others = if others_at_desks {
                Others::Waiting
            } else if self.others_hear(connection, at.room_id) {
                Others::Here
            } else {
                Others::None
            };
            self.progress.start_room(at, others);
        }
    }

    fn others_hear(&self, connection: &Connection, room_id: RoomId) -> bool {
        let topic = Topic::Room(room_id);
        self.shard(&topic).is_some_and(|shard| {
            let shard = shard.read();
            let mut subscribed = shard.get(&topic).into_iter().flatten();
            subscribed.any(|other| other.id() != connection.id())
        })
    }

    /// A device of that user begins with the list.
    pub fn start_list(&self, user_id: UserId, at: UserRev) {
        self.progress
            .start_list(user_id, at, self.count_of(user_id) <= 1);
    }

    /// What anybody here is subscribed to.
    pub fn topics(&self) -> Vec<Topic> {
        let shards = self.shards.iter();
        shards
            .flat_map(|shard| shard.read().keys().cloned().collect::<Vec<_>>())
            .collect()
    }

    /// Asks all devices of a user to fetch the list afresh.
    pub fn refresh_user(&self, user_id: UserId) {
        self.each(&[Topic::User(user_id)], |connection| connection.refresh());
    }
}
