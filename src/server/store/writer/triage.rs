//! Saying where a support room stands, inside the transaction.

use super::{Outcome, Triaged, WriteResult, apply::permitted};
use crate::{
    model::{
        Desks, RoomId, SupportChange, SupportState, Timestamp, UserId, WireError,
        permission::Action,
    },
    server::store::{
        Conn, Result,
        rooms::RoomRow,
        support,
        users::{self, UserRow},
    },
};

/// Errors: `not_found`, `forbidden`; `invalid` on `assignee`, who must be one of those who answer there.
pub(super) async fn triage(
    conn: &mut Conn<'_>,
    desks: &Desks,
    user_id: UserId,
    room_id: RoomId,
    change: SupportChange,
    now: Timestamp,
) -> Result<WriteResult> {
    let (_, room) = match permitted(conn, desks, user_id, Action::Triage, room_id, now).await? {
        Ok(permitted) => permitted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(row) = support::by_room(conn, room_id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let state = match changed(conn, desks, &room, &row.state, change).await? {
        Ok(state) if state == row.state => return Ok(Ok(Outcome::Triaged(None))),
        Ok(state) => state,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let seq = support::set(conn, room_id, &state).await?;
    Ok(Ok(Outcome::Triaged(Some(Box::new(Triaged {
        user_id,
        room,
        seq,
        state,
    })))))
}

async fn changed(
    conn: &mut Conn<'_>,
    desks: &Desks,
    room: &RoomRow,
    before: &SupportState,
    change: SupportChange,
) -> Result<std::result::Result<SupportState, WireError>> {
    let mut state = before.clone();
    match change {
        SupportChange::Status(status) => state.set_status(status),
        SupportChange::Assignee(None) => state.assignee = None,
        SupportChange::Assignee(Some(id)) => {
            let user = users::by_id(conn, id).await?;
            let is_able = |user: &UserRow| {
                let is_person = room.user_id == Some(user.id);
                user.closed_at.is_none() && !is_person && room.is_served(desks, user.named())
            };
            let Some(user) = user.filter(is_able) else {
                let problem = "This is nobody who answers here.";
                return Ok(Err(WireError::field("assignee", problem)));
            };
            state.assignee = Some(user.card());
        }
    }
    Ok(Ok(state))
}
