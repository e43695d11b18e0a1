//! Rooms in the public shape: lists in pages, one room, what is unread in all.

use std::collections::{BTreeMap, HashMap};

use super::{Services, Viewer, fault::Stored, rooms::granted};
use crate::{
    model::{
        Listed, Message, RoomFilter, RoomForMe, RoomId, RoomKind, Shelf, Slice, UserCard,
        WireError, limits::PARTICIPANTS, permission::Action,
    },
    protocol::public::{Participant, Person, PublicMessage, PublicRoom, Readership, RoomExtras},
    server::{
        hub::Hub,
        store::{
            Conn,
            details::{self, DetailRow, MemberRow},
            finding, history, lists, marks,
            rooms::RoomRow,
            sight::Sight,
        },
    },
};

/// The role in the room of those who are in it without a row: a support room's person and those who answer.
const IN_PERSON: &str = "member";

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
            items: shown(&mut conn, &self.hub, viewer, &found.items).await?,
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
        let mut rooms = shown(&mut conn, &self.hub, viewer, &[room_id]).await?;
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

/// These rooms as the viewer has them, in this order.
async fn shown(
    conn: &mut Conn<'_>,
    hub: &Hub,
    viewer: &Viewer,
    ids: &[RoomId],
) -> Result<Vec<PublicRoom>, WireError> {
    let rooms = lists::some(conn, viewer.actor(), ids).await.stored()?;
    let mut rooms: HashMap<RoomId, RoomForMe> =
        rooms.into_iter().map(|room| (room.id(), room)).collect();
    let details = details::of(conn, viewer.user_id, ids).await.stored()?;
    let mut last = last_messages(conn, viewer, &rooms).await?;
    let mut details: HashMap<RoomId, DetailRow> =
        details.into_iter().map(|row| (row.room_id, row)).collect();
    let mut members: BTreeMap<RoomId, Vec<MemberRow>> = BTreeMap::new();
    for row in details::members(conn, ids, PARTICIPANTS).await.stored()? {
        members.entry(row.room_id).or_default().push(row);
    }
    let shown = ids.iter().filter_map(|id| {
        let (room, row) = (rooms.remove(id)?, details.remove(id)?);
        let participants = match room.shared.kind {
            RoomKind::Support => in_person(hub, &room, &row),
            _ => members
                .remove(id)
                .unwrap_or_default()
                .into_iter()
                .map(|member| participant(hub, member))
                .collect(),
        };
        let extras = extras(&room, row, participants, last.remove(id));
        Some(PublicRoom::new(room, extras))
    });
    Ok(shown.collect())
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
    let mut last = HashMap::with_capacity(found.len());
    for change in found {
        if let Some(room) = rooms.get(&change.message.room_id) {
            let message = read_by(conn, viewer, room, change.message).await?;
            last.insert(room.id(), message);
        }
    }
    Ok(last)
}

/// A message as the viewer has it. Whether others have read it is looked up for the viewer's own alone.
async fn read_by(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    room: &RoomForMe,
    message: Message,
) -> Result<PublicMessage, WireError> {
    let receipts = if message.sender.id == viewer.user_id {
        marks::receipts(conn, room.id()).await.stored()?
    } else {
        BTreeMap::new()
    };
    let readership = Readership {
        reader: viewer.user_id,
        read_seq: room.read_seq,
        receipts: &receipts,
    };
    Ok(PublicMessage::for_reader(message, readership))
}

fn extras(
    room: &RoomForMe,
    row: DetailRow,
    participants: Vec<Participant>,
    last_message: Option<PublicMessage>,
) -> RoomExtras {
    let is_support = room.shared.kind == RoomKind::Support;
    let in_person = is_support.then(|| IN_PERSON.to_owned());
    RoomExtras {
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

/// A support room's people: whose it is and, for those who may know, who takes care of it.
fn in_person(hub: &Hub, room: &RoomForMe, row: &DetailRow) -> Vec<Participant> {
    let person = room.shared.user.clone().map(|card| Person {
        username: row.person_username.clone(),
        ..card.into()
    });
    let assignee = room
        .support
        .as_ref()
        .and_then(|state| state.assignee.clone());
    let people = person.into_iter().chain(assignee.map(Person::from));
    people
        .map(|user| Participant {
            user_id: user.id,
            presence: presence(hub, &user),
            user,
            role: IN_PERSON.to_owned(),
            room_role: IN_PERSON.to_owned(),
            joined_at: room.shared.created_at,
            is_active: true,
        })
        .collect()
}

fn participant(hub: &Hub, member: MemberRow) -> Participant {
    let user = Person {
        id: member.id,
        name: member.name,
        username: Some(member.username),
        role: member.role,
        avatar: None,
    };
    let role = match member.room_role.as_str() {
        "host" => "admin".to_owned(),
        other => other.to_owned(),
    };
    Participant {
        user_id: user.id,
        presence: presence(hub, &user),
        user,
        role,
        room_role: member.room_role,
        joined_at: member.joined_at,
        is_active: true,
    }
}

/// Whether somebody is connected to this node.
fn presence(hub: &Hub, person: &Person) -> &'static str {
    if hub.count_of(person.id) > 0 {
        "online"
    } else {
        "offline"
    }
}
