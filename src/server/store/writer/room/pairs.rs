//! Rooms of two: direct ones and private threads. There is one of each key, whoever opens it, and however often.

use super::{Done, RoomDone, Stop, acting, card, listed, unchanged};
use crate::{
    model::{
        Desks, MemberRole, MessageId, RoomKind, Seq, Timestamp, UserId, WireError,
        permission::{Action, Actor, may, may_see},
    },
    server::store::{Conn, contacts, history, members as rows, rooms},
};

/// Errors: `unauthorized`, `not_found` for the person, `invalid` on `user_id` for oneself, `no_contact` where one may not
/// write to them, also where the room is there.
pub(super) async fn open_direct(
    conn: &mut Conn<'_>,
    by: UserId,
    with: UserId,
    now: Timestamp,
) -> Done {
    open(conn, RoomKind::Direct, (by, with), None, now).await
}

/// Errors: the same.
pub(super) async fn open_thread_with(
    conn: &mut Conn<'_>,
    by: UserId,
    with: UserId,
    now: Timestamp,
) -> Done {
    open(conn, RoomKind::Thread, (by, with), None, now).await
}

/// With the sender of a message. Errors: `not_found` for a message that is not theirs to see, `invalid` on
/// `owner_message` for one's own, `no_contact`.
pub(super) async fn open_thread(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    message_id: MessageId,
    now: Timestamp,
) -> Done {
    let user = acting(conn, by).await?;
    let actor = user.actor();
    let found = history::by_ids(conn, &[message_id]).await?.pop();
    let found = found.ok_or(WireError::NotFound)?;
    let sender = found.message.sender.id;
    let room = rooms::by_id(conn, found.message.room_id).await?;
    let room = room.ok_or(WireError::NotFound)?;
    let membership = rows::membership(conn, room.id, by, now).await?;
    let is_served = room.is_served(desks, user.named());
    may(actor, Action::Read, &room.facts(membership, is_served))?;
    if !may_see(actor, room.whose(), found.audience, sender) {
        return Err(WireError::NotFound.into());
    }
    if sender == by {
        let problem = "This message is your own.";
        return Err(WireError::field("owner_message", problem).into());
    }
    open(conn, RoomKind::Thread, (by, sender), Some(message_id), now).await
}

async fn open(
    conn: &mut Conn<'_>,
    kind: RoomKind,
    (by, with): (UserId, UserId),
    owner_message: Option<MessageId>,
    now: Timestamp,
) -> Done {
    let actor = acting(conn, by).await?.actor();
    if by == with {
        let problem = "Choose somebody else.";
        return Err(WireError::field("user_id", problem).into());
    }
    let other = card(conn, with).await?;
    let other = Actor {
        id: other.id,
        role: other.role,
    };
    if contacts::is_closed_between(conn, actor, other).await? {
        return Err(WireError::NoContact.into());
    }
    let (room_id, is_new) = rooms::ensure_pair(conn, kind, (by, with), owner_message, now).await?;
    let mut lists = Vec::new();
    if is_new {
        for user_id in [by.min(with), by.max(with)] {
            rows::put(conn, room_id, user_id, MemberRole::Member, Seq(0), now).await?;
        }
        rows::recount(conn, room_id).await?;
        for user_id in [by.min(with), by.max(with)] {
            lists.push(listed(conn, room_id, user_id).await?);
        }
    }
    let room = rooms::by_id(conn, room_id).await?;
    let room = room.ok_or_else(|| Stop::from(WireError::Internal))?;
    Ok(RoomDone {
        lists,
        is_new,
        ..unchanged(room)
    })
}
