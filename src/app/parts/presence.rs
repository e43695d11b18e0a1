//! Whether somebody is there: by a shape and a word beside their name, never by colour alone.

use leptos::prelude::*;

use crate::{
    app::{
        dates,
        i18n::{Locale, text, use_locale},
        state::Chat,
    },
    model::{PresenceStatus, UserId},
};

/// The mark beside a name: a shape, and the word for those who do not see it. Nothing for those who are not there.
#[component]
pub fn PresenceMark(
    /// The chat.
    chat: Chat,
    /// Whose.
    id: UserId,
) -> impl IntoView {
    let t = use_locale();
    chat.shows_presence(id);
    let status = Memo::new(move |_| {
        let known = chat.presences.read();
        let status = known.get(&id).map(|told| told.status);
        status.filter(|status| *status != PresenceStatus::Offline)
    });
    move || {
        status.get().map(|status| {
            let word = status_name(t, status);
            let title = word.clone();
            view! {
                <span class="presence" data-status=status.as_str() title=title>
                    <span class="visually-hidden">{word}</span>
                </span>
            }
        })
    }
}

/// The same in words, with when they were last seen. Its changes are announced: it stands where one talks with them.
#[component]
pub fn PresenceLine(
    /// The chat.
    chat: Chat,
    /// Whose.
    id: UserId,
) -> impl IntoView {
    let t = use_locale();
    chat.shows_presence(id);
    let zone = StoredValue::new(chat.user().map(|user| user.zone).unwrap_or_default());
    let told = Memo::new(move |_| {
        let known = chat.presences.read();
        known.get(&id).map(|told| (told.status, told.last_seen))
    });
    let line = move || {
        let (status, last_seen) = told.get()?;
        let seen = last_seen.filter(|_| status == PresenceStatus::Offline);
        Some(match seen {
            None => status_name(t, status),
            Some(at) => {
                let now = chat.minute.get();
                let time = zone.with_value(|zone| dates::list_time(t, zone, at, now));
                text!(t, presence.last_seen, time = time)
            }
        })
    };
    let shape = move || told.get().map(|(status, _)| status.as_str());
    // It stands empty, so that what comes into it is announced.
    view! {
        <span class="presence-line" aria-live="polite">
            <span class="presence" data-status=shape aria-hidden="true"></span>
            <span>{line}</span>
        </span>
    }
}

/// What a status is called, of others.
pub fn status_name(t: Locale, status: PresenceStatus) -> String {
    match status {
        PresenceStatus::Online => text!(t, presence.online),
        PresenceStatus::Away => text!(t, presence.away),
        PresenceStatus::Busy => text!(t, presence.busy),
        PresenceStatus::Offline => text!(t, presence.offline),
    }
}
