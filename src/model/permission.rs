//! The one permission table: who may do what in a room.
//!
//! The server refuses by it, inside the transaction that writes, and the client hides by it. A use case takes a
//! [`Granted`], which only [`may`] can make, so that a check cannot be forgotten.

use super::{Audience, Desk, Role, RoomKind, UserId, WireError};

/// What somebody wants to do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See that it exists, its history and its events.
    Read,
    /// Send a message.
    Post,
    /// Show that one is typing.
    ShowTyping,
    /// Move one's own read mark.
    Mark,
    /// Say where a support conversation stands and who takes care of it.
    Triage,
}

/// Every action, for tests that walk the table.
pub const ACTIONS: [Action; 5] = [
    Action::Read,
    Action::Post,
    Action::ShowTyping,
    Action::Mark,
    Action::Triage,
];

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
    /// Support rooms: whom it is with.
    pub desk: Option<Desk>,
    /// Support rooms: whose it is.
    pub person: Option<UserId>,
    /// Whether the actor is a member by row.
    pub is_member: bool,
    /// Read-only.
    pub is_archived: bool,
    /// Gone.
    pub is_deleted: bool,
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
/// Errors: `NotFound` where the actor may not even see the room (the same answer as for a room that is not there),
/// `Archived` for writing into a read-only one, `Forbidden` for triage by others than those who answer.
pub fn may(actor: Actor, action: Action, room: &RoomFacts) -> Result<Granted, WireError> {
    if room.is_deleted || !sees(actor, room) {
        return Err(WireError::NotFound);
    }
    match action {
        Action::Read | Action::Mark => Ok(Granted { action }),
        Action::Post | Action::ShowTyping if room.is_archived => Err(WireError::Archived),
        Action::Post | Action::ShowTyping => Ok(Granted { action }),
        Action::Triage if answers(actor, room) => Ok(Granted { action }),
        Action::Triage => Err(WireError::Forbidden),
    }
}

fn sees(actor: Actor, room: &RoomFacts) -> bool {
    match room.kind {
        RoomKind::Support => room.person == Some(actor.id) || answers(actor, room),
        RoomKind::Direct
        | RoomKind::Thread
        | RoomKind::Public
        | RoomKind::Private
        | RoomKind::Course => room.is_member,
    }
}

/// Whether the actor is one of those who answer in that support room.
fn answers(actor: Actor, room: &RoomFacts) -> bool {
    let desk = room.desk.as_ref();
    room.kind == RoomKind::Support && desk.is_some_and(|desk| serves(actor.role, desk))
}

/// Whether this role answers at that desk. One desk for now: `admin`, answered by agents and admins.
pub fn serves(role: Role, desk: &Desk) -> bool {
    role.is_staff() && *desk == Desk::default_desk()
}

/// The desks that this role answers.
pub fn desks_of(role: Role) -> Vec<Desk> {
    [Desk::default_desk()]
        .into_iter()
        .filter(|desk| serves(role, desk))
        .collect()
}

/// Whether this role reads what is for staff alone in rooms of that kind.
pub fn is_staff_in(role: Role, kind: RoomKind) -> bool {
    match kind {
        RoomKind::Support => role.is_staff(),
        _ => role != Role::Student,
    }
}

/// Whether somebody in a room of that kind may see a change for `audience` that `sender` made.
pub fn may_see(reader: Actor, kind: RoomKind, audience: Audience, sender: UserId) -> bool {
    match audience {
        Audience::All => true,
        Audience::Staff => is_staff_in(reader.role, kind),
        Audience::StaffAndSender => is_staff_in(reader.role, kind) || reader.id == sender,
    }
}

/// Whether this role has a support conversation of its own: everybody but those who answer.
pub fn has_own_support_room(role: Role) -> bool {
    !role.is_staff()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support_room() -> RoomFacts {
        RoomFacts {
            kind: RoomKind::Support,
            desk: Some(Desk::default_desk()),
            person: Some(UserId(1)),
            is_member: false,
            is_archived: false,
            is_deleted: false,
        }
    }

    fn actor(id: i64, role: Role) -> Actor {
        Actor {
            id: UserId(id),
            role,
        }
    }

    #[test]
    fn a_support_room_is_its_persons_and_its_desks() {
        for action in ACTIONS {
            let own = may(actor(1, Role::Student), action, &support_room());
            if action == Action::Triage {
                assert_eq!(
                    own,
                    Err(WireError::Forbidden),
                    "that is for those who answer"
                );
            } else {
                assert!(own.is_ok());
            }
            assert!(may(actor(2, Role::Agent), action, &support_room()).is_ok());
            assert!(may(actor(3, Role::Admin), action, &support_room()).is_ok());
            for outsider in [actor(4, Role::Student), actor(5, Role::Teacher)] {
                assert_eq!(
                    may(outsider, action, &support_room()),
                    Err(WireError::NotFound)
                );
            }
        }
    }

    #[test]
    fn a_desk_nobody_serves_hides_the_room_from_staff() {
        let room = RoomFacts {
            desk: Some(Desk("faculty".into())),
            ..support_room()
        };
        assert_eq!(
            may(actor(3, Role::Admin), Action::Read, &room),
            Err(WireError::NotFound)
        );
    }

    #[test]
    fn other_kinds_are_their_members() {
        for kind in [
            RoomKind::Direct,
            RoomKind::Thread,
            RoomKind::Public,
            RoomKind::Private,
            RoomKind::Course,
        ] {
            let outside = RoomFacts {
                kind,
                desk: None,
                person: None,
                ..support_room()
            };
            let inside = RoomFacts {
                is_member: true,
                ..outside.clone()
            };
            assert_eq!(
                may(actor(3, Role::Admin), Action::Read, &outside),
                Err(WireError::NotFound)
            );
            assert!(may(actor(1, Role::Student), Action::Post, &inside).is_ok());
        }
    }

    #[test]
    fn an_archived_room_is_read_only_and_a_deleted_one_is_gone() {
        let archived = RoomFacts {
            is_archived: true,
            ..support_room()
        };
        assert!(may(actor(1, Role::Student), Action::Read, &archived).is_ok());
        assert_eq!(
            may(actor(1, Role::Student), Action::Post, &archived),
            Err(WireError::Archived)
        );
        let deleted = RoomFacts {
            is_deleted: true,
            ..support_room()
        };
        assert_eq!(
            may(actor(1, Role::Student), Action::Read, &deleted),
            Err(WireError::NotFound)
        );
    }

    #[test]
    fn what_is_for_staff_is_seen_by_staff_and_at_most_its_sender() {
        let (student, teacher, agent) = (
            actor(1, Role::Student),
            actor(2, Role::Teacher),
            actor(3, Role::Agent),
        );
        let sees = |reader, kind, audience| may_see(reader, kind, audience, UserId(1));
        for kind in [RoomKind::Support, RoomKind::Course] {
            assert!(sees(student, kind, Audience::All));
            assert!(sees(agent, kind, Audience::Staff));
            assert!(!sees(student, kind, Audience::Staff));
            assert!(sees(student, kind, Audience::StaffAndSender));
            assert!(!sees(
                actor(4, Role::Student),
                kind,
                Audience::StaffAndSender
            ));
        }
        assert!(!sees(teacher, RoomKind::Support, Audience::Staff));
        assert!(sees(teacher, RoomKind::Course, Audience::StaffAndSender));
    }
}
