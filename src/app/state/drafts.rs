//! Drafts: what was written and not sent, per person and room, over reloads.

use leptos::prelude::*;

use super::Chat;
use crate::{
    browser::{
        outbox_store,
        storage::{self, Shelf},
    },
    model::{RoomId, UserId},
};

/// Everything that is kept for people starts with this.
const PREFIX: &str = "quad:";
/// Who was here last.
const LAST_USER: &str = "quad:user";

fn prefix(me: UserId) -> String {
    format!("{PREFIX}{me}:draft:")
}

fn key(me: UserId, room_id: RoomId) -> String {
    format!("{}{room_id}", prefix(me))
}

/// The key of one of the person's settings on this device.
pub fn setting(me: UserId, name: &str) -> String {
    format!("{PREFIX}{me}:{name}")
}

/// Wipes what another person left on this device, and reads which rooms have a draft.
pub(super) fn begin(chat: Chat, me: UserId) {
    let me_text = me.to_string();
    if storage::get(Shelf::Local, LAST_USER).is_some_and(|last| last != me_text) {
        storage::remove_all(PREFIX);
        leptos::task::spawn_local(async {
            outbox_store::clear().await;
        });
    }
    storage::set(Shelf::Local, LAST_USER, &me_text);
    let prefix = prefix(me);
    let rooms = storage::keys(Shelf::Local, &prefix)
        .iter()
        .filter_map(|key| key.strip_prefix(&prefix)?.parse().ok())
        .collect();
    chat.drafts.set(rooms);
}

/// The draft of a room.
pub fn read(chat: Chat, room_id: RoomId) -> Option<String> {
    let me = chat.with(|inner| inner.user.id)?;
    storage::get(Shelf::Local, &key(me, room_id)).filter(|draft| !draft.is_empty())
}

/// Keeps the draft of a room; an empty one is forgotten. Cheap enough for every keystroke.
pub fn keep(chat: Chat, room_id: RoomId, draft: &str) {
    let Some(me) = chat.with(|inner| inner.user.id) else {
        return;
    };
    let has_draft = !draft.trim().is_empty();
    if has_draft {
        storage::set(Shelf::Local, &key(me, room_id), draft);
    } else {
        storage::remove(Shelf::Local, &key(me, room_id));
    }
    if chat
        .drafts
        .with_untracked(|drafts| drafts.contains(&room_id))
        != has_draft
    {
        chat.drafts.update(|drafts| {
            if has_draft {
                drafts.insert(room_id);
            } else {
                drafts.remove(&room_id);
            }
        });
    }
}

/// Forgets everything of everybody on this device: drafts, outbox, settings of the widget.
pub async fn wipe() {
    storage::remove_all(PREFIX);
    outbox_store::clear().await;
}
