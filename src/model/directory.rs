//! The people of the school, as others find them.

use serde::{Deserialize, Serialize};

use super::{Role, RoomId, RoomKind, UserCard, UserId, Zone};

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Listing {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The role in the school.
    pub role: Role,
}

impl Listing {
    /// The card that others see everywhere.
    pub fn card(&self) -> UserCard {
        UserCard {
            id: self.id,
            name: self.name.clone(),
            role: self.role,
        }
    }
}

/// Who is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleQuery {
    /// A part of the name or of the sign-in name; empty: all.
    pub text: String,
    /// In that role alone.
    pub role: Option<Role>,
    /// After that person, in the order of names.
    pub after: Option<UserId>,
}

/// People who match, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// A page of them.
    pub people: Vec<Listing>,
    /// Whether there are more after these.
    pub has_more: bool,
}

/// A room that two people share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct SharedRoom {
    /// The room.
    pub id: RoomId,
    /// What sort.
    pub kind: RoomKind,
    /// Its name.
    pub name: String,
}

/// What others may know of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub person: Listing,
    /// Their time zone, as offsets.
    pub zone: Zone,
    /// The rooms of many that both are in, by name.
    pub shared: Vec<SharedRoom>,
}
