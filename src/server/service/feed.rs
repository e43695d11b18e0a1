//! What a socket needs: a place in the hub, `hello`, and the answer to `resume`.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{
    RESUME_CHANGES, Services, Viewer,
    catching_up::shared_after,
    fault::Stored,
    room_events::member_event,
    rooms::{lists_of, readable},
    school::alerts_for,
};
use crate::{
    model::{Epoch, RoomId, Seq, WireError, permission::may_see},
    protocol::{Event, Hello, ResumeFrom, RoomUpdated},
    server::{
        hub::{Connection, Outbox, Topic},
        store::{
            Conn, blocks, following, marks, members,
            messages::{self, Change},
            rooms, school, sessions, users,
        },
    },
};

impl Services {
    /// Gives a socket its place in the hub: from now on its frames queue.
    pub async fn connect(&self, viewer: &Viewer) -> Result<(Arc<Connection>, Outbox), WireError> {
        let (connection, outbox) =
            Connection::new(viewer.actor(), viewer.session_id, viewer.desks.clone());
        // First the person's own topic, then their rooms: a room made in between comes by the first.
        self.hub.register(&connection);
        match self.subscribe(&connection).await {
            Ok(()) => Ok((connection, outbox)),
            Err(error) => {
                self.hub.remove(&connection);
                Err(error)
            }
        }
    }

    /// Subscribes a device to the rooms that its user is in now, and notes from where on this node publishes for it:
    /// from a moment after the subscription and before the `hello` that follows.
    pub async fn subscribe(&self, connection: &Arc<Connection>) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let user_id = connection.user_id();
        // Before the rooms: one that another node makes in between counts as not told yet, and is.
        let rev = users::rev(&mut conn, user_id).await.stored()?;
        let ids = rooms::ids_of_person(&mut conn, user_id).await.stored()?;
        for room_id in &ids {
            self.hub.subscribe(connection, Topic::Room(*room_id));
        }
        self.hub.start_list(user_id, rev);
        let mut counters = rooms::counters(&mut conn, &ids).await.stored()?;
        for desk in connection.desks() {
            counters.extend(rooms::counters_of_desk(&mut conn, desk).await.stored()?);
        }
        self.hub.start_rooms(connection, counters);
        Ok(())
    }

    /// Who the viewer is and their whole list. Errors: `unauthorized` where the session has ended meanwhile, `unavailable`
    /// where the role has changed: with another one they come back.
    pub async fn hello(&self, viewer: &Viewer) -> Result<Hello, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let now = self.clock.now();
        if !sessions::is_in_force(&mut conn, viewer.session_id, now)
            .await
            .stored()?
        {
            return Err(WireError::Unauthorized);
        }
        let user = users::by_id(&mut conn, viewer.user_id)
            .await
            .stored()?
            .ok_or(WireError::Unauthorized)?;
        if user.role != viewer.role {
            return Err(WireError::Unavailable);
        }
        let rooms = lists_of(&mut conn, viewer).await?;
        Ok(Hello {
            user: user.card(),
            epoch: self.epoch.clone(),
            server_time: now,
            heartbeat_interval: self.settings.limits.heartbeat_ms / 1000,
            user_rev: user.rev,
            rooms,
            alerts: alerts_for(&mut conn, viewer.user_id, now).await?,
            blocked: blocks::cards_of(&mut conn, viewer.user_id).await.stored()?,
            policy: school::policy(&mut conn).await.stored()?,
        })
    }

    /// What changed in a room since the viewer last knew it: messages in their present state, the others' marks, then
    /// `caught_up`; or `reset` where that is too much or makes no sense. All of one moment.
    pub async fn resume(
        &self,
        viewer: &Viewer,
        epoch: &Epoch,
        from: ResumeFrom,
    ) -> Result<Vec<Event>, WireError> {
        let ResumeFrom { room_id, since } = from;
        // Nothing stands before the first change.
        let since = since.max(Seq::default());
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = readable(&mut conn, viewer, room_id).await?;
        let reset = vec![Event::Reset { room_id }];
        if *epoch != self.epoch || since > room.seq {
            return Ok(reset);
        }
        if following::is_afresh(&mut conn, room_id, viewer.user_id, since)
            .await
            .stored()?
        {
            return Ok(reset);
        }
        let seen = |change: &Change| {
            let (reader, whose) = (viewer.actor(), room.whose(viewer.user_id));
            may_see(reader, whose, change.audience, change.message.sender.id)
        };
        let Some(mut events) = changes(&mut conn, room_id, since, seen).await? else {
            return Ok(reset);
        };
        let seq = room.seq;
        events.extend(room_changes(&mut conn, room_id, since).boxed().await?);
        events.extend(room.support.map(|support| Event::SupportUpdated {
            room_id,
            seq,
            support: Box::new(support),
        }));
        events.push(Event::CaughtUp { room_id, seq });
        Ok(events)
    }
}

/// What the room is and who is in it, where that has changed since.
async fn room_changes(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
) -> Result<Vec<Event>, WireError> {
    let mut events = Vec::new();
    if let Some(room) = shared_after(conn, room_id, since).await.stored()? {
        events.push(Event::RoomUpdated(Box::new(RoomUpdated {
            room_id,
            seq: rooms::rev(conn, room_id).await.stored()?,
            room,
            message: None,
        })));
    }
    let changed = members::changed_after(conn, room_id, since)
        .await
        .stored()?;
    if !changed.is_empty() {
        let count = members::count(conn, room_id).await.stored()?;
        let told = changed
            .into_iter()
            .map(|(seq, now)| member_event(room_id, seq, now, count, None));
        events.extend(told);
    }
    Ok(events)
}

async fn changes(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
    seen: impl Fn(&Change) -> bool,
) -> Result<Option<Vec<Event>>, WireError> {
    let limit = i64::try_from(RESUME_CHANGES + 1).unwrap_or(i64::MAX);
    let changed = messages::changed_after(conn, room_id, since, limit)
        .await
        .stored()?;
    if changed.len() > RESUME_CHANGES {
        return Ok(None);
    }
    let mut events: Vec<Event> = changed
        .into_iter()
        // What is left out is covered by `caught_up`.
        .filter(seen)
        .map(|change| Event::ChatMessage {
            room_id,
            seq: change.message.rev,
            message: Box::new(change.message),
        })
        .collect();
    let deliveries = marks::deliveries(conn, room_id).await.stored()?;
    events.extend(
        deliveries
            .into_iter()
            .map(|(user_id, read_seq)| Event::MessagesDelivered {
                room_id,
                user_id,
                read_seq,
            }),
    );
    let receipts = marks::receipts(conn, room_id).await.stored()?;
    events.extend(
        receipts
            .into_iter()
            .map(|(user_id, read_seq)| Event::MessagesRead {
                room_id,
                user_id,
                read_seq,
            }),
    );
    Ok(Some(events))
}
