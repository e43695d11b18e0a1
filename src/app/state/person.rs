//! What the chat knows of the signed-in person and of the school around them.

use super::Chat;
use crate::model::{Desks, Limits, User, Zone, permission};

impl Chat {
    /// The signed-in person.
    pub fn user(self) -> Option<User> {
        self.with(|inner| inner.user.clone())
    }

    /// What the server enforces.
    pub fn limits(self) -> Limits {
        self.with(|inner| inner.limits).unwrap_or_default()
    }

    /// The school's desks.
    pub fn desks(self) -> Desks {
        self.with(|inner| inner.desks.clone()).unwrap_or_default()
    }

    /// The school's time zone.
    pub fn school_zone(self) -> Zone {
        self.with(|inner| inner.school_zone.clone())
            .unwrap_or_default()
    }

    /// Whether the signed-in person answers at a desk.
    pub fn answers(self) -> bool {
        let answered =
            self.with(|inner| permission::desks_of(&inner.desks, inner.user.named()).is_empty());
        answered.is_some_and(|is_none| !is_none)
    }
}
