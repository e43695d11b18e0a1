//! The one permission table: who may do what in a room.
//!
//! The server refuses by it, inside the transaction that writes, and the client hides by it. A use case takes a
//! [`Granted`], which only [`may`] can make, so that a check cannot be forgotten.

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
    /// Whether those who are not in it see its card.
    pub is_listed: bool,
    /// Read-only.
    pub is_archived: bool,
    /// Gone.
    pub is_deleted: bool,
}

/// What decides who is staff in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Support rooms: whose it is.
    pub person: Option<UserId>,
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
/// not there), `Archived` for changing what is in a read-only one, `Muted`, and `Forbidden` for what is others' to do.
pub fn may(actor: Actor, action: Action, room: &RoomFacts) -> Result<Granted, WireError> {
    if room.is_deleted || !sees(actor, action, room) {
        return Err(WireError::NotFound);
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
    if is_muted && matches!(action, Action::Post | Action::ShowTyping) {
        return Err(WireError::Muted);
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

/// Whether this role makes rooms that others join.
pub fn may_create_rooms(role: Role) -> bool {
    role != Role::Student
}

/// The roles of those whom somebody of that role finds without sharing a room with them: those who answer are found by
/// everybody and find everybody, and who teaches finds who teaches.
pub fn found_by(role: Role) -> &'static [Role] {
    match role {
        Role::Agent | Role::Admin => &[Role::Student, Role::Teacher, Role::Agent, Role::Admin],
        Role::Teacher => &[Role::Teacher, Role::Agent, Role::Admin],
        Role::Student => &[Role::Agent, Role::Admin],
    }
}

/// Whether the actor is one of those who answer in that support room. Nobody answers themselves: a room may be older than
/// its person's place at the desk.
fn answers(actor: Actor, room: &RoomFacts) -> bool {
    room.kind == RoomKind::Support && room.is_served && room.person != Some(actor.id)
}

/// Whether somebody who sees that room reads what is for staff alone in it: in a support room all but its person, for
/// nobody else sees it; elsewhere all but students. The store says the same in SQL (`store::sight`).
pub fn is_staff_in(reader: Actor, room: Whose) -> bool {
    match room.kind {
        RoomKind::Support => room.person != Some(reader.id),
        _ => is_staff_elsewhere(reader.role),
    }
}

/// Whether this role is staff in rooms that are not support rooms.
pub fn is_staff_elsewhere(role: Role) -> bool {
    role != Role::Student
}

/// Whether somebody who sees that room may see a change for `audience` that `sender` made in it.
pub fn may_see(reader: Actor, room: Whose, audience: Audience, sender: UserId) -> bool {
    match audience {
        Audience::All => true,
        Audience::Staff => is_staff_in(reader, room),
        Audience::StaffAndSender => is_staff_in(reader, room) || reader.id == sender,
    }
}

#[cfg(test)]
mod tests;
