//! Read marks, what has come, what one wants of a room, and typing signs.

use tokio::time::Instant;

use super::{
    Services, Viewer,
    fault::Stored,
    publisher::audience,
    rooms::{granted, granted_at},
};
use crate::{
    model::{
        Audience, PresenceStatus, RoomChoice, RoomId, Seq, WireError,
        permission::{self, Action, Actor, may_see},
    },
    protocol::Event,
    server::{
        hub::{Frame, Sign},
        store::{marks, presence, users, writer::Write},
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

    /// Notes that a room has come to the viewer up to there, forward only; beyond the end is the end, and rooms of many
    /// keep no such marks; nor is it noted for who appears offline. Errors: `not_found`.
    pub async fn mark_delivered(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        seq: Seq,
    ) -> Result<(), WireError> {
        if self.is_needless(viewer, room_id, seq).await? {
            return Ok(());
        }
        self.writer
            .write(Write::MarkDelivered {
                user_id: viewer.user_id,
                room_id,
                seq,
            })
            .await
            .map(drop)
    }

    /// Whether there is nothing to note. Each of a person's devices says what has come, and each again that connects:
    /// reading is cheaper than a write that changes nothing. Of who appears offline nobody is told that they are not.
    async fn is_needless(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        seq: Seq,
    ) -> Result<bool, WireError> {
        let mut reader = self.store.read().await.stored()?;
        let mut conn = reader.conn();
        let room = granted(&mut conn, viewer, Action::Mark, room_id).await?;
        if room.kind.is_group() {
            return Ok(true);
        }
        if marks::has_come(&mut conn, &room, viewer.user_id, seq)
            .await
            .stored()?
        {
            return Ok(true);
        }
        let own = presence::own(&mut conn, viewer.user_id).await.stored()?;
        Ok(own.chosen == PresenceStatus::Offline)
    }

    /// Takes what the actor wants of a room, for themselves alone. Errors: `not_found`.
    pub async fn choose(
        &self,
        actor: Actor,
        room_id: RoomId,
        choice: RoomChoice,
    ) -> Result<(), WireError> {
        let write = Write::Choose {
            user_id: actor.id,
            room_id,
            choice,
        };
        self.writer.write(write).await.map(drop)
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
        let (whose, mode) = (room.whose(), room.chat_mode);
        let audience_of = permission::audience_of(viewer.actor(), &whose, mode, audience_of);
        self.hub.signal(&topics, room_id, &frame, |reader| {
            reader.id != user.id && may_see(reader, whose.clone(), audience_of, user.id)
        });
        Ok(())
    }
}
