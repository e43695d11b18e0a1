//! What the reader may want of a room for themselves, in its menu.

use leptos::prelude::*;

use super::about::{MENU, done};
use crate::{
    api,
    app::i18n::{text, use_locale},
    browser::dialog,
    model::{RoomChoice, RoomForMe, WireError},
};

/// What the reader may want of the room for themselves: that it counts nowhere, that it stands first.
#[component]
pub fn ChoiceItems(
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let room_id = room.read_untracked().id();
    let is_quiet = Memo::new(move |_| room.read().is_quiet);
    let is_pinned = Memo::new(move |_| room.read().is_pinned);
    let choose = move |choice| {
        dialog::hide_popover(MENU);
        done(problem, api::rooms::choose_room(room_id, choice), || {});
    };
    view! {
        <button
            type="button"
            class="menu-item"
            on:click=move |_| choose(RoomChoice::Pinned(!is_pinned.get_untracked()))
        >
            {move || if is_pinned.get() { text!(t, room.unpin) } else { text!(t, room.pin) }}
        </button>
        <button
            type="button"
            class="menu-item"
            on:click=move |_| choose(RoomChoice::Quiet(!is_quiet.get_untracked()))
        >
            {move || if is_quiet.get() { text!(t, room.notify) } else { text!(t, room.silence) }}
        </button>
    }
}
