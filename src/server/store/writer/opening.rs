//! Opening somebody's support room for them, inside the transaction: somebody who answers writes first.

use super::{
    WriteResult,
    apply::{open_account, open_support_room},
};
use crate::{
    model::{
        Desk, Desks, Timestamp, UserId, WireError,
        permission::{has_own_support_room, serves},
    },
    server::store::{Conn, Result},
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
