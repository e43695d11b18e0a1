//! Coming in, going out, and keeping order among those who are in.

use futures_util::FutureExt;

use super::{
    Changed, Done, ListChange, RoomChange, RoomDone, Stop, card, granted, listed, member_now, tell,
    unchanged, unlisted,
};
use crate::{
    model::{
        Desks, MemberChange, MemberRole, RoomId, SystemKey, SystemNote, Timestamp, UserCard,
        UserId, WireError,
        permission::{Action, Actor, outranks},
    },
    server::store::{
        Conn,
        members::{self as rows, Standing},
        requests,
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
    let (_, room) = granted(conn, desks, by, Action::Join, room_id, now).await?;
    let actor = card(conn, by).await?;
    if is_in(conn, room_id, by).await? {
        return Ok(unchanged(room));
    }
    let note = SystemNote::of(SystemKey::MemberJoined);
    let_in(conn, room, by, (&actor, note), now).await
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
    let (_, room) = granted(conn, desks, by, Action::Leave, room_id, now).await?;
    let actor = card(conn, by).await?;
    let hosts = rows::at_least(conn, room_id, MemberRole::Host).await?;
    if hosts == [by] && rows::count(conn, room_id).await? > 1 {
        return Err(WireError::LastHost.into());
    }
    let note = SystemNote::of(SystemKey::MemberLeft);
    put_out(conn, room, by, None, (&actor, note), now).await
}

async fn put_out(
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
    let (_, room) = granted(conn, desks, by, Action::Invite, room_id, now).await?;
    let (actor, target) = (card(conn, by).await?, card(conn, user_id).await?);
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

/// Errors: `not_found` for the room and for who is not in it, `forbidden` (also among equals), `last_host`.
pub(super) async fn change(
    conn: &mut Conn<'_>,
    desks: &Desks,
    (by, room_id, user_id): (UserId, RoomId, UserId),
    change: MemberChange,
    reason: Option<String>,
    now: Timestamp,
) -> Done {
    let action = match change {
        MemberChange::Kick | MemberChange::Ban | MemberChange::LiftBan => Action::Kick,
        MemberChange::Mute(_) => Action::MuteMember,
        MemberChange::Role(_) => Action::SetRole,
    };
    let (actor, room) = granted(conn, desks, by, action, room_id, now).await?;
    let standing = rows::standing(conn, room_id, user_id).await?;
    let standing = standing.ok_or(WireError::NotFound)?;
    check_rank(conn, actor, &room, (user_id, standing), now).await?;
    let told = Told {
        actor: card(conn, by).await?,
        target: target_card(conn, room_id, user_id).await?,
        reason,
    };
    match change {
        MemberChange::LiftBan => lift_ban(conn, room, standing, told, now).await,
        MemberChange::Ban => {
            if standing.is_in() {
                let note = told.note(SystemKey::MemberBanned);
                return put_out(conn, room, user_id, Some(now), (&told.actor, note), now).await;
            }
            let rev = rooms::rev(conn, room_id).await?;
            rows::put_out(conn, room_id, user_id, Some(now), rev, now).await?;
            Ok(unchanged(room))
        }
        _ if !standing.is_in() => Err(WireError::NotFound.into()),
        MemberChange::Kick => {
            let note = told.note(SystemKey::MemberKicked);
            put_out(conn, room, user_id, None, (&told.actor, note), now).await
        }
        MemberChange::Mute(minutes) => mute(conn, room, standing, (told, minutes), now).await,
        MemberChange::Role(role) => set_role(conn, room, standing, (told, role), now).await,
    }
}

/// What is told of it in the room.
struct Told {
    actor: UserCard,
    target: UserCard,
    reason: Option<String>,
}

impl Told {
    fn note(&self, key: SystemKey) -> SystemNote {
        let mut note = SystemNote::about(key, self.target.clone());
        note.args.reason.clone_from(&self.reason);
        note
    }
}

/// Nobody keeps order among their equals, nor with themselves: who wants to go leaves.
async fn check_rank(
    conn: &mut Conn<'_>,
    actor: Actor,
    room: &RoomRow,
    (user_id, standing): (UserId, Standing),
    now: Timestamp,
) -> Result<(), Stop> {
    if actor.id == user_id {
        return Err(WireError::Forbidden.into());
    }
    let own = rows::membership(conn, room.id, actor.id, now).await?;
    if !outranks(actor, own, standing.role) {
        return Err(WireError::Forbidden.into());
    }
    Ok(())
}

/// Also of a closed account: it may be put out as well.
async fn target_card(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
) -> Result<UserCard, Stop> {
    let found = rows::one(conn, room_id, user_id).await?;
    Ok(found.ok_or(WireError::NotFound)?.member.user)
}

async fn lift_ban(
    conn: &mut Conn<'_>,
    room: RoomRow,
    standing: Standing,
    told: Told,
    now: Timestamp,
) -> Done {
    if standing.banned_at.is_none() {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room.id).await?;
    rows::put_out(conn, room.id, told.target.id, None, seq, now).await?;
    let note = told.note(SystemKey::BanLifted);
    let change = RoomChange {
        seq,
        message: tell(conn, room.id, seq, &told.actor, note, now).await?,
        what: Changed::Told,
    };
    Ok(RoomDone {
        change: Some(change),
        ..unchanged(room)
    })
}

async fn mute(
    conn: &mut Conn<'_>,
    room: RoomRow,
    standing: Standing,
    (told, minutes): (Told, Option<u32>),
    now: Timestamp,
) -> Done {
    let until = minutes.map(|minutes| now.plus_ms(i64::from(minutes) * 60_000));
    if until.is_none() && standing.muted_until.is_none() {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room.id).await?;
    rows::set_muted(conn, room.id, told.target.id, until, seq).await?;
    let key = match until {
        Some(_) => SystemKey::MemberMuted,
        None => SystemKey::MemberUnmuted,
    };
    let mut note = told.note(key);
    note.args.until = until;
    stands(conn, room, seq, (&told, note), now).await
}

async fn set_role(
    conn: &mut Conn<'_>,
    room: RoomRow,
    standing: Standing,
    (told, role): (Told, MemberRole),
    now: Timestamp,
) -> Done {
    if standing.role == role {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room.id).await?;
    rows::set_role(conn, room.id, told.target.id, role, seq).await?;
    let mut note = told.note(SystemKey::RoleChanged);
    note.args.role = Some(role);
    stands(conn, room, seq, (&told, note), now).await
}

/// A member stands otherwise in the room now: all are told, and their own list.
async fn stands(
    conn: &mut Conn<'_>,
    room: RoomRow,
    seq: crate::model::Seq,
    (told, note): (&Told, SystemNote),
    now: Timestamp,
) -> Done {
    let message = tell(conn, room.id, seq, &told.actor, note, now).await?;
    let (member, count) = member_now(conn, room.id, told.target.id).await?;
    let lists: Vec<ListChange> = vec![listed(conn, room.id, told.target.id).await?];
    Ok(RoomDone {
        change: Some(RoomChange {
            seq,
            message,
            what: Changed::Role(member, count),
        }),
        lists,
        ..unchanged(room)
    })
}
