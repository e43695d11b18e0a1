//! Whether people are there: at whom the page looks, what it knows of them, and what the reader does and wants to be seen
//! as. Nothing of it is known before the page is alive.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{Chat, Connection, link, reading};
use crate::{
    browser::{clock, page, timer},
    model::{OwnPresence, Presence, Timestamp, UserId, limits::ACTIVE_EVERY_MS},
    protocol::Command,
};

/// What comes and goes on the page within this time is told together.
const WATCH_MS: u32 = 200;

/// At whom the page looks, and when the reader last did something.
#[derive(Default)]
pub(super) struct Looks {
    /// How many parts of the page show each person.
    people: BTreeMap<UserId, usize>,
    is_due: bool,
    acted_at: Timestamp,
}

/// Says from now on when the reader does something.
pub(super) fn begin(chat: Chat) {
    let now = clock::now();
    // Who opens a page is there: the connection says so itself.
    chat.change(|inner| inner.looks.acted_at = now);
    page::on_input(move || acted(chat));
}

fn acted(chat: Chat) {
    if chat.connection.try_get_untracked() != Some(Connection::Online) {
        return;
    }
    let now = clock::now();
    let is_due = chat.change(|inner| {
        let is_due = now.ms_since(inner.looks.acted_at) >= ACTIVE_EVERY_MS;
        if is_due {
            inner.looks.acted_at = now;
        }
        is_due
    });
    if is_due == Some(true) {
        link::send(chat, &Command::Presence { status: None });
    }
}

/// At whom the page looks, the reader first.
pub(super) fn watched(chat: Chat) -> Vec<UserId> {
    let watched = chat.change(|inner| {
        let me = inner.user.id;
        let people: Vec<UserId> = inner.looks.people.keys().copied().collect();
        inner.client.look_at(std::iter::once(me).chain(people))
    });
    watched.unwrap_or_default()
}

/// What the page knows, and what of it is the reader's own choice.
pub(super) fn draw(chat: Chat, known: BTreeMap<UserId, Presence>) {
    let me = chat.with(|inner| inner.user.id).unwrap_or_default();
    if let Some(chosen) = known.get(&me).and_then(|own| own.chosen) {
        let own = chat.own_presence.get_untracked();
        if own.chosen != chosen {
            chat.own_presence.set(OwnPresence { chosen, ..own });
        }
    }
    chat.presences.set(known);
}

impl Chat {
    /// A part of the page shows whether somebody is there, for as long as it stands.
    pub fn shows_presence(self, user_id: UserId) {
        Effect::new(move |before: Option<()>| {
            if before.is_none() {
                self.count_look(user_id, |count| count.saturating_add(1));
            }
        });
        on_cleanup(move || self.count_look(user_id, |count| count.saturating_sub(1)));
    }

    fn count_look(self, user_id: UserId, step: impl FnOnce(usize) -> usize) {
        let is_new = self.change(|inner| {
            let looks = &mut inner.looks;
            let before = looks.people.get(&user_id).copied().unwrap_or_default();
            let count = step(before);
            if count == 0 {
                looks.people.remove(&user_id);
            } else {
                looks.people.insert(user_id, count);
            }
            let differs = (before == 0) != (count == 0);
            differs && !std::mem::replace(&mut looks.is_due, true)
        });
        if is_new == Some(true) {
            timer::after(WATCH_MS, move || {
                self.change(|inner| inner.looks.is_due = false);
                reading::watch(self);
            });
        }
    }
}
