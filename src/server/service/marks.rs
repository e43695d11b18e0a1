//! Read marks and typing signs.

use super::{Services, Viewer, fault::Stored, publisher::audience, rooms::granted};
use crate::{
    model::{
        RoomId, Seq, WireError,
        permission::{Action, Actor},
    },
    protocol::Event,
    server::{
        hub::Frame,
        store::{users, writer::Write},
    },
};

impl Services {
    /// Moves the actor's read mark forward, never back; beyond the end is the end. Errors: `not_found`.
    pub async fn mark_read(
        &self,
        actor: Actor,
        room_id: RoomId,
        seq: Seq,
    ) -> Result<(), WireError> {
        self.writer
            .write(Write::MarkRead {
                user_id: actor.id,
                room_id,
                seq,
            })
            .await
            .map(drop)
    }

    /// Shows those who look at the room that the viewer types, or has stopped. Errors: `not_found`, `archived`.
    pub async fn show_typing(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        is_typing: bool,
    ) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let room = granted(&mut conn, viewer.actor(), Action::ShowTyping, room_id).await?;
        let user = users::by_id(&mut conn, viewer.user_id)
            .await
            .stored()?
            .ok_or(WireError::Unauthorized)?;
        let event = Event::TypingIndicator {
            room_id,
            user_id: user.id,
            sender_name: user.name,
            is_typing,
        };
        self.hub.signal(
            &audience(&room),
            room_id,
            viewer.user_id,
            &Frame::of(&event),
        );
        Ok(())
    }
}
