//! Who may write to whom, and who makes which rooms, as the school has decided: a part of the permission table.
//!
//! Agents and admins write to everybody, everybody writes to them, and they make every room: they answer for the school,
//! and whoever needs help reaches them. So they neither block nor are blocked.

use serde::{Deserialize, Serialize};

use super::{Role, RoomKind};

/// What the school has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Policy {
    /// Students write to students.
    pub student_to_student: bool,
    /// Students write to teachers.
    pub student_to_teacher: bool,
    /// Teachers write to students.
    pub teacher_to_student: bool,
    /// Students make public rooms.
    pub student_makes_public: bool,
    /// Students make private rooms.
    pub student_makes_private: bool,
    /// Teachers make public rooms.
    pub teacher_makes_public: bool,
    /// Teachers make private rooms.
    pub teacher_makes_private: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            student_to_student: true,
            student_to_teacher: true,
            teacher_to_student: true,
            student_makes_public: false,
            student_makes_private: false,
            teacher_makes_public: true,
            teacher_makes_private: true,
        }
    }
}

/// Whether somebody of that role may write to somebody of the other for themselves: in direct rooms and private threads.
pub fn may_write_to(policy: &Policy, from: Role, to: Role) -> bool {
    match (from, to) {
        (Role::Student, Role::Student) => policy.student_to_student,
        (Role::Student, Role::Teacher) => policy.student_to_teacher,
        (Role::Teacher, Role::Student) => policy.teacher_to_student,
        (Role::Teacher, Role::Teacher) => true,
        (Role::Agent | Role::Admin, _) | (_, Role::Agent | Role::Admin) => true,
    }
}

/// Whether this role makes rooms of that kind, which others join.
pub fn may_make(policy: &Policy, role: Role, kind: RoomKind) -> bool {
    match (role, kind) {
        (Role::Student, RoomKind::Public) => policy.student_makes_public,
        (Role::Student, RoomKind::Private) => policy.student_makes_private,
        (Role::Teacher, RoomKind::Public) => policy.teacher_makes_public,
        (Role::Teacher, RoomKind::Private) => policy.teacher_makes_private,
        (Role::Student, _) => false,
        (Role::Teacher | Role::Agent | Role::Admin, _) => true,
    }
}

/// Whether this role makes any rooms that others join.
pub fn may_create_rooms(policy: &Policy, role: Role) -> bool {
    [RoomKind::Public, RoomKind::Private]
        .into_iter()
        .any(|kind| may_make(policy, role, kind))
}

/// Whether somebody of that role may block somebody of the other.
pub fn may_block(by: Role, whom: Role) -> bool {
    !by.is_staff() && !whom.is_staff()
}

/// Whether this role decides for the school: who writes to whom, its name, what everybody is told.
pub fn runs_the_school(role: Role) -> bool {
    role == Role::Admin
}
