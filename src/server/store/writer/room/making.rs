//! Making a room that others join.

use super::{Changed, Done, RoomChange, RoomDone, acting, listed, member_now, tell};
use crate::{
    model::{
        MemberRole, RoomDraft, SystemKey, SystemNote, Timestamp, UserId, WireError,
        permission::may_make,
    },
    server::store::{Conn, members as rows, rooms, school},
};

/// Whoever makes it runs it. Errors: `unauthorized`, `forbidden`.
pub(super) async fn create(
    conn: &mut Conn<'_>,
    by: UserId,
    draft: &RoomDraft,
    now: Timestamp,
) -> Done {
    let actor = acting(conn, by).await?;
    let policy = school::policy(conn).await?;
    if !may_make(&policy, actor.role, draft.kind) {
        return Err(WireError::Forbidden.into());
    }
    let room_id = rooms::insert(conn, draft, by, now).await?;
    let seq = rooms::take_seq(conn, room_id).await?;
    rows::put(conn, room_id, by, MemberRole::Host, seq, now).await?;
    let (member, count) = member_now(conn, room_id, by).await?;
    let note = SystemNote::of(SystemKey::RoomCreated);
    let message = tell(conn, room_id, seq, &actor.card(), note, now).await?;
    let room = rooms::by_id(conn, room_id).await?;
    Ok(RoomDone {
        room: room.ok_or(WireError::Internal)?,
        change: Some(RoomChange {
            seq,
            message,
            what: Changed::Joined(member, count),
        }),
        lists: vec![listed(conn, room_id, by).await?],
        request: None,
        is_new: true,
    })
}
