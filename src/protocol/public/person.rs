//! People, as the contract shows them.

use serde::Serialize;

use crate::model::{Role, UserCard, UserId};

/// Somebody's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The sign-in name, where the reader may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The role in the school.
    pub role: Role,
    /// Where their picture is.
    pub avatar: Option<String>,
}

impl From<UserCard> for Person {
    fn from(card: UserCard) -> Self {
        Self {
            id: card.id,
            name: card.name,
            username: None,
            role: card.role,
            avatar: None,
        }
    }
}

/// What other systems call a sender: those who answer are `admin`, whoever they are.
pub fn sender_type(role: Role) -> &'static str {
    if role.is_staff() {
        Role::Admin.as_str()
    } else {
        role.as_str()
    }
}
