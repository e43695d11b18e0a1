//! What a screen reader is told: messages that have just come, never history.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::{Chat, Heard};
use crate::{
    app::i18n::{Locale, locale_of, text},
    browser::timer,
    model::{Message, RoomId, Seq, text::excerpt},
};

/// Arrivals within this time are told together.
const GATHER_MS: u32 = 500;
/// More than so many at once are told as a number.
const MOST: usize = 3;

/// What has been heard, and what is still to be told.
pub(super) struct Announce {
    heard: Heard,
    untold: Vec<(String, String)>,
    is_told_next: bool,
}

impl Announce {
    pub(super) fn new(heard: Heard) -> Self {
        Self {
            heard,
            untold: Vec::new(),
            is_told_next: false,
        }
    }

    /// Up to here the room is on the page: history, not news.
    pub(super) fn knows(&mut self, room_id: RoomId, seq: Seq) {
        let known = self.heard.entry(room_id).or_default();
        *known = (*known).max(seq);
    }
}

/// A message came. One that a resume repeats, or one's own, is no news.
pub(super) fn heard(chat: Chat, message: &Message) {
    let on_screen = chat.on_screen.get_untracked();
    let told_later = chat.change(|inner| {
        let known = inner.announce.heard.entry(message.room_id).or_default();
        if message.seq <= *known || !message.is_countable() {
            return None;
        }
        *known = message.seq;
        if !inner.client.lists().counts(message.sender.id) {
            return None;
        }
        let room = inner.client.lists().rooms.get(&message.room_id);
        if room.is_some_and(|room| room.is_quiet) && on_screen != Some(message.room_id) {
            return None;
        }
        let name = message.sender.name.clone();
        let name = if message.is_note() {
            text!(locale_of(&inner.user.language), announce.note, name = name)
        } else {
            name
        };
        let told = (name, excerpt(&message.content));
        inner.announce.untold.push(told);
        Some(!std::mem::replace(&mut inner.announce.is_told_next, true))
    });
    let Some(Some(is_first)) = told_later else {
        return;
    };
    if let Some(view) = chat.room(message.room_id)
        && !view.at_end.get_untracked()
    {
        view.arrived
            .update(|arrived| *arrived = arrived.saturating_add(1));
    }
    if is_first {
        timer::after(GATHER_MS, move || tell(chat));
    }
}

fn tell(chat: Chat) {
    let told = chat.change(|inner| {
        inner.announce.is_told_next = false;
        let t = locale_of(&inner.user.language);
        sentence(t, std::mem::take(&mut inner.announce.untold))
    });
    if let Some(mut told) = told {
        // The same words twice are a change only if something differs.
        if chat.announcement.get_untracked() == told {
            told.push('\u{a0}');
        }
        chat.announcement.set(told);
    }
}

fn sentence(t: Locale, arrivals: Vec<(String, String)>) -> String {
    if arrivals.len() > MOST {
        return text!(t, announce.many, count = arrivals.len());
    }
    arrivals
        .into_iter()
        .fold(String::new(), |mut told, (name, excerpt)| {
            let one = text!(t, announce.message, name = name, text = excerpt);
            // Writing into a string cannot fail.
            let _ = writeln!(told, "{one}");
            told
        })
}
