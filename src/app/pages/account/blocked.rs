//! Whom one has blocked, and the way to lift that.

use leptos::prelude::*;

use crate::app::{
    i18n::{text, use_locale},
    parts::{avatar::Avatar, block::BlockButton},
    state::Chat,
};

const HEADING: &str = "blocked-heading";

/// The card with the people.
#[component]
pub fn Blocked(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let people = Memo::new(move |_| chat.lists.read().blocked.clone());
    view! {
        <section class="card" aria-labelledby=HEADING>
            <h2 id=HEADING>{text!(t, block.people)}</h2>
            <p>{text!(t, block.people_text)}</p>
            <Show when=move || people.read().is_empty()>
                <p>{text!(t, block.none)}</p>
            </Show>
            <ul class="devices" role="list">
                <For each=move || people.get() key=|card| card.clone() let(card)>
                    <li class="device">
                        <Avatar id=card.id name=card.name.clone() />
                        <p class="device-text">
                            <bdi>{card.name.clone()}</bdi>
                        </p>
                        <BlockButton chat card class="button small" />
                    </li>
                </For>
            </ul>
        </section>
    }
    .into_any()
}
