//! Rooms in the public shape: lists in pages, one room, what is unread in all.

use std::collections::{BTreeMap, HashMap};

use super::{
    Services, Viewer,
    fault::Stored,
    participants::{IN_PERSON, in_person, participant},
    rooms::granted,
};
use crate::{
    model::{
        Listed, RoomFilter, RoomForMe, RoomId, RoomKind, Shelf, Slice, Timestamp, UserCard, UserId,
        WireError, limits::PARTICIPANTS, permission::Action,
    },
    protocol::public::{Participant, PublicMessage, PublicRoom, Readership, RoomExtras},
    server::store::{
        Conn,
        details::{self, DetailRow, MemberRow},
        finding, history, lists, marks,
        rooms::RoomRow,
        sight::Sight,
    },
};

impl Services {
    /// The rooms of a shelf that the viewer sees and that match, last activity first.
    pub async fn find_rooms(
        &self,
        viewer: &Viewer,
        filter: &RoomFilter,
        slice: Slice,
    ) -> Result<Listed<PublicRoom>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let found = finding::rooms(&mut conn, viewer.actor(), &viewer.desks, filter, slice)
            .await
            .stored()?;
        Ok(Listed {
            count: found.count,
            items: self.shown(&mut conn, viewer, &found.items).await?,
        })
    }

    /// One room, if it stands on that shelf (none: on any). Errors: `not_found`.
    pub async fn public_room(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
    ) -> Result<PublicRoom, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        on_shelf(&mut conn, viewer, shelf, room_id).await?;
        let mut rooms = self.shown(&mut conn, viewer, &[room_id]).await?;
        rooms.pop().ok_or(WireError::NotFound)
    }

    /// One room, of which those who are not in it see the card alone. Errors: `not_found`.
    pub async fn known_room(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<PublicRoom, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        granted(&mut conn, viewer, Action::SeeCard, room_id).await?;
        let mut rooms = self.shown(&mut conn, viewer, &[room_id]).await?;
        rooms.pop().ok_or(WireError::NotFound)
    }

    /// What is unread in one room, if it stands on that shelf. Errors: `not_found`.
    pub async fn unread_in(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
    ) -> Result<i64, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = on_shelf(&mut conn, viewer, shelf, room_id).await?;
        let sight = Sight::of(viewer.actor(), room.whose());
        let read_seq = marks::read_seq(&mut conn, viewer.user_id, room_id)
            .await
            .stored()?;
        marks::unread(&mut conn, sight, room_id, read_seq)
            .await
            .stored()
    }

    /// What is unread in everything that the viewer sees.
    pub async fn unread_total(&self, viewer: &Viewer) -> Result<i64, WireError> {
        let mut reader = self.store.read().await.stored()?;
        finding::unread(&mut reader.conn(), viewer.actor(), &viewer.desks)
            .await
            .stored()
    }
}

/// The room, if the viewer may read it and it stands on that shelf. Errors: `not_found`.
pub(super) async fn on_shelf(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    shelf: Option<Shelf>,
    room_id: RoomId,
) -> Result<RoomRow, WireError> {
    let room = granted(conn, viewer, Action::Read, room_id).await?;
    if shelf.is_some_and(|shelf| !shelf.kinds().contains(&room.kind)) {
        return Err(WireError::NotFound);
    }
    Ok(room)
}

impl Services {
    /// These rooms as the viewer has them, in this order; of those in which they are not, the card.
    pub(super) async fn shown(
        &self,
        conn: &mut Conn<'_>,
        viewer: &Viewer,
        ids: &[RoomId],
    ) -> Result<Vec<PublicRoom>, WireError> {
        let now = self.clock.now();
        let rooms = lists::some(conn, viewer.actor(), ids).await.stored()?;
        let rooms = rooms.into_iter().map(as_known);
        let mut rooms: HashMap<RoomId, RoomForMe> = rooms.map(|room| (room.id(), room)).collect();
        let details = details::of(conn, viewer.user_id, ids).await.stored()?;
        let mut last = last_messages(conn, viewer, &rooms).await?;
        let mut details: HashMap<RoomId, DetailRow> =
            details.into_iter().map(|row| (row.room_id, row)).collect();
        let mut members: BTreeMap<RoomId, Vec<MemberRow>> = BTreeMap::new();
        for row in details::members(conn, ids, PARTICIPANTS).await.stored()? {
            members.entry(row.room_id).or_default().push(row);
        }
        let statuses = self.statuses(conn, &people(&rooms, &members)).await?;
        let shown = ids.iter().filter_map(|id| {
            let (room, row) = (rooms.remove(id)?, details.remove(id)?);
            let participants = match room.shared.kind {
                RoomKind::Support => in_person(&statuses, &room, &row),
                _ if room.role.is_none() => Vec::new(),
                _ => members
                    .remove(id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|member| participant(&statuses, member))
                    .collect(),
            };
            let extras = extras((&room, now), row, participants, last.remove(id));
            Some(PublicRoom::new(room, extras))
        });
        Ok(shown.collect())
    }
}

