//! Keeping order among those who are in a room: out for now or for good, silent for a time, with another role.

use super::{
    Changed, Done, ListChange, RoomChange, RoomDone, Stop, granted, listed, member_now,
    members::put_out, tell, unchanged,
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
        rooms::{self, RoomRow},
    },
};

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
    check_rank(conn, actor.actor(), &room, (user_id, standing), now).await?;
    let told = Told {
        actor: actor.card(),
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
