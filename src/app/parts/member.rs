//! A member of a room in words.

use crate::{
    app::i18n::{Locale, text},
    model::MemberRole,
};

/// What a role in a room is called.
pub fn room_role(t: Locale, role: MemberRole) -> String {
    match role {
        MemberRole::Member => text!(t, room.member),
        MemberRole::Moderator => text!(t, room.moderator),
        MemberRole::Host => text!(t, room.host),
    }
}
