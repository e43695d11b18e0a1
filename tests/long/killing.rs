//! Servers that are killed under load: what was acknowledged is there, each once, in one order; and every reader has
//! heard exactly that.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use quad::{
    model::{ClientId, Role, RoomId},
    protocol::Ack,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    app::{Person, TestApp},
    in_time,
    nodes::{Directory, Nodes},
    reading::{Heard, Reader},
    rough::{assert_kept, message, stored},
};

const SEED: u64 = 20_260_207;
const STUDENTS: usize = 10;
const AGENTS: usize = 8;
const SENDERS: usize = 50;
/// Messages of each sender. A room gets fewer than a resume tells one by one.
const EACH: usize = 120;
const KILLS: usize = 16;
/// So often all are killed at once.
const ALL_EVERY: usize = 5;
/// Of so many tries one is dropped before its `ack`.
const DROPPED: u32 = 15;

/// What all have had acknowledged together.
#[derive(Default)]
struct Count {
    acks: AtomicUsize,
    changed: Notify,
}

impl Count {
    fn add(&self) {
        self.acks.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
    }

    async fn reaches(&self, wanted: usize) {
        while self.acks.load(Ordering::Relaxed) < wanted {
            self.changed.notified().await;
        }
    }
}

/// Somebody who does not give up.
struct Sender {
    person: Person,
    directory: Directory,
    /// Where to, in turn.
    rooms: Vec<RoomId>,
    seed: u64,
    count: Arc<Count>,
}

impl Sender {
    async fn sends(mut self) -> Vec<(RoomId, Ack)> {
        let mut rng = StdRng::seed_from_u64(self.seed);
        let mut acks = Vec::new();
        let mut socket = self.directory.connects(&self.person).await;
        for n in 0..EACH {
            let room_id = self.rooms[rng.random_range(0..self.rooms.len())];
            let (text, key) = (format!("{} of {}", n, self.seed), ClientId::random());
            let ack = loop {
                if rng.random_ratio(1, DROPPED) {
                    socket.tries_to_send(&message(room_id, &text, key)).await;
                    socket = self.directory.connects(&self.person).await;
                }
                match socket.tries_to_say(room_id, &text, key).await {
                    Ok(Some(ack)) => break ack,
                    Ok(None) => {}
                    Err(_) => socket = self.directory.connects(&self.person).await,
                }
            };
            acks.push((room_id, ack));
            self.count.add();
        }
        acks
    }
}

/// The people of a school, each signed in, and the students' rooms.
struct School {
    app: TestApp,
    students: Vec<(Person, RoomId)>,
    agents: Vec<Person>,
}

impl School {
    async fn on(app: TestApp) -> Self {
        let (mut students, mut agents) = (Vec::new(), Vec::new());
        for n in 0..STUDENTS {
            let person = app.student(&format!("student{n}")).await;
            let room_id = person.opens_support().await.id();
            // So that those who answer have the room from the beginning.
            person.connects().await.0.says(room_id, "Hello").await;
            students.push((person, room_id));
        }
        for n in 0..AGENTS {
            agents.push(app.person(&format!("agent{n}"), Role::Agent).await);
        }
        Self {
            app,
            students,
            agents,
        }
    }

    fn rooms(&self) -> Vec<RoomId> {
        self.students.iter().map(|(_, room_id)| *room_id).collect()
    }

    fn senders(&self, nodes: &Nodes, count: &Arc<Count>) -> Vec<Sender> {
        let senders = (0..SENDERS).map(|n| {
            let (person, rooms) = match self.students.get(n) {
                Some((student, room_id)) => (student, vec![*room_id]),
                None => (&self.agents[n % AGENTS], self.rooms()),
            };
            Sender {
                person: person.again(),
                directory: nodes.directory(n),
                rooms,
                seed: SEED + u64::try_from(n).unwrap(),
                count: Arc::clone(count),
            }
        });
        senders.collect()
    }

    fn readers(&self, nodes: &Nodes, is_over: &watch::Receiver<bool>) -> Vec<Reader> {
        let agents = self.agents.iter().take(4);
        let agents = agents.map(|agent| (agent, self.rooms()));
        let students = self.students.iter().take(4);
        let students = students.map(|(student, room_id)| (student, vec![*room_id]));
        let readers = agents
            .chain(students)
            .enumerate()
            .map(|(n, (person, rooms))| Reader {
                person: person.again(),
                directory: nodes.directory(n),
                rooms: BTreeSet::from_iter(rooms),
                seed: SEED - 1 - u64::try_from(n).unwrap(),
                is_over: is_over.clone(),
                heard: Heard::new(),
            });
        readers.collect()
    }
}

async fn killed_under_load(app: TestApp, nodes: usize) {
    let school = School::on(app).await;
    let mut nodes = Nodes::start(&school.app, nodes).await;
    let (over, is_over) = watch::channel(false);
    let count = Arc::new(Count::default());
    let (mut senders, mut readers) = (JoinSet::new(), JoinSet::new());
    for reader in school.readers(&nodes, &is_over) {
        readers.spawn(reader.reads());
    }
    for sender in school.senders(&nodes, &count) {
        senders.spawn(sender.sends());
    }
    let mut rng = StdRng::seed_from_u64(SEED);
    for n in 1..=KILLS {
        count.reaches(n * SENDERS * EACH / (KILLS + 1)).await;
        let one = rng.random_range(0..nodes.count());
        nodes.kill(one, n.is_multiple_of(ALL_EVERY)).await;
    }
    let acks = senders.join_all().await.into_iter().flatten();
    over.send_replace(true);
    let readers = readers.join_all().await;
    nodes.stop().await;

    let mut by_room: BTreeMap<RoomId, Vec<Ack>> = BTreeMap::new();
    for (room_id, ack) in acks {
        by_room.entry(room_id).or_default().push(ack);
    }
    let store = school.app.store().await;
    let mut all = 0;
    for room_id in school.rooms() {
        let stored = stored(&store, room_id).await;
        assert_kept(&stored, &by_room[&room_id]);
        // And the one that was there before.
        assert_eq!(stored.len(), by_room[&room_id].len() + 1);
        all += stored.len();
        for reader in readers
            .iter()
            .filter(|reader| reader.rooms.contains(&room_id))
        {
            let heard: Vec<_> = reader.heard[&room_id].values().collect();
            assert_eq!(heard, stored.iter().collect::<Vec<_>>());
        }
    }
    assert_eq!(all, SENDERS * EACH + STUDENTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_are_killed_lose_and_double_nothing() {
    if let Some(app) = TestApp::on_postgres().await {
        in_time(killed_under_load(app, 2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_that_is_killed_on_sqlite_loses_and_doubles_nothing() {
    in_time(async { killed_under_load(TestApp::on_sqlite().await, 1).await }).await;
}
