//! Rooms as a viewer has them: the list, a snapshot, older pages, the own support room.

use super::{Services, Viewer, fault::Stored, school::alerts_for, zones::zone};
use crate::{
    model::{
        Desk, RoomForMe, RoomId, Seq, Timestamp, WireError,
        limits::{SNAPSHOT_MEMBERS, SNAPSHOT_MESSAGES},
        permission::{Action, Actor, may},
    },
    server::store::{
        Conn, blocks, contacts, lists, marks, members, messages,
        rooms::{self, RoomRow},
        school,
        sight::Sight,
        users,
        writer::{Outcome, Write},
    },
    sync::{Lists, Members, Page, Snapshot},
};

/// The room, if the viewer may do that in it; checked in the read that goes on to use it. For what does not depend on
/// the time: who is muted reads like others.
pub(super) async fn granted(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    action: Action,
    room_id: RoomId,
) -> Result<RoomRow, WireError> {
    granted_at(conn, viewer, action, room_id, Timestamp(i64::MAX)).await
}

/// The same at a time: who is muted does not write.
pub(super) async fn granted_at(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    action: Action,
    room_id: RoomId,
    now: Timestamp,
) -> Result<RoomRow, WireError> {
    let room = rooms::by_id(conn, room_id)
        .await
        .stored()?
        .ok_or(WireError::NotFound)?;
    let membership = members::membership(conn, room_id, viewer.user_id, now)
        .await
        .stored()?;
    let desk = room.desk.as_ref();
    let is_served = desk.is_some_and(|desk| viewer.desks.contains(desk));
    let is_closed = action.is_writing()
        && contacts::is_closed(conn, &room, viewer.user_id)
            .await
            .stored()?;
    let facts = room.facts(membership, is_served).closed(is_closed);
    may(viewer.actor(), action, &facts)?;
    Ok(room)
}

/// The room as the viewer has it, if they may read it.
pub(super) async fn readable(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    room_id: RoomId,
) -> Result<RoomForMe, WireError> {
    granted(conn, viewer, Action::Read, room_id).await?;
    lists::one(conn, viewer.actor(), room_id)
        .await
        .stored()?
        .ok_or(WireError::NotFound)
}

/// The viewer's whole list, of one moment.
pub(super) async fn lists_of(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
) -> Result<Vec<RoomForMe>, WireError> {
    let mut rooms = lists::of_person(conn, viewer.actor()).await.stored()?;
    for desk in &viewer.desks {
        rooms.extend(lists::of_desk(conn, viewer.actor(), desk).await.stored()?);
    }
    Ok(rooms)
}

/// Who is in a room, where they are few enough to be told.
async fn members_of(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Members, WireError> {
    let most = i64::try_from(SNAPSHOT_MEMBERS + 1).unwrap_or(i64::MAX);
    let members = members::of_room(conn, room_id, most, 0).await.stored()?;
    Ok(Members::of(members))
}

pub(super) fn page_size() -> i64 {
    i64::try_from(SNAPSHOT_MESSAGES).unwrap_or(50)
}

/// Asks for one message more than a page holds: whether it comes says whether there are older ones.
async fn page(
    conn: &mut Conn<'_>,
    sight: Sight,
    room_id: RoomId,
    before: Option<Seq>,
) -> Result<Page, WireError> {
    let mut messages = messages::before(conn, sight, room_id, before, page_size() + 1)
        .await
        .stored()?;
    let has_older = messages.len() > SNAPSHOT_MESSAGES;
    if has_older {
        messages.remove(0);
    }
    Ok(Page {
        messages,
        has_older,
        ..Page::default()
    })
}

impl Services {
    /// The viewer's list.
    pub async fn lists(&self, viewer: &Viewer) -> Result<Lists, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let user_rev = users::rev(&mut conn, viewer.user_id).await.stored()?;
        let rooms = lists_of(&mut conn, viewer).await?;
        Ok(Lists {
            me: viewer.user_id,
            epoch: self.epoch.clone(),
            user_rev,
            rooms: rooms.into_iter().map(|room| (room.id(), room)).collect(),
            alerts: alerts_for(&mut conn, viewer.user_id, self.clock.now()).await?,
            blocked: blocks::cards_of(&mut conn, viewer.user_id).await.stored()?,
            policy: school::policy(&mut conn).await.stored()?,
        })
    }

    /// A room as the viewer has it, of one moment. Errors: `not_found`.
    pub async fn snapshot(&self, viewer: &Viewer, room_id: RoomId) -> Result<Snapshot, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = readable(&mut conn, viewer, room_id).await?;
        let sight = Sight::of(viewer.actor(), room.whose(viewer.user_id));
        let newest = page(&mut conn, sight, room_id, None).await?;
        self.snapshot_of(&mut conn, viewer, room, newest).await
    }

    /// The room with that part of its history, of one moment.
    pub(super) async fn snapshot_of(
        &self,
        conn: &mut Conn<'_>,
        viewer: &Viewer,
        room: RoomForMe,
        part: Page,
    ) -> Result<Snapshot, WireError> {
        let room_id = room.id();
        let user = users::by_id(conn, viewer.user_id)
            .await
            .stored()?
            .ok_or(WireError::Unauthorized)?;
        let now = self.clock.now();
        Ok(Snapshot {
            me: viewer.user_id,
            seq: room.seq,
            room,
            messages: part.messages,
            has_older: part.has_older,
            has_newer: part.has_newer,
            members: members_of(conn, room_id).await?,
            receipts: marks::receipts(conn, room_id).await.stored()?,
            deliveries: marks::deliveries(conn, room_id).await.stored()?,
            user_rev: user.rev,
            epoch: self.epoch.clone(),
            zone: zone(&user.time_zone, now),
            taken_at: now,
        })
    }

    /// A page of a room's messages before `before`. Errors: `not_found`.
    pub async fn older(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        before: Seq,
    ) -> Result<Page, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = granted(&mut conn, viewer, Action::Read, room_id).await?;
        let sight = Sight::of(viewer.actor(), room.whose());
        let older = page(&mut conn, sight, room_id, Some(before)).await?;
        Ok(Page {
            has_newer: true,
            ..older
        })
    }

    /// One room as the viewer has it, or none where it is not theirs to see.
    pub async fn room_for(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<Option<RoomForMe>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        match readable(&mut conn, viewer, room_id).await {
            Ok(room) => Ok(Some(room)),
            Err(WireError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The actor's own support room at the default desk, made on first use. Errors: `forbidden` for staff.
    pub async fn open_support_room(&self, actor: Actor) -> Result<RoomId, WireError> {
        self.open_support_room_at(actor, Desk::default_desk()).await
    }

    /// The same at that desk. Errors: `forbidden` for those who answer there too.
    pub async fn open_support_room_at(
        &self,
        actor: Actor,
        desk: Desk,
    ) -> Result<RoomId, WireError> {
        let write = Write::OpenSupportRoom {
            user_id: actor.id,
            desk,
        };
        match self.writer.write(write).await? {
            Outcome::SupportRoom { room, .. } => Ok(room.id()),
            _ => Err(WireError::Internal),
        }
    }
}
