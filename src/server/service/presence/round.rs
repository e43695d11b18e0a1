//! The rounds of presence: what has stirred here is noted for the other nodes, what stirred there is read, and whoever looks
//! at somebody is told what has become of them. On a tick: the latest value, and only where somebody looks.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    Presences,
    nodes::BEAT_EVERY_MS,
    told::{Frames, Told},
};
use crate::{
    model::{Desks, PresenceFacts, PresenceStatus, RoomId, RoomKind, Timestamp, UserId, WireError},
    server::{
        clock::Clock,
        hub::{Connection, ConnectionId, Hub, Stirred, Topic},
        service::fault::Stored,
        store::{
            Store, circle, presence, rooms,
            writer::{Outcome, PresenceNote, Write, Writer},
        },
    },
};

/// Without anything that stirs: how often it is looked whether somebody has become away, or is gone for good.
const ROUND_EVERY: Duration = Duration::from_millis(500);
/// What stirs within this time is told at once, together.
const PAUSE: Duration = Duration::from_millis(250);
/// Between two looks at the other nodes.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Beyond so many rooms their kinds are asked for anew.
const KINDS: usize = 10_000;

/// Makes rounds until `stop`.
pub(in crate::server::service) struct Round {
    hub: Arc<Hub>,
    store: Store,
    writer: Writer,
    desks: Arc<Desks>,
    clock: Clock,
    presences: Arc<Presences>,
    /// What has stirred and is not dealt with yet.
    stirred: Stirred,
    /// Those at whom somebody looks here.
    watched: HashMap<UserId, Watched>,
    /// Whether a room is a support conversation.
    kinds: HashMap<RoomId, bool>,
    beaten_at: Option<Timestamp>,
    looked_at: Option<Instant>,
}

#[derive(Default)]
struct Watched {
    /// As the database has them.
    facts: PresenceFacts,
    told: Option<Told>,
}

impl Round {
    pub(in crate::server::service) fn new(
        hub: &Arc<Hub>,
        store: &Store,
        writer: &Writer,
        desks: &Arc<Desks>,
        clock: &Clock,
        presences: &Arc<Presences>,
    ) -> Self {
        Self {
            hub: Arc::clone(hub),
            store: store.clone(),
            writer: writer.clone(),
            desks: Arc::clone(desks),
            clock: clock.clone(),
            presences: Arc::clone(presences),
            stirred: Stirred::default(),
            watched: HashMap::new(),
            kinds: HashMap::new(),
            beaten_at: None,
            looked_at: None,
        }
    }

