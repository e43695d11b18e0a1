//! Convergence: whatever happened, and wherever a tab was cut off meanwhile, what it shows in the end is what a tab
//! shows that was opened just now; and the counts are those of the message table.
//!
//! Histories are random, and made smaller where one fails. The tabs run the pages' own client ([`quad::sync::Client`]).

use std::time::{Duration, Instant};

use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use quad::{
    model::{
        Role, RoomChoice, RoomForMe, RoomId, Seq, SupportChange, SupportStatus, UserId,
        support::SUPPORT_STATUSES,
    },
    server::store::{Store, marks},
};
use serde_json::json;
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    app::{Person, Socket, TestApp},
    rough::stored,
    tab::Tab,
};

/// With several nodes the last change may come by the watch of other nodes alone, once a second.
const AT_LAST: Duration = Duration::from_secs(10);
const CASES_ON_ONE_NODE: u32 = 12;
const CASES_ON_TWO_NODES: u32 = 5;
const LONGEST: usize = 9;

/// Something that happens.
#[derive(Clone, Debug)]
enum Act {
    /// Somebody writes in one of the rooms.
    Says { who: usize, room: usize },
    /// Somebody who answers writes an internal note.
    Notes { who: usize, room: usize },
    /// Somebody deletes the message that is so many before the end, if they may.
    Deletes { who: usize, room: usize, but: i64 },
    /// Somebody reads up to so many messages before the end.
    Reads { who: usize, room: usize, but: i64 },
    /// To somebody's device comes what is there, up to so many messages before the end.
    Receives { who: usize, room: usize, but: i64 },
    /// Somebody who answers puts a room there.
    Puts {
        who: usize,
        room: usize,
        status: SupportStatus,
    },
    /// Somebody who answers gives a room to somebody, or to nobody.
    Gives {
        who: usize,
        room: usize,
        to: Option<usize>,
    },
    /// Somebody wants something of a room, for themselves.
    Chooses {
        who: usize,
        room: usize,
        choice: RoomChoice,
    },
    /// The second student opens the support room.
    Opens,
    /// The tabs open a room again, while what was told before is still on its way to them.
    Visits { room: usize },
}

fn act() -> impl Strategy<Value = Act> {
    let (anybody, staff, room) = (0..4_usize, 2..4_usize, 0..2_usize);
    prop_oneof![
        6 => (anybody.clone(), room.clone()).prop_map(|(who, room)| Act::Says { who, room }),
        3 => (staff.clone(), room.clone()).prop_map(|(who, room)| Act::Notes { who, room }),
        2 => (anybody.clone(), room.clone(), any::<bool>(), any::<bool>()).prop_map(
            |(who, room, is_pin, is_on)| {
                let choice = if is_pin { RoomChoice::Pinned(is_on) } else { RoomChoice::Quiet(is_on) };
                Act::Chooses { who, room, choice }
            }
        ),
        4 => (anybody.clone(), room.clone(), 0..3_i64)
            .prop_map(|(who, room, but)| Act::Reads { who, room, but }),
        3 => (anybody.clone(), room.clone(), 0..3_i64)
            .prop_map(|(who, room, but)| Act::Receives { who, room, but }),
        4 => (anybody.clone(), room.clone(), 0..3_i64)
            .prop_map(|(who, room, but)| Act::Deletes { who, room, but }),
        2 => (staff.clone(), room.clone(), select(&SUPPORT_STATUSES[..]))
            .prop_map(|(who, room, status)| Act::Puts { who, room, status }),
        1 => (staff.clone(), room.clone(), proptest::option::of(staff))
            .prop_map(|(who, room, to)| Act::Gives { who, room, to }),
        2 => Just(Act::Opens),
        2 => room.prop_map(|room| Act::Visits { room }),
    ]
}

/// A history, and after how many further steps a tab that was cut off comes back.
fn history() -> impl Strategy<Value = (Vec<Act>, usize)> {
    (proptest::collection::vec(act(), 1..=LONGEST), 0..LONGEST)
}

