//! Keys of every page: F6 goes round its regions, `/` and Ctrl+Shift+F search, Ctrl+K and Alt with the arrows change the
//! room, and letters go to the open conversation.

use leptos::prelude::GetUntracked;

use super::{
    state::{Chat, room::composer_id},
    switcher::SWITCHER,
};
use crate::browser::{
    dialog, focus,
    keys::{Pressed, on_key},
};

/// The id of the search page's field.
pub const SEARCH_FIELD: &str = "search-field";
/// The id of the link to the search page.
pub const SEARCH_LINK: &str = "search-link";
/// The id of the link that searches the open room.
pub const SEARCH_ROOM: &str = "search-room";

/// The rooms of the list.
const LINKS: &str = ".room-links .room-link";
/// Those with something unread.
const UNREAD: &str = "[data-unread=true]";

/// Listens for as long as the page lives.
pub fn listen(chat: Chat) {
    on_key(move |pressed| take(chat, pressed));
}

/// Does what a key means; answers whether nothing else should.
fn take(chat: Chat, pressed: &Pressed) -> bool {
    if pressed.key == "F6" {
        return focus::next_region(pressed.has_shift);
    }
    if pressed.has_ctrl && !pressed.has_shift && pressed.key.eq_ignore_ascii_case("k") {
        dialog::show(SWITCHER);
        return true;
    }
    if pressed.has_alt
        && !pressed.has_ctrl
        && matches!(pressed.key.as_str(), "ArrowUp" | "ArrowDown")
    {
        let wanted = if pressed.has_shift { UNREAD } else { LINKS };
        return focus::press_beside(LINKS, wanted, pressed.key == "ArrowUp");
    }
    if pressed.has_ctrl && pressed.has_shift && pressed.key.eq_ignore_ascii_case("f") {
        return focus::press(SEARCH_ROOM) || search();
    }
    if pressed.key == "/" && !pressed.is_chord && !pressed.is_in_field {
        return search();
    }
    let is_typing = pressed.is_letter() && !pressed.is_chord && !pressed.is_in_field;
    if let Some(room_id) = chat.on_screen.get_untracked().filter(|_| is_typing) {
        // The letter itself goes to where the focus is by then.
        focus::on(&composer_id(room_id));
    }
    false
}

/// Goes to where one searches.
fn search() -> bool {
    focus::on_edge(&format!("#{SEARCH_FIELD}"), false) || focus::press(SEARCH_LINK)
}
