//! One's own marks, inside the transaction: what has come to one, marking as unread, by which one's own badge goes back
//! (what others were told stays), and what one wants of a room.

use super::{
    Chosen, Delivered, Marked, Outcome, WriteResult,
    apply::{permitted, seen_message},
};
use crate::{
    model::{
        Desks, MessageId, RoomChoice, RoomId, Seq, Timestamp, UserId, WireError, permission::Action,
    },
    server::store::{Conn, Result, choices, marks, rooms, sight::Sight, users},
};

/// Rooms of many keep no such marks: each of their messages would be as many writes. Errors: `not_found` for the room.
pub(super) async fn mark_delivered(
    conn: &mut Conn<'_>,
    desks: &Desks,
    (user_id, room_id): (UserId, RoomId),
    seq: Seq,
    now: Timestamp,
) -> Result<WriteResult> {
    let room = match permitted(conn, desks, user_id, Action::Mark, room_id, now).await? {
        Ok((_, room)) => room,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if room.kind.is_group() {
        return Ok(Ok(Outcome::Delivered(None)));
    }
    // Nothing has come that is not there yet.
    let counters = rooms::counters(conn, &[room_id]).await?;
    let seq = counters
        .first()
        .map_or(Seq::default(), |at| at.seq.min(seq));
    if marks::has_come(conn, &room, user_id, seq).await? {
        return Ok(Ok(Outcome::Delivered(None)));
    }
    let marks_rev = rooms::bump_marks(conn, room_id).await?;
    let delivered = marks::deliver(conn, user_id, room_id, seq, marks_rev).await?;
    Ok(Ok(Outcome::Delivered(delivered.map(|delivered_seq| {
        Box::new(Delivered {
            user_id,
            room,
            delivered_seq,
            marks_rev,
        })
    }))))
}

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
