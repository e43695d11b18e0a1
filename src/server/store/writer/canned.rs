//! Keeping canned replies, inside the transaction.

use super::{Outcome, WriteResult, apply::open_account};
use crate::{
    model::{
        CannedDraft, CannedReplyId, Desk, Desks, Timestamp, UserId, WireError, canned::REPLIES_MAX,
        permission::desks_of,
    },
    server::store::{Conn, Result, canned, storable::storable},
};

/// Keeps a draft at a desk that `user_id` answers: the one that it names, else their first; a known one stays where it
/// is. Answers its number.
///
/// Errors: `forbidden` for those who do not answer (there), `not_found`, `invalid` on `name` where another one has it.
pub(super) async fn keep(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    draft: &CannedDraft,
    now: Timestamp,
) -> Result<WriteResult> {
    let own = match own_desks(conn, desks, user_id).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let desk = match draft.id {
        Some(id) => match kept_at(conn, &own, id).await? {
            Some(desk) => desk,
            None => return Ok(Err(WireError::NotFound)),
        },
        None => match own
            .iter()
            .find(|own| draft.desk.as_ref().is_none_or(|desk| desk == *own))
        {
            Some(desk) => desk.clone(),
            None => return Ok(Err(WireError::Forbidden)),
        },
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
    let kept = kept.map(|id| Outcome::CannedKept { id, desk });
    Ok(kept.ok_or(WireError::NotFound))
}

/// Lets one go. Errors: `forbidden`, `not_found`.
pub(super) async fn drop_one(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    id: CannedReplyId,
) -> Result<WriteResult> {
    let own = match own_desks(conn, desks, user_id).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(desk) = kept_at(conn, &own, id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    Ok(if canned::delete(conn, &desk, id).await? {
        Ok(Outcome::CannedDropped)
    } else {
        Err(WireError::NotFound)
    })
}

/// The desks that somebody answers, one at least. Errors: `unauthorized`, `forbidden`.
async fn own_desks(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
) -> Result<std::result::Result<Vec<Desk>, WireError>> {
    let Some(user) = open_account(conn, user_id).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    let own = desks_of(desks, user.named());
    Ok(if own.is_empty() {
        Err(WireError::Forbidden)
    } else {
        Ok(own)
    })
}

/// Where one is kept, if that is one of these desks.
async fn kept_at(conn: &mut Conn<'_>, own: &[Desk], id: CannedReplyId) -> Result<Option<Desk>> {
    let desk = canned::desk_of(conn, id).await?;
    Ok(desk.filter(|desk| own.contains(desk)))
}
