//! The one permission table: who may do what in a room.
//!
//! The server refuses by it, inside the transaction that writes, and the client hides by it. A use case takes a
//! [`Granted`], which only [`may`] can make, so that a check cannot be forgotten.

pub use super::policy::{may_block, may_create_rooms, may_make, may_write_to, runs_the_school};
pub use super::seeing::{Whose, audience_of, is_staff_elsewhere, is_staff_in, may_see};
pub use super::serving::{desks_of, has_own_support_room, own_desks, serves};
use super::{Audience, MemberRole, Membership, Role, RoomKind, UserId, WireError};

/// What somebody wants to do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See that it exists, its history and its events.
    Read,
    /// Send a message.
    Post,
    /// Write an internal note into a support conversation, for those who answer there.
    PostNote,
    /// Delete a message of one's own.
    DeleteOwn,
    /// Delete a message of somebody else.
    DeleteOthers,
    /// Show that one is typing.
    ShowTyping,
    /// Move one's own read mark.
    Mark,
    /// Say where a support conversation stands and who takes care of it.
    Triage,
    /// See its card: name, host, size.
    SeeCard,
    /// Come in.
    Join,
    /// Ask to be let in.
    AskToJoin,
    /// Go out.
    Leave,
    /// Let somebody in who did not ask.
    Invite,
    /// See who asks to be let in.
    SeeRequests,
    /// Decide over those who ask to be let in.
    Decide,
    /// Put a member out, for now or for good, or let them come back.
    Kick,
    /// Let a member read but not write for a time.
    MuteMember,
    /// Say what a member is.
    SetRole,
    /// Change its name and what else it is.
    Update,
    /// Make it read-only, or writable again.
    Archive,
    /// Let it go.
    Delete,
}

/// Every action, for tests that walk the table.
pub const ACTIONS: [Action; 21] = [
    Action::Read,
    Action::Post,
    Action::PostNote,
    Action::DeleteOwn,
    Action::DeleteOthers,
    Action::ShowTyping,
    Action::Mark,
    Action::Triage,
    Action::SeeCard,
    Action::Join,
    Action::AskToJoin,
    Action::Leave,
    Action::Invite,
    Action::SeeRequests,
    Action::Decide,
    Action::Kick,
    Action::MuteMember,
    Action::SetRole,
    Action::Update,
    Action::Archive,
    Action::Delete,
];

impl Action {
    /// What somebody does who sends a message for that audience.
    pub fn of_post(audience: Audience) -> Self {
        match audience {
            Audience::All | Audience::StaffAndSender => Self::Post,
            Audience::Staff => Self::PostNote,
        }
    }

    /// Whether it is writing, or showing that one does.
    pub fn is_writing(self) -> bool {
        matches!(self, Self::Post | Self::ShowTyping)
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub id: UserId,
    /// Its role in the school.
    pub role: Role,
}

/// What the table needs to know of a room, from the actor's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomFacts {
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Support rooms: whose it is.
    pub person: Option<UserId>,
    /// Support rooms: whether the actor answers at its desk ([`serves`]).
    pub is_served: bool,
    /// What the actor is in it, by row.
    pub membership: Option<Membership>,
    /// Rooms of two: whether the actor may not write to the other one, by the school's policy or because one of them
    /// has blocked the other.
    pub is_closed: bool,
    /// Whether those who are not in it see its card.
    pub is_listed: bool,
    /// Read-only.
    pub is_archived: bool,
    /// Gone.
    pub is_deleted: bool,
}

impl RoomFacts {
    /// The same of a room of two in which the actor may not write to the other one, or may.
    pub fn closed(self, is_closed: bool) -> Self {
        Self { is_closed, ..self }
    }
}

/// Proof that [`may`] said yes to this action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    action: Action,
}

impl Granted {
    /// What was granted.
    pub fn action(&self) -> Action {
        self.action
    }
}

/// Whether `actor` may do `action` in `room`.
///
/// Errors: `NotFound` where the actor may not even see that there is such a thing (the same answer as for a room that is
/// not there), `FollowsCourse` for moving people by hand in a course's room, `Archived` for changing what is in a
/// read-only one, `Muted`, `NoContact`, and `Forbidden` for what is others' to do.
pub fn may(actor: Actor, action: Action, room: &RoomFacts) -> Result<Granted, WireError> {
    if room.is_deleted || !sees(actor, action, room) {
        return Err(WireError::NotFound);
    }
    if room.kind == RoomKind::Course && moves_people(action) {
        return Err(WireError::FollowsCourse);
    }
    if !is_for(actor, action, room) {
        return Err(WireError::Forbidden);
    }
    if room.is_archived && changes_inside(action) {
        return Err(WireError::Archived);
    }
    let is_muted = room
        .membership
        .is_some_and(|membership| membership.is_muted);
    if is_muted && action.is_writing() {
        return Err(WireError::Muted);
    }
    if room.is_closed && action.is_writing() {
        return Err(WireError::NoContact);
    }
    Ok(Granted { action })
}

