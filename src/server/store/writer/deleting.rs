//! Deleting a message, inside the transaction: it keeps its place and its key, and is empty.

use super::{
    Outcome, WriteResult,
    apply::{permitted, seen_message},
};
use crate::{
    model::{Desks, MessageId, RoomId, Timestamp, UserId, WireError, permission::Action},
    server::store::{Conn, Result, messages, post::Posted, rooms},
};

/// Errors: `not_found` for the room, and for a message that is not in it or not the person's to see; `forbidden` for
/// somebody else's and for what Quad itself tells, `too_late` for one's own, where one may delete no others; `archived`.
pub(super) async fn delete_message(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    (room_id, message_id): (RoomId, MessageId),
    own_since: Timestamp,
    now: Timestamp,
) -> Result<WriteResult> {
    let may = async |conn: &mut Conn<'_>, action| {
        permitted(conn, desks, user_id, action, room_id, now).await
    };
    let (user, room) = match may(conn, Action::DeleteOwn).await? {
        Ok(permitted) => permitted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(message) = seen_message(conn, user.actor(), &room, message_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    if !message.is_countable() {
        return Ok(Err(WireError::Forbidden));
    }
    let is_own = message.sender.id == user_id;
    let is_in_time = message.created_at >= own_since;
    if !(is_own && is_in_time)
        && let Err(refusal) = may(conn, Action::DeleteOthers).await?
    {
        let is_late = is_own && refusal == WireError::Forbidden;
        return Ok(Err(if is_late { WireError::TooLate } else { refusal }));
    }
    let is_new = !message.is_deleted();
    let message = if is_new {
        let seq = rooms::take_seq(conn, room_id).await?;
        messages::delete(conn, message, seq, now).await?
    } else {
        message
    };
    Ok(Ok(Outcome::Deleted(Box::new(Posted {
        message,
        room,
        is_new,
    }))))
}
