//! Asking who is there: one person, those whom one knows, those who are online, those who type.

use std::collections::HashMap;

use crate::{
    model::{
        Listed, Presence, PresenceFacts, PresenceStatus, RoomId, RoomKind, Slice, UserId,
        WireError, limits::WATCHED_PEOPLE, permission::Action,
    },
    server::{
        service::{Services, Viewer, fault::Stored, rooms::granted},
        store::{
            Conn,
            circle::{self, Circle, KnownRow},
            presence, sessions,
        },
    },
};

/// Somebody whom the viewer knows, and whether they are there.
pub type Known = (KnownRow, Presence);

impl Services {
    /// Whether these people are there, whoever asks.
    pub(in crate::server::service) async fn statuses(
        &self,
        conn: &mut Conn<'_>,
        ids: &[UserId],
    ) -> Result<HashMap<UserId, PresenceStatus>, WireError> {
        let (facts, now) = (self.facts_of(conn, ids).await?, self.clock.now());
        Ok(facts
            .into_iter()
            .map(|(user_id, facts)| (user_id, facts.status(now)))
            .collect())
    }

    async fn facts_of(
        &self,
        conn: &mut Conn<'_>,
        ids: &[UserId],
    ) -> Result<HashMap<UserId, PresenceFacts>, WireError> {
        let (presences, now) = (&self.presences, self.clock.now());
        let nodes = presences.nodes.lock().known();
        let stored = presence::facts(conn, ids, &nodes).await.stored()?;
        Ok(stored
            .into_iter()
            .map(|(user_id, facts)| {
                let facts = presences.with_own(&self.hub, user_id, facts, now);
                (user_id, facts)
            })
            .collect())
    }

    /// The viewer's own, as others see it while the viewer is there: whoever asks, is.
    pub async fn own_as_seen(&self, viewer: &Viewer) -> Result<Presence, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let (id, now) = (viewer.user_id, self.clock.now());
        let mut facts = self
            .facts_of(&mut conn, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default();
        facts.active_at.get_or_insert(now);
        let mut own = facts.presence(id, now);
        own.chosen = Some(facts.own.chosen);
        Ok(own)
    }

    /// Somebody's. Errors: `not_found` for those of whom the viewer may not know.
    pub async fn presence_of(
        &self,
        viewer: &Viewer,
        user_id: UserId,
    ) -> Result<Presence, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let circle = self.circle(&mut conn, viewer).await?;
        let known = circle::known(&mut conn, &circle, &[user_id])
            .await
            .stored()?;
        if known.is_empty() {
            return Err(WireError::NotFound);
        }
        let mut told = self.told_of(&mut conn, viewer, &known).await?;
        told.pop().ok_or(WireError::NotFound)
    }

    /// Those whom the viewer knows and whose names hold `part`, by name. `is_online`: those alone who are there.
    pub async fn people(
        &self,
        viewer: &Viewer,
        part: &str,
        is_online: bool,
        slice: Slice,
    ) -> Result<Listed<Known>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let circle = self.circle(&mut conn, viewer).await?;
        let nodes = is_online.then(|| {
            let mut nodes = self.presences.nodes.lock().known();
            nodes.push(self.presences.node.clone());
            nodes
        });
        let found = circle::people(&mut conn, &circle, part, nodes.as_deref(), slice);
        let found = found.await.stored()?;
        let ids: Vec<UserId> = found.items.iter().map(|row| row.id).collect();
        let told = self.told_of(&mut conn, viewer, &ids).await?;
        Ok(Listed {
            count: found.count,
            items: found.items.into_iter().zip(told).collect(),
        })
    }

    /// The people whom a device is shown that does not say at whom it looks. Errors: `unauthorized` where the session has
    /// ended meanwhile.
    pub async fn first_known(&self, viewer: &Viewer) -> Result<Vec<UserId>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let is_in_force = sessions::is_in_force(&mut conn, viewer.session_id, self.clock.now());
        if !is_in_force.await.stored()? {
            return Err(WireError::Unauthorized);
        }
        let circle = self.circle(&mut conn, viewer).await?;
        let first = Slice {
            limit: i64::try_from(WATCHED_PEOPLE).unwrap_or(1) - 1,
            offset: 0,
        };
        let found = circle::people(&mut conn, &circle, "", None, first);
        let found = found.await.stored()?;
        let others = found.items.into_iter().map(|row| row.id);
        Ok(std::iter::once(viewer.user_id).chain(others).collect())
    }

    /// Who types in a room, but for the viewer. Of this node, as the signs themselves. Errors: `not_found`.
    pub async fn typing_in(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<Vec<(UserId, String)>, WireError> {
        let mut reader = self.store.read().await.stored()?;
        granted(&mut reader.conn(), viewer, Action::Read, room_id).await?;
        let mut people = self.hub.typing.in_room(room_id, self.clock.now());
        people.retain(|(user_id, _)| *user_id != viewer.user_id);
        Ok(people)
    }

    async fn circle(&self, conn: &mut Conn<'_>, viewer: &Viewer) -> Result<Circle, WireError> {
        circle::of(conn, &self.settings.desks, viewer.actor(), &viewer.desks)
            .await
            .stored()
    }

    /// What the viewer is told of these people, in this order.
    async fn told_of(
        &self,
        conn: &mut Conn<'_>,
        viewer: &Viewer,
        ids: &[UserId],
    ) -> Result<Vec<Presence>, WireError> {
        let (facts, now) = (self.facts_of(conn, ids).await?, self.clock.now());
        let mut shared: HashMap<RoomId, bool> = HashMap::new();
        let mut told = Vec::with_capacity(ids.len());
        for user_id in ids {
            let facts = facts.get(user_id).copied().unwrap_or_default();
            let mut presence = facts.presence(*user_id, now);
            let place = self.hub.place_of(*user_id);
            let place = place.filter(|_| presence.status != PresenceStatus::Offline);
            if let Some(room_id) = place {
                let is_shared = match shared.get(&room_id) {
                    Some(known) => *known,
                    None => shares(conn, viewer, room_id).await?,
                };
                shared.insert(room_id, is_shared);
                if is_shared {
                    presence.current_room = Some(room_id);
                    presence.is_typing = self.hub.typing.types(room_id, *user_id, now);
                }
            }
            told.push(presence);
        }
        Ok(told)
    }
}

/// Whether the viewer is in that room too. Who looks at a support conversation is told otherwise, and to those who answer.
async fn shares(conn: &mut Conn<'_>, viewer: &Viewer, room_id: RoomId) -> Result<bool, WireError> {
    match granted(conn, viewer, Action::Read, room_id).await {
        Ok(room) => Ok(room.kind != RoomKind::Support),
        Err(WireError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