/// The two students whose rooms these are, and two who answer.
struct World {
    people: Vec<Person>,
    ids: Vec<UserId>,
    sockets: Vec<Socket>,
    rooms: [Option<RoomId>; 2],
}

/// A tab, the step after which it is cut off, and the step after which it is back.
struct Reader {
    tab: Tab,
    cut: usize,
    back: usize,
}

impl World {
    async fn new(nodes: &[&TestApp], case: usize) -> Self {
        let mut world = Self {
            people: Vec::new(),
            ids: Vec::new(),
            sockets: Vec::new(),
            rooms: [None; 2],
        };
        let roles = [Role::Student, Role::Student, Role::Agent, Role::Admin];
        for (n, role) in roles.into_iter().enumerate() {
            let node = nodes[n % nodes.len()];
            let person = nodes[0]
                .person(&format!("person{case}-{n}"), role)
                .await
                .at(node);
            let (socket, hello) = person.connects().await;
            world.ids.push(hello.user.id);
            world.people.push(person);
            world.sockets.push(socket);
        }
        world.rooms[0] = Some(world.people[0].opens_support().await.id());
        world
    }

    fn may_enter(&self, who: usize, room: usize) -> bool {
        who >= 2 || who == room
    }

    async fn does(&mut self, act: &Act, readers: &mut [Reader]) {
        match *act {
            Act::Opens => {
                self.rooms[1] = Some(self.people[1].opens_support().await.id());
            }
            Act::Says { who, room } => {
                if let Some(room_id) = self.rooms[room].filter(|_| self.may_enter(who, room)) {
                    self.sockets[who].says(room_id, "something").await;
                }
            }
            Act::Notes { who, room } => {
                if let Some(room_id) = self.rooms[room] {
                    self.sockets[who].notes(room_id, "between us").await;
                }
            }
            Act::Reads { who, room, but } => {
                if let Some(room_id) = self.rooms[room].filter(|_| self.may_enter(who, room)) {
                    let seq = self.people[who].reads_room(room_id).await.seq;
                    let socket = &mut self.sockets[who];
                    socket.reads_up_to(room_id, Seq(seq.0 - but)).await;
                    socket.all_until_pong().await;
                }
            }
            Act::Receives { who, room, but } => {
                if let Some(room_id) = self.rooms[room].filter(|_| self.may_enter(who, room)) {
                    let seq = self.people[who].reads_room(room_id).await.seq;
                    let socket = &mut self.sockets[who];
                    socket.has_received(room_id, Seq(seq.0 - but)).await;
                    socket.all_until_pong().await;
                }
            }
            Act::Deletes { who, room, but } => {
                if let Some(room_id) = self.rooms[room].filter(|_| self.may_enter(who, room)) {
                    let messages = self.people[who].reads_room(room_id).await.messages;
                    let at = messages.iter().rev().nth(but.try_into().unwrap());
                    if let Some(message) = at {
                        let body = json!({ "message_id": message.id });
                        self.people[who].calls("delete_message", body).await;
                    }
                }
            }
            Act::Chooses { who, room, choice } => {
                if let Some(room_id) = self.rooms[room].filter(|_| self.may_enter(who, room)) {
                    assert_eq!(self.people[who].chooses(room_id, choice).await, 200);
                }
            }
            Act::Puts { who, room, status } => {
                self.triages(who, room, SupportChange::Status(status)).await;
            }
            Act::Gives { who, room, to } => {
                let to = to.map(|to| self.ids[to]);
                self.triages(who, room, SupportChange::Assignee(to)).await;
            }
            Act::Visits { room } => {
                for reader in readers.iter_mut().filter(|reader| reader.tab.is_online()) {
                    if let Some(room_id) = self.rooms[room]
                        && reader.tab.sight().lists.rooms.contains_key(&room_id)
                    {
                        reader.tab.opens(room_id).await;
                    }
                }
            }
        }
    }

    async fn triages(&self, who: usize, room: usize, change: SupportChange) {
        if let Some(room_id) = self.rooms[room] {
            let body = json!({ "room_id": room_id, "change": change });
            assert_eq!(self.people[who].calls("triage", body).await.status(), 200);
        }
    }
}

