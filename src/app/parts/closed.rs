//! What stands in the place of the composer where the two of a room may not write to each other.

use leptos::prelude::*;

use super::{
    block::{BlockButton, other_of},
    icon::Icon,
};
use crate::{
    app::{
        i18n::{text, use_locale},
        state::Chat,
    },
    model::RoomForMe,
};

/// Why nothing can be written; for whoever has blocked the other one, the way out of it.
#[component]
pub fn Closed(
    /// The chat.
    chat: Chat,
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
) -> impl IntoView {
    let t = use_locale();
    let other = other_of(chat, &room.read_untracked());
    let id = other.as_ref().map(|card| card.id);
    let is_own = Memo::new(move |_| id.is_some_and(|id| chat.blocked.read().contains(&id)));
    let why = move || {
        if is_own.get() {
            text!(t, block.blocked)
        } else {
            text!(t, block.closed)
        }
    };
    view! {
        <div class="composer closed-note" data-region="">
            <Icon name="lock" />
            <p role="status">{why}</p>
            {other
                .map(|card| {
                    view! {
                        <Show when=move || is_own.get()>
                            <BlockButton chat card=card.clone() class="button small" />
                        </Show>
                    }
                })}
        </div>
    }
    .into_any()
}
