//! Presence: who is there, for those who may know.
//!
//! This node knows from its hub who is connected here ([`held`]), and by the database whom the others hold ([`nodes`]).
//! [`round`] notes the one for the others, and tells those who look at somebody here what has become of them: the latest
//! value, on a tick. The use cases below answer whoever asks, from both.
//!
//! Nothing but the database is needed for several nodes. What is of one node alone: the room at which somebody looks, and
//! typing, as other signs.

mod asking;
mod held;
mod nodes;
mod round;
mod told;

use parking_lot::Mutex;

pub use self::asking::Known;
pub(super) use self::round::Round;
use self::{held::Held, nodes::Nodes};
use super::{Services, Viewer, fault::Stored};
pub use crate::server::store::circle::KnownRow;
use crate::{
    model::{
        OwnPresence, PresenceFacts, PresenceStatus, Timestamp, UserId, WireError,
        limits::WATCHED_PEOPLE,
    },
    server::{
        hub::{Connection, Hub},
        random,
        store::{
            circle, presence,
            writer::{PresenceNote, Write},
        },
    },
};

/// What this node knows of who is there. Behind plain locks: their sections only touch maps and hold no `.await`.
#[derive(Debug)]
pub(super) struct Presences {
    /// What this node is called, anew at each start.
    node: String,
    held: Mutex<Held>,
    nodes: Mutex<Nodes>,
}

impl Presences {
    pub(super) fn new() -> Self {
        Self {
            node: random::token(),
            held: Mutex::default(),
            nodes: Mutex::default(),
        }
    }

    /// What is known of somebody, with what this node knows by itself.
    fn with_own(
        &self,
        hub: &Hub,
        user_id: UserId,
        stored: PresenceFacts,
        now: Timestamp,
    ) -> PresenceFacts {
        let is_connected = hub.count_of(user_id) > 0;
        let (active_at, left_at) = self.held.lock().of(user_id, is_connected, now);
        let is_hidden = stored.own.chosen == PresenceStatus::Offline;
        PresenceFacts {
            own: stored.own,
            last_seen_at: stored.last_seen_at.max(left_at.filter(|_| !is_hidden)),
            active_at: stored.active_at.max(active_at),
        }
    }
}

impl Services {
    /// What the viewer has chosen.
    pub async fn own_presence(&self, viewer: &Viewer) -> Result<OwnPresence, WireError> {
        let mut reader = self.store.read().await.stored()?;
        presence::own(&mut reader.conn(), viewer.user_id)
            .await
            .stored()
    }

    /// The viewer does something themselves.
    pub fn is_active(&self, viewer: &Viewer) {
        if self.hub.count_of(viewer.user_id) > 0 {
            let now = self.clock.now();
            self.presences.held.lock().acted(viewer.user_id, now);
        }
    }

    /// The viewer wants to be seen as that. Errors: `rate_limited`.
    pub async fn choose_presence(
        &self,
        viewer: &Viewer,
        chosen: PresenceStatus,
    ) -> Result<(), WireError> {
        self.limiter.choice(viewer.user_id)?;
        self.is_active(viewer);
        if self.own_presence(viewer).await?.chosen == chosen {
            return Ok(());
        }
        let note = PresenceNote::Chosen(viewer.user_id, chosen);
        self.note_choice(viewer, note).await
    }

    /// Whether others are told when the viewer was last seen. Errors: `rate_limited`.
    pub async fn hide_last_seen(&self, viewer: &Viewer, hides: bool) -> Result<(), WireError> {
        self.limiter.choice(viewer.user_id)?;
        let note = PresenceNote::LastSeenHidden(viewer.user_id, hides);
        self.note_choice(viewer, note).await
    }

    async fn note_choice(&self, viewer: &Viewer, note: PresenceNote) -> Result<(), WireError> {
        let write = Write::Presence {
            node: self.presences.node.clone(),
            note: Box::new(note),
        };
        self.writer.write(write).await?;
        self.hub.stirring.chose(viewer.user_id);
        Ok(())
    }

    /// The viewer's device looks at these people from now on, as far as the viewer may know of them; of those who are new
    /// to it, it is told how it is. Errors: `invalid` on `user_ids` for too many.
    pub async fn watch_people(
        &self,
        viewer: &Viewer,
        connection: &std::sync::Arc<Connection>,
        ids: &[UserId],
    ) -> Result<(), WireError> {
        if ids.len() > WATCHED_PEOPLE {
            let problem = format!("At most {WATCHED_PEOPLE} people at once.");
            return Err(WireError::field("user_ids", problem));
        }
        if ids.is_empty() && connection.looks_at().is_empty() {
            return Ok(());
        }
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let desks = &self.settings.desks;
        let circle = circle::of(&mut conn, desks, viewer.actor(), &viewer.desks);
        let circle = circle.await.stored()?;
        let known = circle::known(&mut conn, &circle, ids).await.stored()?;
        drop(tx);
        self.hub.look_at(connection, &known);
        Ok(())
    }
}