/// One tab of each role for each point at which it may be cut off.
async fn readers(world: &World, steps: usize, away: usize) -> Vec<Reader> {
    let mut readers = Vec::new();
    for cut in 0..=steps {
        for who in [0, 1, 2] {
            let person = &world.people[who];
            let mut tab = Tab::opened(person.again()).await;
            for room_id in world.rooms.iter().flatten() {
                if tab.sight().lists.rooms.contains_key(room_id) {
                    tab.opens(*room_id).await;
                }
            }
            tab.settles().await;
            let back = cut + away;
            readers.push(Reader { tab, cut, back });
        }
    }
    readers
}

async fn lives_through(nodes: &[&TestApp], case: usize, acts: &[Act], away: usize) {
    let mut world = World::new(nodes, case).await;
    // Something is there already, so that those who answer have the room.
    world.does(&Act::Says { who: 0, room: 0 }, &mut []).await;
    let mut readers = readers(&world, acts.len(), away).await;
    for step in 0..=acts.len() {
        for reader in &mut readers {
            if reader.back == step && !reader.tab.is_online() {
                reader.tab.connects().await;
            }
            if reader.cut == step {
                reader.tab.settles().await;
                reader.tab.is_cut();
            }
        }
        if let Some(act) = acts.get(step) {
            world.does(act, &mut readers).await;
        }
    }
    let store = nodes[0].store().await;
    for reader in &mut readers {
        if !reader.tab.is_online() {
            reader.tab.connects().await;
        }
        shows_what_is_there(&mut reader.tab, nodes.len() > 1).await;
    }
    for (person, id) in world.people.iter().zip(&world.ids) {
        let fresh = crate::tab::Sight::fresh(person, &[]).await;
        for room in fresh.lists.rooms.values() {
            assert_eq!(room.unread_count, recounted(&store, *id, room).await);
            let seen = person.reads_room(room.id()).await.messages;
            let is_own = room.shared.user.as_ref().map(|user| user.id) == Some(*id);
            assert!(!is_own || seen.iter().all(|message| message.audience.is_all()));
        }
    }
}

pub async fn shows_what_is_there(tab: &mut Tab, at_last: bool) {
    let began = Instant::now();
    loop {
        tab.settles().await;
        let (shown, fresh) = (tab.sight(), tab.fresh_sight().await);
        if !at_last || shown == fresh || began.elapsed() > AT_LAST {
            assert_eq!(shown, fresh);
            return;
        }
    }
}

/// Messages of others after the read mark, one by one from the table: of notes those who answer count theirs.
async fn recounted(store: &Store, reader: UserId, room: &RoomForMe) -> i64 {
    let mut connection = store.read().await.unwrap();
    let read = marks::read_seq(&mut connection.conn(), reader, room.id()).await;
    drop(connection);
    let read = read.unwrap();
    assert_eq!(read, room.read_seq);
    let is_own = room.shared.user.as_ref().map(|user| user.id) == Some(reader);
    let seen = stored(store, room.id()).await.into_iter();
    let seen = seen.filter(|message| !is_own || message.audience.is_all());
    let seen = seen.filter(|message| !message.is_deleted());
    let unread = seen.filter(|message| message.seq > read && message.sender.id != reader);
    unread.count().try_into().unwrap()
}

fn try_histories(nodes: &[&TestApp], cases: u32) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    });
    let case = std::cell::Cell::new(0);
    let ran = runner.run(&history(), |(acts, away)| {
        case.set(case.get() + 1);
        Handle::current().block_on(lives_through(nodes, case.get(), &acts, away));
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_one_node_every_tab_shows_in_the_end_what_is_there() {
    let app = TestApp::on_sqlite().await;
    block_in_place(|| try_histories(&[&app], CASES_ON_ONE_NODE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_nodes_every_tab_shows_in_the_end_what_is_there() {
    let Some(here) = TestApp::on_postgres().await else {
        return;
    };
    let there = here.second_node().await;
    block_in_place(|| try_histories(&[&here, &there], CASES_ON_TWO_NODES));
}
