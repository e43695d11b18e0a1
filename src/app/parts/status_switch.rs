//! As what one wants to be seen: online, away, busy, or as if one were not there.

use leptos::{prelude::*, task::spawn_local};

use super::presence::status_name;
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        state::Chat,
    },
    browser::page,
    model::{OwnPresence, PRESENCE_STATUSES, PresenceStatus, WireError},
};

/// Four radios that look like one switch. The choice takes the CSRF header, so it waits for the page to be alive.
#[component]
pub fn StatusSwitch(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let own = chat.own_presence;
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let problem = RwSignal::new(None::<WireError>);
    let label = move |status| match status {
        PresenceStatus::Offline => text!(t, presence.appear_offline),
        other => status_name(t, other),
    };
    let choose = move |chosen: PresenceStatus| {
        let before = own.get_untracked();
        own.set(OwnPresence { chosen, ..before });
        problem.set(None);
        spawn_local(async move {
            match api::presence::choose_presence(chosen).await {
                Ok(()) => {}
                Err(WireError::Unauthorized) => page::reload(),
                Err(error) => {
                    own.set(before);
                    problem.set(Some(error));
                }
            }
        });
    };
    let radio = move |status: PresenceStatus| {
        view! {
            <label class="status-choice">
                <input
                    type="radio"
                    name="presence"
                    class="visually-hidden"
                    value=status.as_str()
                    disabled=move || !is_alive.get()
                    checked=own.get_untracked().chosen == status
                    prop:checked=move || own.get().chosen == status
                    on:change=move |_| choose(status)
                />
                <span class="presence" data-status=status.as_str() aria-hidden="true"></span>
                <span>{label(status)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="status-switch">
            <legend>{text!(t, presence.own)}</legend>
            <div class="status-choices">{PRESENCE_STATUSES.map(radio).collect_view()}</div>
            <p class="status-problem" role="status">
                {move || problem.get().map(|error| errors::sentence(t, &error))}
            </p>
        </fieldset>
    }
}
