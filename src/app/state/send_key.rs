//! Which key sends what is written: a choice of the person on this device. It outlasts signing out: it tells nothing.

use super::Chat;
use crate::{
    browser::storage::{self, Shelf},
    model::{UserId, word::words},
};

/// Apart from what is wiped when somebody signs out.
const PREFIX: &str = "quad-choice:";

/// The key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendKey {
    /// Enter; with Shift it begins a line.
    #[default]
    Enter,
    /// Enter with Ctrl, or with Cmd; alone it begins a line.
    CtrlEnter,
}

words!(SendKey {
    Enter = "enter",
    CtrlEnter = "ctrl-enter",
});

/// Both, in the order in which pages show them.
pub const SEND_KEYS: [SendKey; 2] = [SendKey::Enter, SendKey::CtrlEnter];

/// The person's choice on this device.
pub fn read(chat: Chat) -> SendKey {
    let kept = chat
        .with(|inner| inner.user.id)
        .and_then(|me| storage::get(Shelf::Local, &key(me)));
    kept.and_then(|word| SendKey::from_word(&word))
        .unwrap_or_default()
}

/// Keeps a choice; the default is kept by keeping none.
pub fn keep(chat: Chat, chosen: SendKey) {
    let Some(me) = chat.with(|inner| inner.user.id) else {
        return;
    };
    if chosen == SendKey::default() {
        storage::remove(Shelf::Local, &key(me));
    } else {
        storage::set(Shelf::Local, &key(me), chosen.as_str());
    }
}

fn key(me: UserId) -> String {
    format!("{PREFIX}{me}:send-key")
}
