//! A reader that records every frame and holds it against what must always be: no hole, no repetition, nothing that is
//! somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use quad::{
    model::{Epoch, Message, RoomId, Seq},
    protocol::{Command, Event, Hello, ResumeFrom},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::sync::watch;

use crate::{
    app::{Person, Socket},
    nodes::Directory,
};

/// Everything that a reader was told, by room and place.
pub type Heard = BTreeMap<RoomId, BTreeMap<Seq, Message>>;

/// Somebody who reads, on sockets that are cut at random.
pub struct Reader {
    pub person: Person,
    pub directory: Directory,
    /// What is theirs to see.
    pub rooms: BTreeSet<RoomId>,
    pub seed: u64,
    /// Whether everything has been said.
    pub is_over: watch::Receiver<bool>,
    pub heard: Heard,
}

/// One connection: how far each room is told, and what is held back until its resume is through.
struct Connection {
    epoch: Epoch,
    at: BTreeMap<RoomId, Seq>,
    held: BTreeMap<RoomId, Vec<Seq>>,
}

impl Reader {
    /// Reads until everything has been said and heard.
    pub async fn reads(mut self) -> Self {
        let mut rng = StdRng::seed_from_u64(self.seed);
        loop {
            let is_last = *self.is_over.borrow_and_update();
            let mut socket = self.directory.connects(&self.person).await;
            let frames = rng.random_range(20..300);
            if self.reads_frames(&mut socket, frames, is_last).await && is_last {
                return self;
            }
        }
    }

    /// Reads so many frames; or, where it is the last time, until it knows everything. Answers whether it does.
    async fn reads_frames(&mut self, socket: &mut Socket, frames: usize, is_last: bool) -> bool {
        let mut connection = Connection {
            epoch: Epoch(String::new()),
            at: self.reached(),
            held: BTreeMap::new(),
        };
        let mut read = 0;
        while is_last || read < frames {
            let event = tokio::select! {
                event = socket.next_or_end() => event,
                _ = self.is_over.changed(), if !is_last => return false,
            };
            let Ok(event) = event else {
                return false;
            };
            read += 1;
            if let Event::Hello(hello) = event {
                self.begins(&mut connection, socket, &hello).await;
            } else {
                self.takes(&mut connection, event);
            }
            if is_last && connection.knows_all(&self.rooms) {
                return true;
            }
        }
        false
    }

    /// Up to where each room is known without a hole.
    fn reached(&self) -> BTreeMap<RoomId, Seq> {
        let rooms = self.rooms.iter().map(|room_id| {
            let heard = self.heard.get(room_id);
            let mut at = Seq(0);
            while heard.is_some_and(|heard| heard.contains_key(&at.next())) {
                at = at.next();
            }
            (*room_id, at)
        });
        rooms.collect()
    }

    /// What is older than a `hello` is not told again: so each begins with a resume.
    async fn begins(&self, connection: &mut Connection, socket: &mut Socket, hello: &Hello) {
        let listed: BTreeSet<_> = hello.rooms.iter().map(|room| room.id()).collect();
        assert_eq!(listed, self.rooms, "the list is what is theirs");
        connection.epoch.clone_from(&hello.epoch);
        let rooms = connection.at.iter();
        let rooms = rooms.map(|(room_id, since)| ResumeFrom {
            room_id: *room_id,
            since: *since,
        });
        let resume = Command::Resume {
            epoch: hello.epoch.clone(),
            rooms: rooms.collect(),
        };
        connection.held = self.rooms.iter().map(|id| (*id, Vec::new())).collect();
        socket.tries_to_send(&resume).await;
    }

    fn takes(&mut self, connection: &mut Connection, event: Event) {
        match event {
            Event::ChatMessage {
                room_id, message, ..
            } => {
                assert!(
                    self.rooms.contains(&room_id),
                    "somebody else's: {message:?}"
                );
                let seq = message.seq;
                let known = self.heard.entry(room_id).or_default();
                let first = known.entry(seq).or_insert_with(|| (*message).clone());
                assert_eq!(*first, *message, "one place, one message");
                connection.hears(room_id, seq);
            }
            Event::CaughtUp { room_id, seq } => connection.caught_up(room_id, seq),
            Event::Reset { room_id } => panic!("{room_id} has too few changes for that"),
            Event::Error(error) => assert!(error.error.is_temporary(), "{error:?}"),
            _ => {}
        }
    }
}

impl Connection {
    fn hears(&mut self, room_id: RoomId, seq: Seq) {
        if let Some(held) = self.held.get_mut(&room_id) {
            held.push(seq);
            return;
        }
        let at = self.at.entry(room_id).or_default();
        assert_eq!(
            seq,
            at.next(),
            "live, each once and none left out, in {room_id}"
        );
        *at = seq;
    }

    fn caught_up(&mut self, room_id: RoomId, seq: Seq) {
        let at = self.at.entry(room_id).or_default();
        *at = seq.max(*at);
        let at = *at;
        for seq in self.held.remove(&room_id).unwrap_or_default() {
            if seq > at {
                self.hears(room_id, seq);
            }
        }
    }

    fn knows_all(&self, rooms: &BTreeSet<RoomId>) -> bool {
        !self.epoch.0.is_empty() && rooms.iter().all(|id| !self.held.contains_key(id))
    }
}
