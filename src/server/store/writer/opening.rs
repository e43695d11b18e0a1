//! Opening support rooms, inside the transaction: one's own, or somebody's for whom somebody who answers writes first.

use super::{Outcome, WriteResult, apply::open_account};
use crate::{
    model::{
        Desk, Desks, Timestamp, UserId, WireError,
        permission::{has_own_support_room, serves},
    },
    server::store::{Conn, Result, lists, rooms, users},
};

/// Errors: `forbidden` for those who do not answer at that desk, `not_found` for a person who has no such room.
pub(super) async fn open_support_room_of(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    user_id: UserId,
    desk: &Desk,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(by) = open_account(conn, by).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !serves(desks, by.named(), desk) {
        return Ok(Err(WireError::Forbidden));
    }
    match open_account(conn, user_id).await? {
        Some(person) if has_own_support_room(desks, person.named(), desk) => {
            open_support_room(conn, desks, user_id, desk, now).await
        }
        _ => Ok(Err(WireError::NotFound)),
    }
}

/// Makes one's own room there, unless it is there. Errors: `forbidden` for those who answer.
pub(super) async fn open_support_room(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    desk: &Desk,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(user) = open_account(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !has_own_support_room(desks, user.named(), desk) {
        return Ok(Err(WireError::Forbidden));
    }
    let (room_id, made) = rooms::ensure_support(conn, desk, user_id, now).await?;
    let is_new = if made {
        Some(users::bump_rev(conn, user_id).await?)
    } else {
        None
    };
    let Some(room) = lists::one(conn, user.actor(), room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    Ok(Ok(Outcome::SupportRoom {
        room: Box::new(room),
        is_new,
    }))
}
