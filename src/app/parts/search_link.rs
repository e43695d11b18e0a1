//! The way from an open room to a search in it alone.

use leptos::prelude::*;

use super::icon::Icon;
use crate::{
    app::{
        i18n::{text, use_locale},
        keys::SEARCH_ROOM,
    },
    model::RoomId,
};

/// The link in a room's head.
#[component]
pub fn SearchRoomLink(
    /// The room.
    room_id: RoomId,
) -> impl IntoView {
    let t = use_locale();
    let label = text!(t, search.in_room);
    view! {
        <a
            id=SEARCH_ROOM
            class="icon-button"
            href=format!("/search?room={room_id}")
            aria-label=label.clone()
            aria-keyshortcuts="Control+Shift+F Meta+Shift+F"
            title=label
        >
            <Icon name="search" />
        </a>
    }
}
