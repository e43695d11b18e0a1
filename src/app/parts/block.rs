//! Blocking somebody, and lifting that: one button for both, wherever a person is shown.

use leptos::{prelude::*, task::spawn_local};

use super::form_field::FormError;
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        state::Chat,
    },
    browser::page,
    model::{RoomForMe, UserCard, WireError},
};

/// The other one of a room of two.
pub fn other_of(chat: Chat, room: &RoomForMe) -> Option<UserCard> {
    let me = chat.user()?.id;
    room.shared.other(me).cloned()
}

/// Says "Block" or "Unblock", and does it. Nothing is lost by it, so nothing is asked.
#[component]
pub fn BlockButton(
    /// The chat.
    chat: Chat,
    /// Whom.
    card: UserCard,
    /// What the button looks like.
    class: &'static str,
) -> impl IntoView {
    let t = use_locale();
    let UserCard { id, name, .. } = card;
    let is_busy = RwSignal::new(true);
    Effect::new(move |_| is_busy.set(false));
    let problem = RwSignal::new(None::<WireError>);
    let is_blocked = Memo::new(move |_| chat.blocked.read().contains(&id));
    let label = move || {
        let name = name.clone();
        if is_blocked.get() {
            text!(t, block.unblock_of, name = name)
        } else {
            text!(t, block.block_of, name = name)
        }
    };
    let word = move || {
        if is_blocked.get() {
            text!(t, block.unblock)
        } else {
            text!(t, block.block)
        }
    };
    let press = move |_| {
        let is_blocked = !is_blocked.get_untracked();
        is_busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let done = api::school::block_person(id, is_blocked).await;
            is_busy.try_set(false);
            match done {
                // The list tells it, on every device.
                Ok(()) => {}
                Err(WireError::Unauthorized) => page::reload(),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    view! {
        <button
            type="button"
            class=class
            aria-label=label
            title=text!(t, block.text)
            disabled=move || is_busy.get()
            on:click=press
        >
            {word}
        </button>
        {move || {
            problem
                .get()
                .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
        }}
    }
    .into_any()
}
