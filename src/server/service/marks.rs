//! Read marks and typing signs.

use tokio::time::Instant;

use super::{Services, Viewer, fault::Stored, publisher::audience, rooms::granted_at};
use crate::{
    model::{
        Audience, RoomId, Seq, WireError,
        permission::{Action, Actor, may_see},
    },
    protocol::Event,
    server::{
        hub::{Frame, Sign},
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

    /// Shows those who look at the room, and would see the message, that the viewer types, or has stopped. Errors:
    /// `not_found`, `archived`, `forbidden` for a note by others than those who answer.
    pub async fn show_typing(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        (is_typing, audience_of): (bool, Audience),
    ) -> Result<(), WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let action = match Action::of_post(audience_of) {
            Action::Post => Action::ShowTyping,
            note => note,
        };
        let now = self.clock.now();
        let room = granted_at(&mut conn, viewer, action, room_id, now).await?;
        let user = users::by_id(&mut conn, viewer.user_id)
            .await
            .stored()?
            .ok_or(WireError::Unauthorized)?;
        let event = Event::TypingIndicator {
            room_id,
            user_id: user.id,
            sender_name: user.name.clone(),
            is_typing,
        };
        let sender_name = user.name;
        let sign = Sign {
            room_id,
            user_id: user.id,
            name: sender_name,
            until: is_typing.then(|| now.plus_ms(i64::from(self.settings.limits.typing_ms))),
            is_for_all: audience_of == Audience::All,
        };
        if !self.hub.typing.note(sign, now, Instant::now()) {
            return Ok(());
        }
        let (topics, frame) = (audience(&room), Frame::of(&event));
        self.hub.signal(&topics, room_id, &frame, |reader| {
            reader.id != user.id && may_see(reader, room.whose(), audience_of, user.id)
        });
        Ok(())
    }
}
