//! Changing what a room is, making it read-only, letting it go.

use super::{
    Changed, Done, ListChange, Listing, RoomChange, RoomDone, Stop, granted, tell, unchanged,
};
use crate::{
    model::{
        Desks, MemberRole, RoomId, RoomPatch, RoomShared, Seq, SystemKey, SystemNote, Timestamp,
        UserId, WireError,
        permission::{Action, Actor},
    },
    server::store::{
        Conn, lists, members as rows,
        rooms::{self, RoomRow},
        users::UserRow,
    },
};

/// Errors: `not_found`, `forbidden`, `archived`.
pub(super) async fn update(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    patch: &RoomPatch,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Update, room_id, now).await?;
    let before = shared(conn, actor.actor(), room_id).await?;
    let patch = effective(patch, &before);
    if patch == RoomPatch::default() {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room_id).await?;
    rooms::update(conn, room_id, &patch, seq).await?;
    let note = match &patch.name {
        Some(name) => {
            let mut note = SystemNote::of(SystemKey::RoomRenamed);
            note.args.name = Some(name.clone());
            note
        }
        None => SystemNote::of(SystemKey::RoomChanged),
    };
    changed(conn, room, seq, (&actor, note), now).await
}

/// What a patch really changes.
fn effective(patch: &RoomPatch, before: &RoomShared) -> RoomPatch {
    let mut patch = patch.clone();
    patch.name = patch.name.filter(|name| *name != before.name);
    patch.description = patch.description.filter(|text| *text != before.description);
    patch.is_listed = patch.is_listed.filter(|is| *is != before.is_listed);
    // What is public is always listed, and a conversation of few never.
    if before.kind != crate::model::RoomKind::Private {
        patch.is_listed = None;
    }
    patch.max_members = patch
        .max_members
        .filter(|most| Some(*most) != before.max_members);
    patch.allow_files = patch.allow_files.filter(|is| *is != before.allow_files);
    patch.allow_voice = patch.allow_voice.filter(|is| *is != before.allow_voice);
    patch
}

async fn shared(conn: &mut Conn<'_>, reader: Actor, room_id: RoomId) -> Result<RoomShared, Stop> {
    let room = lists::one(conn, reader, room_id).await?;
    Ok(room.ok_or(WireError::NotFound)?.shared)
}

async fn changed(
    conn: &mut Conn<'_>,
    room: RoomRow,
    seq: Seq,
    (by, note): (&UserRow, SystemNote),
    now: Timestamp,
) -> Done {
    let message = tell(conn, room.id, seq, &by.card(), note, now).await?;
    let shared = shared(conn, by.actor(), room.id).await?;
    let row = rooms::by_id(conn, room.id)
        .await?
        .ok_or(WireError::NotFound)?;
    Ok(RoomDone {
        change: Some(RoomChange {
            seq,
            message,
            what: Changed::Room(Box::new(shared)),
        }),
        ..unchanged(row)
    })
}

/// Errors: `not_found`, `forbidden`.
pub(super) async fn archive(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    is_archived: bool,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Archive, room_id, now).await?;
    if room.archived_at.is_some() == is_archived {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room_id).await?;
    rooms::set_archived(conn, room_id, is_archived.then_some(now), seq).await?;
    let key = if is_archived {
        SystemKey::RoomArchived
    } else {
        SystemKey::RoomUnarchived
    };
    changed(conn, room, seq, (&actor, SystemNote::of(key)), now).await
}

/// Errors: `not_found`, `forbidden`.
pub(super) async fn delete(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    now: Timestamp,
) -> Done {
    let (_, room) = granted(conn, desks, by, Action::Delete, room_id, now).await?;
    let seq = rooms::take_seq(conn, room_id).await?;
    rooms::set_deleted(conn, room_id, now, seq).await?;
    let members = rows::at_least(conn, room_id, MemberRole::Member).await?;
    let revs = rows::bump_revs(conn, &members).await?;
    let removed = revs.into_iter().map(|(user_id, user_rev)| ListChange {
        user_id,
        user_rev,
        what: Listing::Removed,
    });
    Ok(RoomDone {
        change: Some(RoomChange {
            seq,
            message: None,
            what: Changed::Deleted,
        }),
        lists: removed.collect(),
        ..unchanged(room)
    })
}
