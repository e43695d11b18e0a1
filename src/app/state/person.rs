//! What the chat knows of the signed-in person and of the school around them.

use leptos::{prelude::*, task::spawn_local};

use super::Chat;
use crate::{
    api,
    model::{AlertId, Desks, Limits, Role, User, Zone, permission},
    sync::Lists,
};

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

    /// Whether the school lets the signed-in person write to somebody of that role.
    pub fn may_write_to(self, role: Role) -> bool {
        let own = self.user().map(|user| user.role);
        let policy = self.lists.read().policy;
        own.is_some_and(|own| permission::may_write_to(&policy, own, role))
    }

    /// Whether the signed-in person may block somebody of that role.
    pub fn may_block(self, role: Role) -> bool {
        let own = self.user().map(|user| user.role);
        own.is_some_and(|own| permission::may_block(own, role))
    }

    /// Puts away what everybody is told: at once here, and for good as soon as the server knows.
    pub fn dismiss(self, id: AlertId) {
        self.act(|client, _| client.dismiss(id));
        spawn_local(async move {
            // Where it has ended meanwhile it is gone anyway; else it comes back with the next list.
            drop(api::school::dismiss_alert(id).await);
        });
    }

    /// Shows the person's lists.
    pub(super) fn show_lists(self, lists: Lists) {
        let blocked = lists.blocked.iter().map(|card| card.id).collect();
        if *self.blocked.read_untracked() != blocked {
            self.blocked.set(blocked);
        }
        self.lists.set(lists);
    }

    /// Whether the signed-in person answers at a desk.
    pub fn answers(self) -> bool {
        let answered =
            self.with(|inner| permission::desks_of(&inner.desks, inner.user.named()).is_empty());
        answered.is_some_and(|is_none| !is_none)
    }
}
