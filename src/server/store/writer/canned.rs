//! Keeping canned replies, inside the transaction.

use super::{Outcome, WriteResult, apply::actor};
use crate::{
    model::{
        CannedDraft, CannedReplyId, Timestamp, UserId, WireError, canned::REPLIES_MAX,
        permission::desks_of,
    },
    server::store::{Conn, Result, canned, storable::storable},
};

/// Keeps a draft at the desk that `user_id` answers; answers its number.
///
/// Errors: `forbidden` for those who do not answer, `not_found`, `invalid` on `name` where another one has it.
pub(super) async fn keep(
    conn: &mut Conn<'_>,
    user_id: UserId,
    draft: &CannedDraft,
    now: Timestamp,
) -> Result<WriteResult> {
    let desk = match desk(conn, user_id).await? {
        Ok(desk) => desk,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for (field, text) in [("name", &draft.name), ("content", &draft.content)] {
        if let Err(refusal) = storable(field, text) {
            return Ok(Err(refusal));
        }
    }
    let taken = canned::by_name(conn, &desk, &draft.name).await?;
    if taken.is_some() && taken != draft.id {
        return Ok(Err(WireError::field("name", "There is one of this name.")));
    }
    let kept = match draft.id {
        Some(id) => canned::update(conn, &desk, id, draft, user_id, now)
            .await?
            .then_some(id),
        None if canned::count(conn, &desk).await? >= i64::try_from(REPLIES_MAX).unwrap_or(0) => {
            let problem = format!("There are {REPLIES_MAX} already.");
            return Ok(Err(WireError::field("name", problem)));
        }
        None => canned::insert(conn, &desk, draft, user_id, now).await?,
    };
    Ok(kept.map(Outcome::CannedKept).ok_or(WireError::NotFound))
}

/// Lets one go. Errors: `forbidden`, `not_found`.
pub(super) async fn drop_one(
    conn: &mut Conn<'_>,
    user_id: UserId,
    id: CannedReplyId,
) -> Result<WriteResult> {
    let desk = match desk(conn, user_id).await? {
        Ok(desk) => desk,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(if canned::delete(conn, &desk, id).await? {
        Ok(Outcome::CannedDropped)
    } else {
        Err(WireError::NotFound)
    })
}

async fn desk(
    conn: &mut Conn<'_>,
    user_id: UserId,
) -> Result<std::result::Result<crate::model::Desk, WireError>> {
    let Some(actor) = actor(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    let mut desks = desks_of(actor.role).into_iter();
    Ok(desks.next().ok_or(WireError::Forbidden))
}