/// Whether the actor may know of what the action is about: the inside of a room, or its card alone.
fn sees(actor: Actor, action: Action, room: &RoomFacts) -> bool {
    match action {
        Action::SeeCard
        | Action::Join
        | Action::AskToJoin
        | Action::Update
        | Action::Archive
        | Action::Delete => is_inside(actor, room) || sees_card(actor, room),
        // Order is kept by admins too, who need not be in.
        Action::Kick => is_inside(actor, room) || runs_school(actor, room),
        _ => is_inside(actor, room),
    }
}

fn is_inside(actor: Actor, room: &RoomFacts) -> bool {
    match room.kind {
        RoomKind::Support => room.person == Some(actor.id) || room.is_served,
        _ => room.membership.is_some(),
    }
}

fn sees_card(actor: Actor, room: &RoomFacts) -> bool {
    match room.kind {
        RoomKind::Public => true,
        RoomKind::Private => room.is_listed || runs_school(actor, room),
        RoomKind::Course => runs_school(actor, room),
        RoomKind::Support | RoomKind::Direct | RoomKind::Thread => false,
    }
}

/// Whether the actor is an admin, to whom a room of many belongs as well as to its host.
fn runs_school(actor: Actor, room: &RoomFacts) -> bool {
    actor.role == Role::Admin && room.kind.is_group()
}

/// Whether an action is the actor's to do, in a room of which they know.
fn is_for(actor: Actor, action: Action, room: &RoomFacts) -> bool {
    let role = room.membership.map(|membership| membership.role);
    let is_group = room.kind.is_group();
    let is_joined = matches!(room.kind, RoomKind::Public | RoomKind::Private);
    let is_moderator = is_group && role >= Some(MemberRole::Moderator);
    let is_host = is_group && role == Some(MemberRole::Host);
    match action {
        Action::Read
        | Action::Mark
        | Action::Post
        | Action::DeleteOwn
        | Action::ShowTyping
        | Action::SeeCard => true,
        Action::DeleteOthers => {
            let is_admin = actor.role == Role::Admin;
            is_moderator || runs_school(actor, room) || is_admin && answers(actor, room)
        }
        Action::Triage | Action::PostNote => answers(actor, room),
        Action::Join => room.kind == RoomKind::Public,
        Action::AskToJoin => room.kind == RoomKind::Private && room.is_listed,
        Action::Leave => is_joined,
        Action::Invite | Action::SeeRequests | Action::Decide => is_joined && is_host,
        Action::Kick => is_joined && (is_moderator || runs_school(actor, room)),
        Action::MuteMember => is_moderator,
        Action::SetRole => is_host,
        Action::Update | Action::Delete => is_host || runs_school(actor, room),
        Action::Archive => {
            let is_of_two = matches!(room.kind, RoomKind::Direct | RoomKind::Thread);
            is_host || runs_school(actor, room) || is_of_two && role.is_some()
        }
    }
}

/// Whether it changes who is in a room: in a course's room the course alone does.
fn moves_people(action: Action) -> bool {
    matches!(
        action,
        Action::Join
            | Action::AskToJoin
            | Action::Leave
            | Action::Invite
            | Action::Decide
            | Action::Kick
    )
}

/// Whether a read-only room refuses it.
fn changes_inside(action: Action) -> bool {
    matches!(
        action,
        Action::Post
            | Action::PostNote
            | Action::DeleteOwn
            | Action::DeleteOthers
            | Action::ShowTyping
            | Action::Join
            | Action::AskToJoin
            | Action::Invite
            | Action::Decide
            | Action::Update
    )
}

/// Whether somebody who may keep order may do so with that member: nobody does with their equals.
pub fn outranks(actor: Actor, own: Option<Membership>, target: MemberRole) -> bool {
    let own = own.map(|membership| membership.role);
    own > Some(target) || own == Some(MemberRole::Host) || actor.role == Role::Admin
}

/// Whether this role keeps the accounts of the school: lists and makes them, changes their roles, closes them, makes
/// links by which passwords are chosen, and ends sessions.
pub fn may_manage_people(role: Role) -> bool {
    role == Role::Admin
}

/// Whether the actor is one of those who answer in that support room. Nobody answers themselves: a room may be older than
/// its person's place at the desk.
fn answers(actor: Actor, room: &RoomFacts) -> bool {
    room.kind == RoomKind::Support && room.is_served && room.person != Some(actor.id)
}

/// Whether this role makes rooms of courses at all.
pub fn may_create_course_rooms(role: Role) -> bool {
    role != Role::Student
}

/// Whether this role makes rooms of any course, not only of those that they teach.
pub fn may_create_rooms_of_any_course(role: Role) -> bool {
    role.is_staff()
}

#[cfg(test)]
mod tests;
