//! Support conversations from the outside: one's own, a student's, and the students there are.

use serde::Serialize;

use super::{Services, Viewer, fault::Stored};
use crate::{
    model::{Desk, Listed, Role, RoomId, Slice, UserId, WireError},
    protocol::public::PublicRoom,
    server::store::{
        finding::{self, StudentRow},
        writer::{Outcome, Write},
    },
};

/// A support conversation, and whether it was made just now.
#[derive(Clone, Debug)]
pub struct Opened {
    /// As the viewer has it.
    pub room: PublicRoom,
    /// Whether it was made just now.
    pub is_new: bool,
}

/// A student, for those who answer them.
#[derive(Clone, Debug, Serialize)]
pub struct Student {
    id: UserId,
    username: String,
    name: String,
    email: Option<String>,
    role: Role,
    avatar: Option<String>,
    room_id: Option<RoomId>,
}

impl From<StudentRow> for Student {
    fn from(row: StudentRow) -> Self {
        Self {
            id: row.id,
            username: row.username,
            name: row.name,
            email: row.email,
            role: Role::Student,
            avatar: None,
            room_id: row.room_id,
        }
    }
}

impl Services {
    /// The viewer's own conversation with that desk, made on first use. Errors: `forbidden` for those who answer.
    pub async fn own_conversation(&self, viewer: &Viewer, desk: Desk) -> Result<Opened, WireError> {
        let user_id = viewer.user_id;
        self.opened(viewer, Write::OpenSupportRoom { user_id, desk })
            .await
    }

    /// Somebody's conversation with that desk, made on first use. Errors: `forbidden` for those who do not answer there,
    /// `not_found` where there is no such person.
    pub async fn conversation_of(
        &self,
        viewer: &Viewer,
        user_id: UserId,
        desk: Desk,
    ) -> Result<Opened, WireError> {
        let by = viewer.user_id;
        self.opened(viewer, Write::OpenSupportRoomOf { by, user_id, desk })
            .await
    }

    async fn opened(&self, viewer: &Viewer, write: Write) -> Result<Opened, WireError> {
        let Outcome::SupportRoom { room, is_new } = self.writer.write(write).await? else {
            return Err(WireError::Internal);
        };
        Ok(Opened {
            room: self.public_room(viewer, None, room.id()).await?,
            is_new: is_new.is_some(),
        })
    }

    /// Students that match, by name, each with their room at the viewer's first desk. Errors: `forbidden` for those who do
    /// not answer.
    pub async fn students(
        &self,
        viewer: &Viewer,
        search: &str,
        slice: Slice,
    ) -> Result<Listed<Student>, WireError> {
        let desk = viewer.desks.first().ok_or(WireError::Forbidden)?;
        let mut tx = self.store.snapshot().await.stored()?;
        let found = finding::students(&mut tx.conn(), desk, search, slice)
            .await
            .stored()?;
        Ok(Listed {
            count: found.count,
            items: found.items.into_iter().map(Student::from).collect(),
        })
    }

    /// The desk of that name, given as `field`. Errors: `invalid` on it where there is none.
    pub fn desk(&self, field: &str, name: &str) -> Result<Desk, WireError> {
        let mut cards = self.settings.desks.all().iter();
        cards
            .find(|card| card.desk.0 == name)
            .map(|card| card.desk.clone())
            .ok_or_else(|| WireError::field(field, "There is no such desk."))
    }
}
