//! Users: accounts, their roles, and the card that others see of them.

use serde::{Deserialize, Serialize};

use super::{Named, Timestamp, UserId, Zone, word::words};

/// What an account may do in the school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ssr", derive(clap::ValueEnum))]
pub enum Role {
    /// Learns here.
    Student,
    /// Teaches courses and hosts rooms.
    Teacher,
    /// Answers support.
    Agent,
    /// Runs the school's Quad.
    Admin,
}

/// Every role.
pub const ROLES: [Role; 4] = [Role::Student, Role::Teacher, Role::Agent, Role::Admin];

impl Role {
    /// Whether this role answers support rooms rather than having one.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

words!(Role { Student = "student", Teacher = "teacher", Agent = "agent", Admin = "admin" });

/// What anybody who shares a room sees of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserCard {
    /// Whose card it is.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The user's role in the school.
    pub role: Role,
}

/// The signed-in user, as the client knows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The role in the school.
    pub role: Role,
    /// BCP 47 tag of the interface's language.
    pub language: String,
    /// The reader's time zone, as offsets.
    pub zone: Zone,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl User {
    /// The card others see.
    pub fn card(&self) -> UserCard {
        UserCard {
            id: self.id,
            name: self.name.clone(),
            role: self.role,
        }
    }

    /// As desks name people.
    pub fn named(&self) -> Named<'_> {
        Named {
            role: self.role,
            username: &self.username,
        }
    }
}
