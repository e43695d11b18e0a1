//! Reading and unreading by message or by room, as programs ask for it.

use std::collections::BTreeMap;

use super::{Services, Viewer, browsing::on_shelf, fault::Stored, rooms::granted};
use crate::{
    model::{
        MessageId, RoomId, Seq, Shelf, WireError,
        permission::{Action, may_see},
    },
    server::store::{
        history, marks,
        sight::Sight,
        writer::{Outcome, Write},
    },
};

impl Services {
    /// Reads a room to its end; answers how many messages that were. Errors: `not_found`.
    pub async fn read_room(
        &self,
        viewer: &Viewer,
        shelf: Option<Shelf>,
        room_id: RoomId,
    ) -> Result<i64, WireError> {
        let mut reader = self.store.read().await.stored()?;
        on_shelf(&mut reader.conn(), viewer, shelf, room_id).await?;
        drop(reader);
        self.read_up_to(viewer, room_id, Seq(i64::MAX)).await
    }

    /// Reads each room (or that one alone) up to the last of these messages; answers how many messages that were. What is
    /// not there, or not the viewer's to see, changes nothing.
    pub async fn read_messages(
        &self,
        viewer: &Viewer,
        only: Option<RoomId>,
        ids: &[MessageId],
    ) -> Result<i64, WireError> {
        let mut updated = 0;
        let mut last = self.last_seen(viewer, ids).await?;
        last.retain(|room_id, _| only.is_none_or(|only| only == *room_id));
        for (room_id, seq) in last {
            match self.read_up_to(viewer, room_id, seq).await {
                Ok(count) => updated += count,
                Err(WireError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(updated)
    }

    /// Notes that each room (or that one alone) has come to the viewer up to the last of these messages. What is not there,
    /// or not the viewer's to see, changes nothing.
    pub async fn messages_delivered(
        &self,
        viewer: &Viewer,
        only: Option<RoomId>,
        ids: &[MessageId],
    ) -> Result<(), WireError> {
        let mut last = self.last_seen(viewer, ids).await?;
        last.retain(|room_id, _| only.is_none_or(|only| only == *room_id));
        for (room_id, seq) in last {
            match self.mark_delivered(viewer, room_id, seq).await {
                Ok(()) | Err(WireError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The last of these messages in each room, as far as the viewer sees them.
    async fn last_seen(
        &self,
        viewer: &Viewer,
        ids: &[MessageId],
    ) -> Result<BTreeMap<RoomId, Seq>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let actor = viewer.actor();
        let (mut rooms, mut last) = (BTreeMap::new(), BTreeMap::new());
        for found in history::by_ids(&mut conn, ids).await.stored()? {
            let message = &found.message;
            let whose = match rooms.get(&message.room_id) {
                Some(whose) => Option::clone(whose),
                None => match granted(&mut conn, viewer, Action::Mark, message.room_id).await {
                    Ok(room) => Some(room.whose()),
                    Err(WireError::NotFound) => None,
                    Err(error) => return Err(error),
                },
            };
            rooms.insert(message.room_id, whose.clone());
            let is_seen =
                whose.is_some_and(|whose| may_see(actor, whose, found.audience, message.sender.id));
            if is_seen {
                let seq: &mut Seq = last.entry(message.room_id).or_default();
                *seq = message.seq.max(*seq);
            }
        }
        Ok(last)
    }

    async fn read_up_to(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        seq: Seq,
    ) -> Result<i64, WireError> {
        let user_id = viewer.user_id;
        let mut reader = self.store.read().await.stored()?;
        let before = marks::read_seq(&mut reader.conn(), user_id, room_id).await;
        drop(reader);
        let write = Write::MarkRead {
            user_id,
            room_id,
            seq,
        };
        let (before, outcome) = (before.stored()?, self.writer.write(write).await?);
        let Outcome::Marked(Some(marked)) = outcome else {
            return Ok(0);
        };
        let mut reader = self.store.read().await.stored()?;
        let sight = Sight::of(viewer.actor(), marked.room.whose());
        let read = (before, marked.read_seq);
        history::of_others(&mut reader.conn(), sight, room_id, read)
            .await
            .stored()
    }

    /// Has a room unread from that message on; one's own badge alone goes back. Errors: `not_found`.
    pub async fn mark_unread(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        message_id: MessageId,
    ) -> Result<(), WireError> {
        self.writer
            .write(Write::MarkUnread {
                user_id: viewer.user_id,
                room_id,
                message_id,
            })
            .await
            .map(drop)
    }
}
