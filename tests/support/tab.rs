//! A browser's tab without the browser: the client that the pages run, on a real socket.

use std::collections::BTreeMap;

use quad::{
    api::Boot,
    model::{Epoch, RoomId, Timestamp, UserId, UserRev},
    protocol::{Command, Event},
    sync::{Client, Effect, Lists, Snapshot},
};
use serde_json::json;

use crate::app::{Person, Socket};

const TYPING_MS: u32 = 3000;

/// A tab that somebody has open.
pub struct Tab {
    person: Person,
    client: Client,
    socket: Option<Socket>,
}

/// What a person sees: the list, and each room that is open.
#[derive(Debug, PartialEq)]
pub struct Sight {
    pub lists: Lists,
    /// The order in which pages show the rooms.
    pub order: Vec<RoomId>,
    pub rooms: BTreeMap<RoomId, Snapshot>,
}

impl Sight {
    fn of(lists: Lists, rooms: impl IntoIterator<Item = Snapshot>) -> Self {
        let of_room = |mut room: Snapshot| {
            // These say when the snapshot was taken, not what is in it.
            room.taken_at = Timestamp(0);
            room.user_rev = UserRev(0);
            (room.id(), room.newest())
        };
        Self {
            order: lists.by_activity().iter().map(|room| room.id()).collect(),
            rooms: rooms.into_iter().map(of_room).collect(),
            lists,
        }
    }

    /// What somebody sees who has just come, with these rooms open: those that are still theirs. A tab of another node
    /// may not have heard yet that one is not.
    pub async fn fresh(person: &Person, open: &[RoomId]) -> Self {
        let boot: Boot = person.reads("start", json!({})).await;
        let mut rooms = Vec::new();
        for room_id in open {
            rooms.extend(person.finds_room(*room_id).await);
        }
        Self::of(boot.session.unwrap().lists, rooms)
    }
}

impl Tab {
    /// A tab that was just opened: online, with its list and no room.
    pub async fn opened(person: Person) -> Self {
        let nothing = Lists {
            me: UserId(0),
            epoch: Epoch(String::new()),
            user_rev: UserRev(0),
            rooms: BTreeMap::new(),
            alerts: Default::default(),
            blocked: Vec::new(),
            policy: Default::default(),
        };
        let mut tab = Self {
            person,
            client: Client::new(nothing, TYPING_MS),
            socket: None,
        };
        tab.connects().await;
        tab.settles().await;
        tab
    }

    pub fn is_online(&self) -> bool {
        self.socket.is_some()
    }

    /// The connection is gone, whatever was on its way.
    pub fn is_cut(&mut self) {
        self.socket = None;
        // Nothing is to be done without one.
        drop(self.client.disconnected());
    }

    /// The connection is there again; nothing of it is read yet.
    pub async fn connects(&mut self) {
        self.socket = Some(self.person.tries_socket(&self.person.base).await.unwrap());
    }

    /// Fetches a room and opens it, before anything that waits in the socket is read.
    pub async fn opens(&mut self, room_id: RoomId) {
        let snapshot = self.person.reads_room(room_id).await;
        let effects = self.client.open(snapshot);
        self.performs(effects).await;
    }

    /// Does what the client wants; answers whether anything had to be asked of the server.
    async fn performs(&mut self, mut effects: Vec<Effect>) -> bool {
        let mut has_asked = false;
        while let Some(effect) = effects.pop() {
            match effect {
                Effect::Send(command) => {
                    has_asked = true;
                    if let Some(socket) = &mut self.socket {
                        socket.sends(&command).await;
                    }
                }
                Effect::Fetch(room_id) => {
                    has_asked = true;
                    match self.person.finds_room(room_id).await {
                        Some(snapshot) => effects.extend(self.client.open(snapshot)),
                        None => self.client.close(room_id),
                    }
                }
                _ => {}
            }
        }
        has_asked
    }

    /// Takes all that comes, until nothing more has to be asked.
    pub async fn settles(&mut self) {
        loop {
            let Some(socket) = &mut self.socket else {
                return;
            };
            socket.sends(&Command::Ping).await;
            let mut has_asked = false;
            loop {
                let Some(socket) = &mut self.socket else {
                    return;
                };
                match socket.next().await {
                    Event::Pong => break,
                    event => {
                        let effects = self.client.receive(event, Timestamp(0));
                        has_asked |= self.performs(effects).await;
                    }
                }
            }
            if !has_asked {
                return;
            }
        }
    }

    /// What the page does each second.
    pub async fn lives_a_second(&mut self) {
        let effects = self.client.tick(Timestamp(0));
        self.performs(effects).await;
        self.settles().await;
    }

    fn open_rooms(&self) -> Vec<RoomId> {
        let known = self.client.lists().rooms.keys();
        known
            .copied()
            .filter(|room_id| self.client.snapshot(*room_id).is_some())
            .collect()
    }

    /// What its person sees in it.
    pub fn sight(&self) -> Sight {
        let rooms = self.open_rooms();
        let rooms = rooms.iter().filter_map(|id| self.client.snapshot(*id));
        Sight::of(self.client.lists().clone(), rooms.cloned())
    }

    /// What its person would see in a tab opened now, with the same rooms.
    pub async fn fresh_sight(&self) -> Sight {
        Sight::fresh(&self.person, &self.open_rooms()).await
    }
}
