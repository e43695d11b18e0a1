//! One's own marks, inside the transaction: marking as unread, by which one's own badge goes back (what others were told
//! stays), and what one wants of a room.

use super::{
    Chosen, Marked, Outcome, WriteResult,
    apply::{permitted, seen_message},
};
use crate::{
    model::{
        Desks, MessageId, RoomChoice, RoomId, Timestamp, UserId, WireError, permission::Action,
    },
    server::store::{Conn, Result, choices, marks, rooms, sight::Sight, users},
};

/// Errors: `not_found` for the room, and for a message that is not in it or not the person's to see.
pub(super) async fn mark_unread(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    room_id: RoomId,
    message_id: MessageId,
    now: Timestamp,
) -> Result<WriteResult> {
    let (user, room) = match permitted(conn, desks, user_id, Action::Mark, room_id, now).await? {
        Ok(permitted) => permitted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let actor = user.actor();
    let Some(message) = seen_message(conn, actor, &room, message_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let read_seq = message.seq.previous();
    let Some(receipt_seq) = marks::retreat(conn, user_id, room_id, read_seq).await? else {
        return Ok(Ok(Outcome::Marked(None)));
    };
    let counters = rooms::counters(conn, &[room_id]).await?;
    let newest = counters.first();
    let sight = Sight::of(actor, room.whose());
    let marked = Marked {
        user_id,
        room,
        receipt_seq,
        read_seq,
        // The receipt is where it was.
        marks_rev: newest.map(|at| at.marks_rev).unwrap_or_default(),
        seq: newest.map(|at| at.seq).unwrap_or_default(),
        unread_count: marks::unread(conn, sight, room_id, read_seq).await?,
        user_rev: users::bump_rev(conn, user_id).await?,
    };
    Ok(Ok(Outcome::Marked(Some(Box::new(marked)))))
}

/// Errors: `not_found` for the room.
pub(super) async fn choose(
    conn: &mut Conn<'_>,
    desks: &Desks,
    (user_id, room_id): (UserId, RoomId),
    choice: RoomChoice,
    now: Timestamp,
) -> Result<WriteResult> {
    if let Err(refusal) = permitted(conn, desks, user_id, Action::Mark, room_id, now).await? {
        return Ok(Err(refusal));
    }
    let Some(choices) = choices::choose(conn, user_id, room_id, choice).await? else {
        return Ok(Ok(Outcome::Chosen(None)));
    };
    let user_rev = users::bump_rev(conn, user_id).await?;
    Ok(Ok(Outcome::Chosen(Some(Chosen {
        user_id,
        room_id,
        choices,
        user_rev,
    }))))
}
