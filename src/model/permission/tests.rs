//! The table, role by verb.

use super::*;
use crate::model::Policy;
use crate::model::{ChatMode, Staff};

fn support_room() -> RoomFacts {
    RoomFacts {
        kind: RoomKind::Support,
        person: Some(UserId(1)),
        is_served: false,
        membership: None,
        is_closed: false,
        is_listed: false,
        is_archived: false,
        is_deleted: false,
    }
}

/// The same for those who answer there.
fn served_room() -> RoomFacts {
    RoomFacts {
        is_served: true,
        ..support_room()
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
    let inside = [
        Action::Read,
        Action::Post,
        Action::DeleteOwn,
        Action::ShowTyping,
        Action::Mark,
    ];
    for action in ACTIONS {
        let is_allowed = inside.contains(&action) || action == Action::SeeCard;
        let own = may(actor(1, Role::Student), action, &support_room());
        assert_eq!(own.is_ok(), is_allowed, "{action:?}: {own:?}");
        assert!(own.is_ok() || own == Err(WireError::Forbidden));
        for role in [Role::Agent, Role::Admin, Role::Teacher] {
            let staff = may(actor(2, role), action, &served_room());
            let is_allowed = is_allowed
                || [Action::Triage, Action::PostNote].contains(&action)
                || role == Role::Admin && action == Action::DeleteOthers;
            assert_eq!(staff.is_ok(), is_allowed, "{action:?}");
        }
        for outsider in [Role::Student, Role::Teacher, Role::Admin].map(|role| actor(4, role)) {
            assert_eq!(
                may(outsider, action, &support_room()),
                Err(WireError::NotFound)
            );
        }
    }
}

/// Who somebody is to a room of many.
#[derive(Clone, Copy, Debug)]
enum Who {
    Outsider,
    Admin,
    In(MemberRole),
}

const WHO: [Who; 5] = [
    Who::Outsider,
    Who::Admin,
    Who::In(MemberRole::Member),
    Who::In(MemberRole::Moderator),
    Who::In(MemberRole::Host),
];

fn answer(who: Who, kind: RoomKind, is_listed: bool, action: Action) -> char {
    let role = match who {
        Who::Admin => Role::Admin,
        _ => Role::Teacher,
    };
    let membership = match who {
        Who::In(role) => Some(Membership {
            role,
            is_muted: false,
        }),
        _ => None,
    };
    let room = RoomFacts {
        kind,
        person: None,
        membership,
        is_listed,
        ..support_room()
    };
    match may(actor(1, role), action, &room) {
        Ok(granted) => {
            assert_eq!(granted.action(), action);
            '+'
        }
        Err(WireError::Forbidden) => '-',
        Err(WireError::NotFound) => '.',
        Err(WireError::FollowsCourse) => 'c',
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn the_table_of_rooms_is_this_one() {
    // `+` may, `-` forbidden, `.` as if it were not there: `c` follows the course: an outsider, an admin outside,
    // member, moderator, host.
    let table: [(Action, &str, &str, &str, &str); 19] = [
        // action, public, private and listed, private and not, course
        (Action::Read, "..+++", "..+++", "..+++", "..+++"),
        (Action::Post, "..+++", "..+++", "..+++", "..+++"),
        (Action::DeleteOwn, "..+++", "..+++", "..+++", "..+++"),
        (Action::DeleteOthers, "..-++", "..-++", "..-++", "..-++"),
        (Action::ShowTyping, "..+++", "..+++", "..+++", "..+++"),
        (Action::Mark, "..+++", "..+++", "..+++", "..+++"),
        (Action::SeeCard, "+++++", "+++++", ".++++", ".++++"),
        (Action::Join, "+++++", "-----", ".----", ".cccc"),
        (Action::AskToJoin, "-----", "+++++", ".----", ".cccc"),
        (Action::Leave, "..+++", "..+++", "..+++", "..ccc"),
        (Action::Invite, "..--+", "..--+", "..--+", "..ccc"),
        (Action::SeeRequests, "..--+", "..--+", "..--+", "..---"),
        (Action::Decide, "..--+", "..--+", "..--+", "..ccc"),
        (Action::Kick, ".+-++", ".+-++", ".+-++", ".cccc"),
        (Action::MuteMember, "..-++", "..-++", "..-++", "..-++"),
        (Action::SetRole, "..--+", "..--+", "..--+", "..--+"),
        (Action::Update, "-+--+", "-+--+", ".+--+", ".+--+"),
        (Action::Archive, "-+--+", "-+--+", ".+--+", ".+--+"),
        (Action::Delete, "-+--+", "-+--+", ".+--+", ".+--+"),
    ];
    for (action, public, listed, private, course) in table {
        let rows = [
            (RoomKind::Public, true, public),
            (RoomKind::Private, true, listed),
            (RoomKind::Private, false, private),
            (RoomKind::Course, false, course),
        ];
        for (kind, is_listed, expected) in rows {
            let found: String = WHO
                .map(|who| answer(who, kind, is_listed, action))
                .into_iter()
                .collect();
            assert_eq!(
                found, expected,
                "{action:?} in {kind:?}, listed: {is_listed}"
            );
        }
    }
}

#[test]
fn what_two_say_to_each_other_is_theirs_alone() {
    let allowed = [
        Action::Read,
        Action::Post,
        Action::DeleteOwn,
        Action::ShowTyping,
        Action::Mark,
        Action::SeeCard,
        Action::Archive,
    ];
    for kind in [RoomKind::Direct, RoomKind::Thread] {
        for action in ACTIONS {
            for outsider in [Who::Outsider, Who::Admin] {
                assert_eq!(answer(outsider, kind, false, action), '.', "{action:?}");
            }
            let expected = if allowed.contains(&action) { '+' } else { '-' };
            let inside = answer(Who::In(MemberRole::Member), kind, false, action);
            assert_eq!(inside, expected, "{action:?}");
        }
    }
}

#[test]
fn nobody_keeps_order_among_their_equals_but_the_host() {
    let as_a = |role| {
        Some(Membership {
            role,
            is_muted: false,
        })
    };
    let (member, moderator, host) = (MemberRole::Member, MemberRole::Moderator, MemberRole::Host);
    let teacher = actor(1, Role::Teacher);
    assert!(outranks(teacher, as_a(moderator), member));
    assert!(!outranks(teacher, as_a(moderator), moderator));
    assert!(!outranks(teacher, as_a(moderator), host));
    assert!(outranks(teacher, as_a(host), host));
    assert!(!outranks(teacher, None, member));
    assert!(outranks(actor(2, Role::Admin), None, host));
}

#[test]
fn a_muted_member_reads_and_does_not_write() {
    let room = RoomFacts {
        kind: RoomKind::Public,
        person: None,
        membership: Some(Membership {
            role: MemberRole::Member,
            is_muted: true,
        }),
        ..support_room()
    };
    let tries = |action| may(actor(1, Role::Student), action, &room);
    assert!(tries(Action::Read).is_ok() && tries(Action::Mark).is_ok());
    for action in [Action::Post, Action::ShowTyping] {
        assert_eq!(tries(action), Err(WireError::Muted));
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
    let sees = |reader, kind, audience| {
        let person = (kind == RoomKind::Support).then_some(UserId(1));
        let staff = Staff::of([UserId(2)]);
        let whose = Whose {
            kind,
            person,
            staff,
        };
        may_see(reader, whose, audience, UserId(1))
    };
    for kind in [RoomKind::Support, RoomKind::Course] {
        assert!(sees(student, kind, Audience::All));
        assert!(sees(actor(5, Role::Admin), kind, Audience::Staff));
        assert!(sees(teacher, kind, Audience::Staff), "who answers, too");
        assert!(!sees(student, kind, Audience::Staff));
        assert!(sees(student, kind, Audience::StaffAndSender));
    }
    let classmate = actor(4, Role::Student);
    assert!(!sees(classmate, RoomKind::Course, Audience::StaffAndSender));
    assert!(sees(teacher, RoomKind::Course, Audience::StaffAndSender));
    // Whose role in the school is none of a student's learns in other people's courses, too.
    let colleague = actor(6, Role::Teacher);
    assert!(!sees(colleague, RoomKind::Course, Audience::StaffAndSender));
    assert!(sees(agent, RoomKind::Support, Audience::Staff));
    assert!(!sees(agent, RoomKind::Course, Audience::Staff));
}

#[test]
fn what_students_ask_in_private_is_for_those_who_teach() {
    let room = |kind| Whose {
        kind,
        person: None,
        staff: Staff::of([UserId(2)]),
    };
    let course = room(RoomKind::Course);
    let (all, asked) = (Audience::All, Audience::StaffAndSender);
    for (sender, whose, mode, audience, expected) in [
        (
            actor(1, Role::Student),
            &course,
            ChatMode::Private,
            all,
            asked,
        ),
        (
            actor(3, Role::Teacher),
            &course,
            ChatMode::Private,
            all,
            asked,
        ),
        (actor(1, Role::Student), &course, ChatMode::Public, all, all),
        (
            actor(2, Role::Student),
            &course,
            ChatMode::Private,
            all,
            all,
        ),
        (actor(4, Role::Admin), &course, ChatMode::Private, all, all),
        (
            actor(1, Role::Student),
            &room(RoomKind::Private),
            ChatMode::Private,
            all,
            all,
        ),
    ] {
        let found = audience_of(sender, whose, mode, audience);
        assert_eq!(found, expected, "{sender:?} {mode:?}");
    }
}

#[test]
fn nobody_answers_themselves() {
    let own = actor(1, Role::Agent);
    for action in [Action::Triage, Action::PostNote] {
        assert_eq!(may(own, action, &served_room()), Err(WireError::Forbidden));
    }
    let whose = Whose {
        kind: RoomKind::Support,
        person: Some(own.id),
        staff: Staff::default(),
    };
    assert!(!may_see(own, whose, Audience::Staff, UserId(2)));
}

#[test]
fn notes_are_for_support_rooms_that_can_be_written_into() {
    let archived = RoomFacts {
        is_archived: true,
        ..served_room()
    };
    let agent = actor(3, Role::Agent);
    assert_eq!(
        may(agent, Action::PostNote, &archived),
        Err(WireError::Archived)
    );
    let course = RoomFacts {
        kind: RoomKind::Course,
        person: None,
        membership: Some(Membership::MEMBER),
        ..support_room()
    };
    assert_eq!(
        may(agent, Action::PostNote, &course),
        Err(WireError::Forbidden)
    );
}

#[test]
fn who_writes_to_whom_is_the_schools_to_say() {
    use Role::{Admin, Agent, Student, Teacher};
    let all = Policy::default();
    // Who, to whom, and what decides over it; none: nothing does.
    type Rule = fn(&mut Policy) -> &mut bool;
    let table: [(Role, Role, Option<Rule>); 16] = [
        (
            Student,
            Student,
            Some(|policy| &mut policy.student_to_student),
        ),
        (
            Student,
            Teacher,
            Some(|policy| &mut policy.student_to_teacher),
        ),
        (Student, Agent, None),
        (Student, Admin, None),
        (
            Teacher,
            Student,
            Some(|policy| &mut policy.teacher_to_student),
        ),
        (Teacher, Teacher, None),
        (Teacher, Agent, None),
        (Teacher, Admin, None),
        (Agent, Student, None),
        (Agent, Teacher, None),
        (Agent, Agent, None),
        (Agent, Admin, None),
        (Admin, Student, None),
        (Admin, Teacher, None),
        (Admin, Agent, None),
        (Admin, Admin, None),
    ];
    let mut none = all;
    (none.student_to_student, none.student_to_teacher) = (false, false);
    none.teacher_to_student = false;
    for (from, to, rule) in table {
        assert!(may_write_to(&all, from, to), "{from:?} to {to:?}");
        assert_eq!(may_write_to(&none, from, to), rule.is_none());
        let Some(rule) = rule else { continue };
        let mut but_this = all;
        *rule(&mut but_this) = false;
        for (other, with, _) in table {
            let is_this = (other, with) == (from, to);
            assert_eq!(may_write_to(&but_this, other, with), !is_this);
        }
    }
}

#[test]
fn who_makes_rooms_is_the_schools_to_say() {
    use RoomKind::{Course, Private, Public};
    let made =
        |policy: &Policy, role| [Public, Private, Course].map(|kind| may_make(policy, role, kind));
    let mut policy = Policy::default();
    assert_eq!(made(&policy, Role::Student), [false, false, false]);
    assert_eq!(made(&policy, Role::Teacher), [true, true, true]);
    assert!(!may_create_rooms(&policy, Role::Student));
    (policy.student_makes_private, policy.teacher_makes_public) = (true, false);
    assert_eq!(made(&policy, Role::Student), [false, true, false]);
    assert!(may_create_rooms(&policy, Role::Student));
    assert_eq!(made(&policy, Role::Teacher), [false, true, true]);
    policy.teacher_makes_private = false;
    assert!(!may_create_rooms(&policy, Role::Teacher));
    for role in [Role::Agent, Role::Admin] {
        assert_eq!(made(&policy, role), [true, true, true]);
    }
}

#[test]
fn who_answers_for_the_school_neither_blocks_nor_is_blocked() {
    let roles = [Role::Student, Role::Teacher, Role::Agent, Role::Admin];
    for by in roles {
        for whom in roles {
            let is_allowed = !by.is_staff() && !whom.is_staff();
            assert_eq!(may_block(by, whom), is_allowed, "{by:?}, {whom:?}");
        }
        assert_eq!(runs_the_school(by), by == Role::Admin);
    }
}

#[test]
fn a_closed_room_of_two_is_read_and_not_written_into() {
    let room = RoomFacts {
        kind: RoomKind::Direct,
        person: None,
        membership: Some(Membership::MEMBER),
        is_closed: true,
        ..support_room()
    };
    let ana = actor(1, Role::Student);
    for action in [Action::Post, Action::ShowTyping] {
        assert_eq!(may(ana, action, &room), Err(WireError::NoContact));
    }
    for action in [Action::Read, Action::Mark, Action::Archive] {
        assert!(may(ana, action, &room).is_ok(), "{action:?}");
    }
}
