//! Coming in and going out.

use futures_util::FutureExt;

use super::{
    Changed, Done, RoomChange, RoomDone, card, granted, listed, member_now, tell, unchanged,
    unlisted,
};
use crate::{
    model::{
        Desks, MemberRole, RoomId, SystemKey, SystemNote, Timestamp, UserCard, UserId, WireError,
        permission::Action,
    },
    server::store::{
        Conn, members as rows, requests,
        rooms::{self, RoomRow},
    },
};

/// Errors: `not_found`, `forbidden` (not a public one, or banned), `archived`, `full`. Who is in stays in.
pub(super) async fn join(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Join, room_id, now).await?;
    if is_in(conn, room_id, by).await? {
        return Ok(unchanged(room));
    }
    let note = SystemNote::of(SystemKey::MemberJoined);
    let_in(conn, room, by, (&actor.card(), note), now).await
}

/// Lets somebody in: those who do not know of a room cannot be told by whom it is full. Errors: `full`, `forbidden`
/// where they are banned.
pub(super) async fn let_in(
    conn: &mut Conn<'_>,
    room: RoomRow,
    user_id: UserId,
    (actor, note): (&UserCard, SystemNote),
    now: Timestamp,
) -> Done {
    let standing = rows::standing(conn, room.id, user_id).await?;
    if standing.is_some_and(|standing| standing.banned_at.is_some()) {
        return Err(WireError::Forbidden.into());
    }
    let count = rows::count(conn, room.id).await?;
    if room.max_members.is_some_and(|most| count >= most) {
        return Err(WireError::Full.into());
    }
    let seq = rooms::take_seq(conn, room.id).await?;
    rows::put(conn, room.id, user_id, MemberRole::Member, seq, now).await?;
    let (member, count) = member_now(conn, room.id, user_id).await?;
    let message = tell(conn, room.id, seq, actor, note, now).await?;
    let lists = vec![listed(conn, room.id, user_id).await?];
    Ok(RoomDone {
        change: Some(RoomChange {
            seq,
            message,
            what: Changed::Joined(member, count),
        }),
        lists,
        request: None,
        is_new: true,
        room,
    })
}

async fn is_in(conn: &mut Conn<'_>, room_id: RoomId, user_id: UserId) -> Result<bool, sqlx::Error> {
    let standing = rows::standing(conn, room_id, user_id).await?;
    Ok(standing.is_some_and(|standing| standing.is_in()))
}

/// Errors: `not_found`, `forbidden`, `last_host` where others would be left without anybody who runs it.
pub(super) async fn leave(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Leave, room_id, now).await?;
    let hosts = rows::at_least(conn, room_id, MemberRole::Host).await?;
    if hosts == [by] && rows::count(conn, room_id).await? > 1 {
        return Err(WireError::LastHost.into());
    }
    let note = SystemNote::of(SystemKey::MemberLeft);
    put_out(conn, room, by, None, (&actor.card(), note), now).await
}

pub(super) async fn put_out(
    conn: &mut Conn<'_>,
    room: RoomRow,
    user_id: UserId,
    banned_at: Option<Timestamp>,
    (actor, note): (&UserCard, SystemNote),
    now: Timestamp,
) -> Done {
    let seq = rooms::take_seq(conn, room.id).await?;
    rows::put_out(conn, room.id, user_id, banned_at, seq, now).await?;
    let (member, count) = member_now(conn, room.id, user_id).await?;
    Ok(RoomDone {
        change: Some(RoomChange {
            seq,
            message: tell(conn, room.id, seq, actor, note, now).await?,
            what: Changed::Left(member, count),
        }),
        lists: vec![unlisted(conn, user_id).await?],
        request: None,
        is_new: false,
        room,
    })
}

/// Errors: `not_found` for the room and for the person, `forbidden`, `archived`, `full`. Who is in stays in; who was
/// banned may come back by that.
pub(super) async fn invite(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    user_id: UserId,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Invite, room_id, now).await?;
    let (actor, target) = (actor.card(), card(conn, user_id).await?);
    match rows::standing(conn, room_id, user_id).await? {
        Some(standing) if standing.is_in() => return Ok(unchanged(room)),
        Some(standing) if standing.banned_at.is_some() => {
            let seq = rooms::rev(conn, room_id).await?;
            rows::put_out(conn, room_id, user_id, None, seq, now).await?;
        }
        _ => {}
    }
    let pending = requests::pending_of(conn, room_id, user_id).await?;
    let note = SystemNote::about(SystemKey::MemberAdded, target);
    match pending {
        // Whoever asks is let in by the answer to that.
        Some(request) => {
            super::asking::approve(conn, room, &request, (&actor, note), now)
                .boxed()
                .await
        }
        None => let_in(conn, room, user_id, (&actor, note), now).await,
    }
}
