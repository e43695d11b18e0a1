//! Private threads: from which message one was opened.

use super::{
    Services, Viewer,
    fault::Stored,
    rooms::{granted, readable},
};
use crate::{
    model::{
        Message, MessageId, RoomId, WireError,
        permission::{Action, may_see},
    },
    server::store::{Conn, history},
};

impl Services {
    /// The message from which a private thread was opened, in its present state; none where there is none, and where the
    /// viewer does not see it in its room, or not any more. Errors: `not_found` for the thread.
    pub async fn thread_origin(
        &self,
        viewer: &Viewer,
        room_id: RoomId,
    ) -> Result<Option<Message>, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let thread = readable(&mut conn, viewer, room_id).await?;
        match thread.shared.owner_message {
            Some(id) => seen(&mut conn, viewer, id).await,
            None => Ok(None),
        }
    }
}

async fn seen(
    conn: &mut Conn<'_>,
    viewer: &Viewer,
    id: MessageId,
) -> Result<Option<Message>, WireError> {
    let Some(found) = history::by_ids(conn, &[id]).await.stored()?.pop() else {
        return Ok(None);
    };
    let message = found.message;
    let room = match granted(conn, viewer, Action::Read, message.room_id).await {
        Ok(room) => room,
        Err(WireError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (whose, sender) = (room.whose(), message.sender.id);
    let is_seen = may_see(viewer.actor(), whose, found.audience, sender);
    Ok(is_seen.then_some(message))
}
