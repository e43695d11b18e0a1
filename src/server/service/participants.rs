//! Who is in a room, in the public shape, and what those ask who are not.

use std::collections::HashMap;

use super::{Services, Viewer, browsing::on_shelf, fault::Stored, rooms::granted};
use crate::{
    model::{
        JoinRequestId, Listed, PresenceStatus, RoomForMe, RoomId, RoomKind, Slice, UserId,
        WireError, permission::Action,
    },
    protocol::public::{Participant, Person},
    server::store::{
        details::{self, DetailRow, MemberRow},
        members, requests,
    },
};

/// Whether people are there.
pub(super) type Statuses = HashMap<UserId, PresenceStatus>;

/// The role in the room of those who are in it without a row: a support room's person and those who answer.
pub(super) const IN_PERSON: &str = "member";

impl Services {
    /// Who is in a room: hosts first, then by name; a support room's people. Errors: `not_found`.
    pub async fn participants(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        slice: Slice,
    ) -> Result<Listed<Participant>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = on_shelf(&mut conn, viewer, None, room_id).await?;
        if room.kind == RoomKind::Support {
            let rooms = self.shown(&mut conn, viewer, &[room_id]).await?;
            let people = rooms.first().map_or(&[][..], |room| room.participants());
            return Ok(part_of(people, slice));
        }
        let rows = details::of_room(&mut conn, room_id, None, slice)
            .await
            .stored()?;
        let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
        let statuses = self.statuses(&mut conn, &ids).await?;
        Ok(Listed {
            count: members::count(&mut conn, room_id).await.stored()?,
            items: rows
                .into_iter()
                .map(|row| participant(&statuses, row))
                .collect(),
        })
    }

    /// One of them, by row. Errors: `not_found`.
    pub async fn participant(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        user_id: UserId,
    ) -> Result<Participant, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        on_shelf(&mut conn, viewer, None, room_id).await?;
        let one = Slice {
            limit: 1,
            offset: 0,
        };
        let mut rows = details::of_room(&mut conn, room_id, Some(user_id), one)
            .await
            .stored()?;
        let row = rows.pop().ok_or(WireError::NotFound)?;
        let statuses = self.statuses(&mut conn, &[row.id]).await?;
        Ok(participant(&statuses, row))
    }

    /// What that person asks there and nobody has decided yet. Errors: `not_found`, `forbidden`.
    pub async fn pending_request(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        user_id: UserId,
    ) -> Result<JoinRequestId, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        granted(&mut conn, viewer, Action::SeeRequests, room_id).await?;
        let request = requests::pending_of(&mut conn, room_id, user_id)
            .await
            .stored()?;
        Ok(request.ok_or(WireError::NotFound)?.id)
    }
}

fn part_of(people: &[Participant], slice: Slice) -> Listed<Participant> {
    let number = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let (offset, limit) = (number(slice.offset), number(slice.limit));
    Listed {
        count: i64::try_from(people.len()).unwrap_or(i64::MAX),
        items: people.iter().skip(offset).take(limit).cloned().collect(),
    }
}

/// A support room's people: whose it is and, for those who may know, who takes care of it.
pub(super) fn in_person(
    statuses: &Statuses,
    room: &RoomForMe,
    row: &DetailRow,
) -> Vec<Participant> {
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
            presence: presence(statuses, &user),
            user,
            role: IN_PERSON.to_owned(),
            room_role: IN_PERSON.to_owned(),
            joined_at: room.shared.created_at,
            is_active: true,
        })
        .collect()
}

pub(super) fn participant(statuses: &Statuses, member: MemberRow) -> Participant {
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
        presence: presence(statuses, &user),
        user,
        role,
        room_role: member.room_role,
        joined_at: member.joined_at,
        is_active: true,
    }
}

fn presence(statuses: &Statuses, person: &Person) -> PresenceStatus {
    let known = statuses.get(&person.id).copied();
    known.unwrap_or(PresenceStatus::Offline)
}
