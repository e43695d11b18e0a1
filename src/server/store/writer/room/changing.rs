//! Changing what a room is, making it read-only, letting it go.

use super::{
    Changed, Done, ListChange, Listing, RoomChange, RoomDone, Stop, granted, tell, unchanged,
};
use crate::{
    model::{
        ChatMode, Desks, MemberRole, RoomId, RoomKind, RoomPatch, RoomShared, Seq, SystemKey,
        SystemNote, Timestamp, UserId, WireError,
        permission::{Action, Actor},
    },
    server::store::{
        Conn, lists, members as rows,
        rooms::{self, RoomRow},
        users::UserRow,
    },
};

/// Errors: `not_found`, `forbidden`, `archived`; `invalid` on `chat_mode` where it is no course's room.
pub(super) async fn update(
    conn: &mut Conn<'_>,
    desks: &Desks,
    by: UserId,
    room_id: RoomId,
    patch: &RoomPatch,
    now: Timestamp,
) -> Done {
    let (actor, room) = granted(conn, desks, by, Action::Update, room_id, now).await?;
    if patch.chat_mode.is_some() && room.kind != RoomKind::Course {
        let problem = "Only a course's room has a mode.";
        return Err(WireError::field("chat_mode", problem).into());
    }
    let before = shared(conn, actor.actor(), room_id).await?;
    let patch = effective(patch, &before);
    if patch == RoomPatch::default() {
        return Ok(unchanged(room));
    }
    let seq = rooms::take_seq(conn, room_id).await?;
    rooms::update(conn, room_id, &patch, seq).await?;
    changed(conn, room, seq, (&actor, note_of(&patch)), now).await
}

/// What is told of a change: what matters most in it.
fn note_of(patch: &RoomPatch) -> SystemNote {
    let key = match (patch.chat_mode, &patch.name) {
        (Some(ChatMode::Private), _) => SystemKey::QuestionsPrivate,
        (Some(ChatMode::Public), _) => SystemKey::QuestionsPublic,
        (None, Some(_)) => SystemKey::RoomRenamed,
        (None, None) => SystemKey::RoomChanged,
    };
    let mut note = SystemNote::of(key);
    note.args.name.clone_from(&patch.name);
    note
}

/// What a patch really changes.
fn effective(patch: &RoomPatch, before: &RoomShared) -> RoomPatch {
    let mut patch = patch.clone();
    patch.name = patch.name.filter(|name| *name != before.name);
    patch.description = patch.description.filter(|text| *text != before.description);
    patch.is_listed = patch.is_listed.filter(|is| *is != before.is_listed);
    // What is public is always listed, and a conversation of few never.
    if before.kind != RoomKind::Private {
        patch.is_listed = None;
    }
    patch.max_members = patch
        .max_members
        .filter(|most| Some(*most) != before.max_members);
    patch.allow_files = patch.allow_files.filter(|is| *is != before.allow_files);
    patch.allow_voice = patch.allow_voice.filter(|is| *is != before.allow_voice);
    patch.chat_mode = patch.chat_mode.filter(|mode| *mode != before.chat_mode);
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
