//! The inbox: where support rooms stand, who answers, and conversations beyond what the list carries.

use super::{Services, Viewer, fault::Stored, rooms::granted, zones::zone};
use crate::{
    model::{
        Colleague, Desk, InboxPage, InboxQuery, Named, PersonDetails, Role, RoomId, SupportChange,
        UserCard, WireError,
        limits::INBOX_PAGE,
        permission::{Action, Actor, desks_of},
    },
    server::store::{
        lists,
        support::{self, StaffRow},
        users,
        writer::Write,
    },
};

impl Services {
    /// Says where a support room stands. Errors: `not_found`, `forbidden`; `invalid` on `assignee`.
    pub async fn triage(
        &self,
        actor: Actor,
        room_id: RoomId,
        change: SupportChange,
    ) -> Result<(), WireError> {
        self.writer
            .write(Write::Triage {
                user_id: actor.id,
                room_id,
                change,
            })
            .await
            .map(drop)
    }

    /// Those who answer at the viewer's desks, by name. Errors: `forbidden` for others.
    pub async fn support_staff(&self, viewer: &Viewer) -> Result<Vec<Colleague>, WireError> {
        answers(viewer)?;
        let (mut roles, mut people) = (vec![Role::Admin], Vec::new());
        for card in viewer
            .desks
            .iter()
            .filter_map(|desk| self.settings.desks.get(desk))
        {
            roles.extend(&card.roles);
            people.extend_from_slice(&card.people);
        }
        let mut reader = self.store.read().await.stored()?;
        let staff = support::staff(&mut reader.conn(), &roles, &people).await;
        let staff = staff.stored()?.into_iter();
        Ok(staff.map(|row| self.colleague(viewer, row)).collect())
    }

    fn colleague(&self, viewer: &Viewer, row: StaffRow) -> Colleague {
        let named = Named {
            role: row.role,
            username: &row.username,
        };
        let mut desks = desks_of(&self.settings.desks, named);
        desks.retain(|desk| viewer.desks.contains(desk));
        Colleague {
            card: UserCard {
                id: row.id,
                name: row.name,
                role: row.role,
            },
            desks,
        }
    }

    /// Conversations of the viewer's desks that match, last activity first. Errors: `forbidden` for others.
    pub async fn inbox(&self, viewer: &Viewer, asked: &InboxQuery) -> Result<InboxPage, WireError> {
        answers(viewer)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let limit = i64::try_from(INBOX_PAGE + 1).unwrap_or(i64::MAX);
        let mut rooms = Vec::new();
        let asked_of = |desk: &&Desk| asked.desk.as_ref().is_none_or(|one| one == *desk);
        for desk in viewer.desks.iter().filter(asked_of) {
            let page = lists::inbox(&mut conn, viewer.actor(), desk, asked, limit).await;
            rooms.extend(page.stored()?);
        }
        rooms.sort_by_key(|room| {
            let last = room.last_message.as_ref();
            std::cmp::Reverse(last.map(|message| message.id))
        });
        let has_older = rooms.len() > INBOX_PAGE;
        rooms.truncate(INBOX_PAGE);
        Ok(InboxPage { rooms, has_older })
    }

    /// Whose a support room is, for those who answer there. Errors: `not_found`, `forbidden`.
    pub async fn support_person(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<PersonDetails, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let room = granted(&mut conn, viewer, Action::Triage, room_id).await?;
        let person = room.user_id.ok_or(WireError::NotFound)?;
        let user = users::by_id(&mut conn, person).await.stored()?;
        let user = user.ok_or(WireError::NotFound)?;
        Ok(PersonDetails {
            card: user.card(),
            username: user.username,
            email: user.email,
            language: user.language,
            zone: zone(&user.time_zone, self.clock.now()),
            created_at: user.created_at,
        })
    }
}

/// Errors: `forbidden` for those who answer nowhere.
pub(super) fn answers(viewer: &Viewer) -> Result<(), WireError> {
    if viewer.desks.is_empty() {
        return Err(WireError::Forbidden);
    }
    Ok(())
}