/// Everybody whom these rooms name.
fn people(
    rooms: &HashMap<RoomId, RoomForMe>,
    members: &BTreeMap<RoomId, Vec<MemberRow>>,
) -> Vec<UserId> {
    let by_row = members.values().flatten().map(|member| member.id);
    let in_person = rooms.values().flat_map(|room| {
        let assignee = room
            .support
            .as_ref()
            .and_then(|state| state.assignee.as_ref());
        room.shared.user.iter().chain(assignee).map(|card| card.id)
    });
    let mut people: Vec<UserId> = by_row.chain(in_person).collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The room as far as its reader knows it: what goes on inside is for those who are in.
fn as_known(room: RoomForMe) -> RoomForMe {
    if room.shared.kind == RoomKind::Support || room.role.is_some() {
        return room;
    }
    RoomForMe {
        member_count: room.member_count,
        ..RoomForMe::new(room.shared)
    }
}

/// The last message of each room, as the viewer's list has it.
async fn last_messages(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    rooms: &HashMap<RoomId, RoomForMe>,
) -> Result<HashMap<RoomId, PublicMessage>, WireError> {
    let ids: Vec<_> = rooms
        .values()
        .filter_map(|room| room.last_message.as_ref().map(|last| last.id))
        .collect();
    let found = history::by_ids(conn, &ids).await.stored()?;
    let me = viewer.user_id;
    // Whether others have read it is looked up for the viewer's own alone.
    let own = found.iter().filter(|change| change.message.sender.id == me);
    let own: Vec<RoomId> = own.map(|change| change.message.room_id).collect();
    let receipts = marks::receipts_of(conn, &own).await.stored()?;
    let deliveries = marks::deliveries_of(conn, &own).await.stored()?;
    let nobody = BTreeMap::new();
    let mut last = HashMap::with_capacity(found.len());
    for change in found {
        if let Some(room) = rooms.get(&change.message.room_id) {
            let readership = Readership {
                reader: me,
                read_seq: room.read_seq,
                receipts: receipts.get(&room.id()).unwrap_or(&nobody),
                deliveries: deliveries.get(&room.id()).unwrap_or(&nobody),
                person: room.shared.user.as_ref().map(|user| user.id),
            };
            let message = PublicMessage::for_reader(change.message, readership);
            last.insert(room.id(), message);
        }
    }
    Ok(last)
}

fn extras(
    (room, now): (&RoomForMe, Timestamp),
    row: DetailRow,
    participants: Vec<Participant>,
    last_message: Option<PublicMessage>,
) -> RoomExtras {
    let is_support = room.shared.kind == RoomKind::Support;
    let in_person = is_support.then(|| IN_PERSON.to_owned());
    RoomExtras {
        host: host(&row),
        has_pending_request: row.requests > 0,
        is_banned: row.bans > 0,
        is_muted: room.muted_until.is_some_and(|until| until > now),
        created_by: UserCard {
            id: row.creator_id,
            name: row.creator_name,
            role: row.creator_role,
        },
        is_archived: row.archived_at.is_some(),
        role: row.member_role.or(in_person),
        participant_count: if is_support {
            i64::try_from(participants.len()).unwrap_or_default()
        } else {
            row.member_count
        },
        participants,
        user_email: row.person_email,
        last_message,
    }
}

fn host(row: &DetailRow) -> Option<UserCard> {
    Some(UserCard {
        id: row.host_id?,
        name: row.host_name.clone()?,
        role: row.host_role?,
    })
}
