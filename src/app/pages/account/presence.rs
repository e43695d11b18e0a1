//! What others are told of when one was here.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::form_field::FormError,
        state::Chat,
    },
    browser::page,
    model::{OwnPresence, WireError},
};

/// The choice. It takes the CSRF header, so it waits for the page to be alive.
#[component]
pub fn LastSeen(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let own = chat.own_presence;
    let is_busy = RwSignal::new(true);
    Effect::new(move |_| is_busy.set(false));
    let is_done = RwSignal::new(false);
    let problem = RwSignal::new(None::<WireError>);
    let choose = move |hides_last_seen: bool| {
        let before = own.get_untracked();
        own.set(OwnPresence {
            hides_last_seen,
            ..before
        });
        is_busy.set(true);
        is_done.set(false);
        problem.set(None);
        spawn_local(async move {
            let answer = api::presence::hide_last_seen(hides_last_seen).await;
            is_busy.set(false);
            match answer {
                Ok(()) => is_done.set(true),
                Err(WireError::Unauthorized) => page::reload(),
                Err(error) => {
                    own.set(before);
                    problem.set(Some(error));
                }
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="presence-heading">
            <h2 id="presence-heading">{text!(t, presence.title)}</h2>
            <p>{text!(t, presence.lead)}</p>
            {move || {
                problem
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <label class="choice">
                <input
                    type="checkbox"
                    name="hides-last-seen"
                    disabled=move || is_busy.get()
                    checked=own.get_untracked().hides_last_seen
                    prop:checked=move || own.get().hides_last_seen
                    on:change=move |ev| choose(event_target_checked(&ev))
                />
                <span>
                    {text!(t, presence.hide_last_seen)}
                    " "
                    <span class="choice-hint">{text!(t, presence.hide_last_seen_text)}</span>
                </span>
            </label>
            <p class="form-done" role="status">
                {move || is_done.get().then(|| text!(t, presence.saved))}
            </p>
        </section>
    }
}
