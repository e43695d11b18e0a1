//! The one permission table: who may do what in a room.
//!
//! The server refuses by it, inside the transaction that writes, and the client hides by it. A use case takes a
//! [`Granted`], which only [`may`] can make, so that a check cannot be forgotten.

pub use super::serving::{desks_of, has_own_support_room, own_desks, serves};
use super::{Audience, Role, RoomKind, UserId, WireError};

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
    /// Support rooms: whose it is.
    pub person: Option<UserId>,
    /// Support rooms: whether the actor answers at its desk ([`serves`]).
    pub is_served: bool,
    /// Whether the actor is a member by row.
    pub is_member: bool,
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
        RoomKind::Support => room.person == Some(actor.id) || room.is_served,
        RoomKind::Direct
        | RoomKind::Thread
        | RoomKind::Public
        | RoomKind::Private
        | RoomKind::Course => room.is_member,
    }
}

/// Whether the actor is one of those who answer in that support room. Nobody answers themselves: a room may be older than
/// its person's place at the desk.
fn answers(actor: Actor, room: &RoomFacts) -> bool {
    room.kind == RoomKind::Support && room.is_served && room.person != Some(actor.id)
}

/// Whether a reader, who sees the room, reads what is for staff alone there. In a support room all do but its person.
pub fn is_staff_in(reader: Actor, room: Whose) -> bool {
    match room.kind {
        RoomKind::Support => room.person != Some(reader.id),
        _ => reader.role != Role::Student,
    }
}

/// Whether somebody who sees the room may see a change for `audience` in it that `sender` made.
pub fn may_see(reader: Actor, room: Whose, audience: Audience, sender: UserId) -> bool {
    match audience {
        Audience::All => true,
        Audience::Staff => is_staff_in(reader, room),
        Audience::StaffAndSender => is_staff_in(reader, room) || reader.id == sender,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support_room() -> RoomFacts {
        RoomFacts {
            kind: RoomKind::Support,
            person: Some(UserId(1)),
            is_served: false,
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
        let served = RoomFacts {
            is_served: true,
            ..support_room()
        };
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
            for role in [Role::Agent, Role::Admin, Role::Teacher] {
                assert!(may(actor(2, role), action, &served).is_ok());
                let elsewhere = may(actor(2, role), action, &support_room());
                assert_eq!(elsewhere, Err(WireError::NotFound), "{role:?}");
            }
        }
        let own = may(actor(1, Role::Teacher), Action::Triage, &served);
        assert_eq!(own, Err(WireError::Forbidden), "nobody answers themselves");
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
                person: None,
                is_served: true,
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
        let (ana, teacher, agent) = (
            actor(1, Role::Student),
            actor(2, Role::Teacher),
            actor(3, Role::Agent),
        );
        let whose = |kind, person| Whose { kind, person };
        let sees = |reader, room, audience| may_see(reader, room, audience, UserId(1));
        let course = whose(RoomKind::Course, None);
        let anas = whose(RoomKind::Support, Some(UserId(1)));
        for room in [course, anas] {
            assert!(sees(ana, room, Audience::All));
            assert!(sees(agent, room, Audience::Staff));
            assert!(!sees(ana, room, Audience::Staff));
            assert!(sees(ana, room, Audience::StaffAndSender));
        }
        let ben = actor(4, Role::Student);
        assert!(!sees(ben, course, Audience::StaffAndSender));
        assert!(sees(teacher, course, Audience::StaffAndSender));
        // A teacher answers at one desk and asks at another.
        assert!(sees(teacher, anas, Audience::Staff));
        let teachers = whose(RoomKind::Support, Some(teacher.id));
        assert!(!sees(teacher, teachers, Audience::Staff));
    }
}
