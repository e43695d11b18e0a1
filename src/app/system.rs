//! The sentence that each system message has in the reader's language.

use super::{
    i18n::{Locale, text},
    parts::member::room_role,
};
use crate::model::{SystemKey, SystemNote};

/// What to tell the reader. `actor`: the name of who did it.
pub fn sentence(t: Locale, note: &SystemNote, actor: &str) -> String {
    let (actor, target) = (actor.to_owned(), name_of(note));
    let told = match note.key {
        SystemKey::RoomCreated => text!(t, told.room_created, actor = actor),
        SystemKey::MemberJoined => text!(t, told.member_joined, actor = actor),
        SystemKey::MemberAdded => text!(t, told.member_added, actor = actor, target = target),
        SystemKey::MemberLeft => text!(t, told.member_left, actor = actor),
        SystemKey::MemberKicked => text!(t, told.member_kicked, actor = actor, target = target),
        SystemKey::MemberBanned => text!(t, told.member_banned, actor = actor, target = target),
        SystemKey::BanLifted => text!(t, told.ban_lifted, actor = actor, target = target),
        SystemKey::MemberMuted => text!(t, told.member_muted, actor = actor, target = target),
        SystemKey::MemberUnmuted => text!(t, told.member_unmuted, actor = actor, target = target),
        SystemKey::RoleChanged => {
            let role = room_role(t, note.args.role.unwrap_or_default());
            text!(
                t,
                told.role_changed,
                target = target,
                role = role,
                actor = actor
            )
        }
        SystemKey::RoomRenamed => {
            let name = note.args.name.clone().unwrap_or_default();
            text!(t, told.room_renamed, actor = actor, name = name)
        }
        SystemKey::RoomChanged => text!(t, told.room_changed, actor = actor),
        SystemKey::QuestionsPrivate => text!(t, told.questions_private, actor = actor),
        SystemKey::QuestionsPublic => text!(t, told.questions_public, actor = actor),
        SystemKey::RoomArchived => text!(t, told.room_archived, actor = actor),
        SystemKey::RoomUnarchived => text!(t, told.room_unarchived, actor = actor),
    };
    match &note.args.reason {
        Some(reason) => format!("{told} {reason}"),
        None => told,
    }
}

fn name_of(note: &SystemNote) -> String {
    let target = note.target.as_ref();
    target.map(|card| card.name.clone()).unwrap_or_default()
}
