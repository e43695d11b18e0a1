//! Opening somebody's support room for them, inside the transaction: somebody who answers writes first.

use super::{
    WriteResult,
    apply::{actor, open_support_room},
};
use crate::{
    model::{
        Desk, Timestamp, UserId, WireError,
        permission::{has_own_support_room, serves},
    },
    server::store::{Conn, Result},
};

/// Errors: `forbidden` for those who do not answer at that desk, `not_found` for a person who has no such room.
pub(super) async fn open_support_room_of(
    conn: &mut Conn<'_>,
    by: UserId,
    user_id: UserId,
    desk: &Desk,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(by) = actor(conn, by).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !serves(by.role, desk) {
        return Ok(Err(WireError::Forbidden));
    }
    match actor(conn, user_id).await? {
        Some(person) if has_own_support_room(person.role) => {
            open_support_room(conn, user_id, desk, now).await
        }
        _ => Ok(Err(WireError::NotFound)),
    }
}
