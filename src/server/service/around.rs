//! A room around one of its messages, and the way from there to its end.

use super::{
    Services, Viewer,
    fault::Stored,
    history::{Asked, Found, place},
    rooms::{page_size, readable},
};
use crate::{
    model::{MessageId, RoomForMe, RoomId, Seq, WireError},
    server::store::{history::Bounds, sight::Sight},
    sync::{Page, Snapshot},
};

impl Services {
    /// A room as the viewer has it, with the messages around that one. Errors: `not_found` for the room, and for a
    /// message that they do not see in it.
    pub async fn snapshot_around(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        message_id: MessageId,
    ) -> Result<Snapshot, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = readable(&mut conn, viewer, room_id).await?;
        let at = place(&mut conn, viewer, room_id, message_id).await?;
        let found = asked(viewer, &room)
            .around(&mut conn, at, page_size())
            .await?;
        let part = page(found, &room);
        self.snapshot_of(&mut conn, viewer, room, part).await
    }

    /// A page of a room's messages after `after`. Errors: `not_found`.
    pub async fn newer(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
        after: Seq,
    ) -> Result<Page, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let room = readable(&mut conn, viewer, room_id).await?;
        let bounds = Bounds {
            after: Some(after),
            before: None,
        };
        let found = asked(viewer, &room)
            .between(&mut conn, bounds, page_size())
            .await?;
        Ok(Page {
            has_older: true,
            ..page(found, &room)
        })
    }
}

fn asked(viewer: &Viewer, room: &RoomForMe) -> Asked {
    Asked {
        sight: Sight::of(viewer.actor(), room.whose(viewer.user_id)),
        room_id: room.id(),
    }
}

fn page(found: Found, room: &RoomForMe) -> Page {
    Page {
        messages: found.messages,
        has_older: found.has_older,
        has_newer: found.has_newer,
        seq: room.seq,
    }
}
