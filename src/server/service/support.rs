//! The inbox: where support rooms stand, who answers, and conversations beyond what the list carries.

use super::{Services, Viewer, fault::Stored, rooms::granted, zones::zone};
use crate::{
    model::{
        InboxPage, InboxQuery, PersonDetails, RoomId, SupportChange, UserCard, WireError,
        limits::INBOX_PAGE,
        permission::{Action, Actor, desks_of},
    },
    server::store::{lists, support, users, writer::Write},
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

    /// Those who answer, by name. Errors: `forbidden` for others.
    pub async fn support_staff(&self, viewer: &Viewer) -> Result<Vec<UserCard>, WireError> {
        answers(viewer)?;
        let mut reader = self.store.read().await.stored()?;
        support::staff(&mut reader.conn()).await.stored()
    }

    /// Conversations of the viewer's desks that match, last activity first. Errors: `forbidden` for others.
    pub async fn inbox(&self, viewer: &Viewer, asked: &InboxQuery) -> Result<InboxPage, WireError> {
        answers(viewer)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let limit = i64::try_from(INBOX_PAGE + 1).unwrap_or(i64::MAX);
        let mut rooms = Vec::new();
        for desk in desks_of(viewer.role) {
            let page = lists::inbox(&mut conn, viewer.actor(), &desk, asked, limit).await;
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
        let room = granted(&mut conn, viewer.actor(), Action::Triage, room_id).await?;
        let person = room.user_id.ok_or(WireError::NotFound)?;
        let user = users::by_id(&mut conn, person).await.stored()?;
        let user = user.ok_or(WireError::NotFound)?;
        Ok(PersonDetails {
            card: UserCard {
                id: user.id,
                name: user.name,
                role: user.role,
            },
            username: user.username,
            email: user.email,
            language: user.language,
            zone: zone(&user.time_zone, self.clock.now()),
            created_at: user.created_at,
        })
    }
}

fn answers(viewer: &Viewer) -> Result<(), WireError> {
    if desks_of(viewer.role).is_empty() {
        return Err(WireError::Forbidden);
    }
    Ok(())
}
