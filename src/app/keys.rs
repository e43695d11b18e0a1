//! Keys of every page: F6 goes round its regions, and letters go to the open conversation.

use leptos::prelude::GetUntracked;

use super::state::{Chat, room::composer_id};
use crate::browser::{
    focus,
    keys::{Pressed, on_key},
};

/// Listens for as long as the page lives.
pub fn listen(chat: Chat) {
    on_key(move |pressed| take(chat, pressed));
}

/// Does what a key means; answers whether nothing else should.
fn take(chat: Chat, pressed: &Pressed) -> bool {
    if pressed.key == "F6" {
        return focus::next_region(pressed.has_shift);
    }
    let is_typing = pressed.is_letter() && !pressed.is_chord && !pressed.is_in_field;
    if let Some(room_id) = chat.on_screen.get_untracked().filter(|_| is_typing) {
        // The letter itself goes to where the focus is by then.
        focus::on(&composer_id(room_id));
    }
    false
}
