//! Asking to be let in, and the answer: one at a time, decided once.

use super::{Done, ListChange, Listing, RoomDone, granted, members::let_in, told_hosts, unchanged};
use crate::{
    model::{
        Desks, JoinRequest, JoinRequestId, RequestStatus, RoomId, SystemKey, SystemNote, Timestamp,
        UserCard, UserId, WireError, permission::Action,
    },
    server::store::{Conn, members as rows, requests, rooms::RoomRow, users},
};

/// Errors: `not_found`, `forbidden` (not that kind of room, or banned), `archived`; `already_exists` for who is in, or
/// asks already.
pub(super) async fn ask(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    note: &str,
    now: Timestamp,
) -> Done {
    let (_, room) = granted(conn, desks, by, Action::AskToJoin, room_id, now).await?;
    let standing = rows::standing(conn, room_id, by).await?;
    if standing.is_some_and(|standing| standing.is_in()) {
        return Err(WireError::AlreadyExists.into());
    }
    if standing.is_some_and(|standing| standing.banned_at.is_some()) {
        return Err(WireError::Forbidden.into());
    }
    let id = requests::insert(conn, room_id, by, note, now).await?;
    let id = id.ok_or(WireError::AlreadyExists)?;
    let request = requests::by_id(conn, id).await?;
    let request = request.ok_or(WireError::Internal)?;
    Ok(RoomDone {
        lists: told_hosts(conn, &request).await?,
        request: Some(request),
        is_new: true,
        ..unchanged(room)
    })
}

/// Errors: `not_found` for the room and the request, `forbidden`, `archived`, `full`; `conflict` where it was decided
/// otherwise already. Decided the same way again: nothing more.
pub(super) async fn decide(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    (id, is_approved): (JoinRequestId, bool),
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Decide, room_id, now).await?;
    let request = requests::by_id(conn, id).await?;
    let request = request.filter(|request| request.room_id == room_id);
    let request = request.ok_or(WireError::NotFound)?;
    let wanted = if is_approved {
        RequestStatus::Approved
    } else {
        RequestStatus::Denied
    };
    if request.status == wanted {
        return Ok(RoomDone {
            request: Some(request),
            ..unchanged(room)
        });
    }
    if request.status != RequestStatus::Pending {
        return Err(WireError::Conflict.into());
    }
    if is_approved {
        let note = SystemNote::about(SystemKey::MemberAdded, request.user.clone());
        return approve(conn, room, &request, (&actor.card(), note), now).await;
    }
    let (request, told) = settle(conn, &request, wanted, by, now).await?;
    Ok(RoomDone {
        lists: told,
        request: Some(request),
        ..unchanged(room)
    })
}

/// Lets in whoever asked.
pub(super) async fn approve(
    conn: &mut Conn<'_>,
    room: RoomRow,
    request: &JoinRequest,
    (actor, note): (&UserCard, SystemNote),
    now: Timestamp,
) -> Done {
    let user_id = request.user.id;
    let standing = rows::standing(conn, room.id, user_id).await?;
    let mut done = if standing.is_some_and(|standing| standing.is_in()) {
        unchanged(room)
    } else {
        let_in(conn, room, user_id, (actor, note), now).await?
    };
    let status = RequestStatus::Approved;
    let (request, told) = settle(conn, request, status, actor.id, now).await?;
    done.lists.extend(told);
    done.request = Some(request);
    Ok(done)
}

/// Writes down what was decided, for those who decide and for whoever asked.
async fn settle(
    conn: &mut Conn<'_>,
    request: &JoinRequest,
    status: RequestStatus,
    by: UserId,
    now: Timestamp,
) -> Result<(JoinRequest, Vec<ListChange>), super::Stop> {
    if !requests::decide(conn, request.id, status, by, now).await? {
        return Err(WireError::Conflict.into());
    }
    let decided = requests::by_id(conn, request.id).await?;
    let decided = decided.ok_or(WireError::NotFound)?;
    let mut told = told_hosts(conn, &decided).await?;
    told.push(ListChange {
        user_id: decided.user.id,
        user_rev: users::bump_rev(conn, decided.user.id).await?,
        what: Listing::Request(Box::new(decided.clone()), 0),
    });
    Ok((decided, told))
}
