//! Who sees what in a room that they see: a part of the permission table. The store says the same in SQL
//! (`store::sight`).

use super::{Audience, ChatMode, Role, RoomKind, Staff, UserId, permission::Actor};

/// What decides who is staff in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Support rooms: whose it is.
    pub person: Option<UserId>,
    /// Course rooms: those who keep order in it.
    pub staff: Staff,
}

/// For whom a message is that somebody writes for `audience`: in a course room in question-to-teacher mode what students
/// write is for those who teach, and themselves.
pub fn audience_of(sender: Actor, room: &Whose, mode: ChatMode, audience: Audience) -> Audience {
    let is_question = room.kind == RoomKind::Course
        && mode == ChatMode::Private
        && audience == Audience::All
        && !is_staff_in(sender, room);
    if is_question {
        Audience::StaffAndSender
    } else {
        audience
    }
}

/// Whether somebody who sees that room reads what is for staff alone in it: in a support room all but its person, for
/// nobody else sees it; in a course room those who keep order in it and admins; elsewhere all but students.
pub fn is_staff_in(reader: Actor, room: &Whose) -> bool {
    match room.kind {
        RoomKind::Support => room.person != Some(reader.id),
        RoomKind::Course => reader.role == Role::Admin || room.staff.has(reader.id),
        _ => is_staff_elsewhere(reader.role),
    }
}

/// Whether this role is staff in rooms that are neither support nor course rooms.
pub fn is_staff_elsewhere(role: Role) -> bool {
    role != Role::Student
}

/// Whether somebody who sees that room may see a change for `audience` that `sender` made in it.
pub fn may_see(reader: Actor, room: Whose, audience: Audience, sender: UserId) -> bool {
    match audience {
        Audience::All => true,
        Audience::Staff => is_staff_in(reader, &room),
        Audience::StaffAndSender => is_staff_in(reader, &room) || reader.id == sender,
    }
}