    pub(in crate::server::service) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                // Whether something stirs or not: it is time.
                _ = timeout(ROUND_EVERY, self.hub.stirring.noted()) => {}
            }
            if let Err(error) = self.round().await
                && !stop.is_cancelled()
            {
                tracing::warn!(%error, "who is there cannot be told just now");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(PAUSE) => {}
            }
        }
    }

    /// Where it fails half way, the next one does the rest.
    async fn round(&mut self) -> Result<(), WireError> {
        self.stirred.merge(self.hub.stirring.take());
        let now = self.clock.now();
        self.hold(now);
        self.note(now).await?;
        let has_changed_elsewhere = self.look(now).await?;
        self.shake().await?;
        self.load(has_changed_elsewhere).await?;
        self.tell(now).await
    }

    /// Who has come and gone.
    fn hold(&mut self, now: Timestamp) {
        let mut held = self.presences.held.lock();
        for (user_id, has_come) in std::mem::take(&mut self.stirred.moved) {
            let is_here = self.hub.count_of(user_id) > 0;
            if is_here || has_come {
                held.came(user_id, now);
            }
            if !is_here {
                held.went(user_id, now);
            }
        }
    }

    /// For the other nodes: what has changed here, and that this one is there.
    async fn note(&mut self, now: Timestamp) -> Result<(), WireError> {
        let (changes, is_empty) = {
            let held = self.presences.held.lock();
            (held.changes(now), held.is_empty())
        };
        let gone = self.presences.nodes.lock().gone();
        let is_due = self
            .beaten_at
            .is_none_or(|at| now.ms_since(at).abs() >= BEAT_EVERY_MS);
        let is_news = !changes.0.is_empty() || !changes.1.is_empty() || !gone.is_empty();
        if !is_news && (is_empty || !is_due) {
            return Ok(());
        }
        let (came, went) = changes.clone();
        let write = Write::Presence {
            node: self.presences.node.clone(),
            note: Box::new(PresenceNote::Held { came, went, gone }),
        };
        let Outcome::PresenceNoted { was_known } = self.writer.write(write).await? else {
            return Err(WireError::Internal);
        };
        self.beaten_at = Some(now);
        self.presences.held.lock().noted(&changes, was_known);
        // The database has by now when they were last seen.
        let went = changes.1.iter().map(|(user_id, _)| *user_id);
        self.stirred.chose.extend(went);
        Ok(())
    }

    /// Whether anybody may be elsewhere than before.
    async fn look(&mut self, now: Timestamp) -> Result<bool, WireError> {
        if self.looked_at.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return Ok(false);
        }
        let mut reader = self.store.read().await.stored()?;
        let rows = presence::nodes(&mut reader.conn()).await.stored()?;
        self.looked_at = Some(Instant::now());
        let (own, nodes) = (&self.presences.node, &self.presences.nodes);
        Ok(nodes.lock().look(rows, own, now))
    }

    /// Whoever was put out of a room may know fewer people, and be known by fewer: each client that this may concern is
    /// looked at once.
    async fn shake(&mut self) -> Result<(), WireError> {
        let shaken = &self.stirred.shaken;
        let mut concerned: HashMap<ConnectionId, Arc<Connection>> = HashMap::new();
        for user_id in shaken {
            let clients = self.hub.devices(*user_id).into_iter();
            let clients = clients.chain(self.hub.onlookers(*user_id));
            concerned.extend(clients.map(|client| (client.id(), client)));
        }
        for client in concerned.into_values() {
            let mut people = client.looks_at();
            if !shaken.contains(&client.user_id()) {
                people.retain(|user_id| shaken.contains(user_id));
            }
            self.look_away_from_strangers(&client, &people).await?;
        }
        self.stirred.shaken.clear();
        Ok(())
    }

    async fn look_away_from_strangers(
        &self,
        connection: &Connection,
        people: &[UserId],
    ) -> Result<(), WireError> {
        if people.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let (reader, desks) = (connection.actor(), connection.desks());
        let circle = circle::of(&mut conn, &self.desks, reader, desks);
        let circle = circle.await.stored()?;
        let known = circle::known(&mut conn, &circle, people).await.stored()?;
        for stranger in people.iter().filter(|id| !known.contains(id)) {
            self.hub.look_away(connection, *stranger);
        }
        Ok(())
    }

    /// Reads what may have changed of those at whom somebody looks.
    async fn load(&mut self, is_everybody: bool) -> Result<(), WireError> {
        let (hub, watched) = (&self.hub, &mut self.watched);
        watched.retain(|user_id, _| hub.count_of_topic(&Topic::Presence(*user_id)) > 0);
        let asked = self.stirred.asked.values();
        let mut ids: BTreeSet<UserId> = asked.flat_map(|(_, people)| people.clone()).collect();
        if is_everybody {
            ids.extend(watched.keys());
        } else {
            let chose = self.stirred.chose.iter();
            ids.extend(chose.filter(|user_id| watched.contains_key(user_id)));
        }
        let ids = Vec::from_iter(ids);
        if !ids.is_empty() {
            let nodes = self.presences.nodes.lock().known();
            let mut reader = self.store.read().await.stored()?;
            let mut conn = reader.conn();
            let facts = presence::facts(&mut conn, &ids, &nodes);
            for (user_id, facts) in facts.await.stored()? {
                watched.entry(user_id).or_default().facts = facts;
            }
        }
        self.stirred.chose.clear();
        Ok(())
    }

    async fn tell(&mut self, now: Timestamp) -> Result<(), WireError> {
        let ids: Vec<UserId> = self.watched.keys().copied().collect();
        let asked = self.stirred.asked.clone();
        let mut is_asked: BTreeSet<UserId> = BTreeSet::new();
        is_asked.extend(asked.values().flat_map(|(_, people)| people.iter()));
        let mut frames = HashMap::new();
        for user_id in ids {
            let Some(watched) = self.watched.get(&user_id) else {
                continue;
            };
            let (before, stored) = (watched.told, watched.facts);
            let facts = self.presences.with_own(&self.hub, user_id, stored, now);
            let room = self.place_of(user_id, facts.status(now)).await?;
            let told = Told::of(&facts, room, now);
            if before == Some(told) && !is_asked.contains(&user_id) {
                continue;
            }
            let frame = Frames::of(user_id, &facts, self.at(user_id, room, now), now);
            if let Some(before) = before.filter(|before| *before != told) {
                for onlooker in self.hub.onlookers(user_id) {
                    if told.is_news_to(&onlooker, user_id, before) {
                        onlooker.push(frame.for_reader(&onlooker));
                    }
                }
            }
            if let Some(watched) = self.watched.get_mut(&user_id) {
                watched.told = Some(told);
            }
            frames.insert(user_id, frame);
        }
        self.stirred.asked.clear();
        for (connection, people) in asked.into_values() {
            for frame in people.iter().filter_map(|user_id| frames.get(user_id)) {
                connection.push(frame.for_reader(&connection));
            }
        }
        Ok(())
    }

    /// The room at which somebody looks, where those who share it may be told so.
    async fn place_of(
        &mut self,
        user_id: UserId,
        status: PresenceStatus,
    ) -> Result<Option<RoomId>, WireError> {
        let Some(room_id) = self
            .hub
            .place_of(user_id)
            .filter(|_| status != PresenceStatus::Offline)
        else {
            return Ok(None);
        };
        let is_support = match self.kinds.get(&room_id) {
            Some(known) => *known,
            None => {
                let mut reader = self.store.read().await.stored()?;
                let room = rooms::by_id(&mut reader.conn(), room_id).await.stored()?;
                let is_support = room.is_none_or(|room| room.kind == RoomKind::Support);
                if self.kinds.len() >= KINDS {
                    self.kinds.clear();
                }
                self.kinds.insert(room_id, is_support);
                is_support
            }
        };
        Ok((!is_support).then_some(room_id))
    }

    fn at(&self, user_id: UserId, room: Option<RoomId>, now: Timestamp) -> Option<(RoomId, bool)> {
        let room_id = room?;
        Some((room_id, self.hub.typing.types(room_id, user_id, now)))
    }
}
