//! Drafts: what was written and not sent, per person and room, over reloads; of notes and of messages apart.

use leptos::prelude::*;

use super::Chat;
use crate::{
    browser::{
        outbox_store,
        storage::{self, Shelf},
    },
    model::{Audience, RoomId, UserId},
};

/// Everything that is kept for people starts with this.
const PREFIX: &str = "quad:";
/// Who was here last.
const LAST_USER: &str = "quad:user";

fn prefix(me: UserId) -> String {
    format!("{PREFIX}{me}:draft:")
}

fn key(me: UserId, room_id: RoomId, audience: Audience) -> String {
    let room = format!("{}{room_id}", prefix(me));
    match audience {
        Audience::All => room,
        other => format!("{room}:{}", other.as_str()),
    }
}

/// The room of a key, of which the prefix is cut off.
fn room_of(key: &str) -> Option<RoomId> {
    key.split(':').next()?.parse().ok()
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
        .filter_map(|key| room_of(key.strip_prefix(&prefix)?))
        .collect();
    chat.drafts.set(rooms);
}

/// The draft in a room, for those.
pub fn read(chat: Chat, room_id: RoomId, audience: Audience) -> Option<String> {
    let me = chat.with(|inner| inner.user.id)?;
    storage::get(Shelf::Local, &key(me, room_id, audience)).filter(|draft| !draft.is_empty())
}

/// Keeps the draft in a room, for those; an empty one is forgotten. Cheap enough for every keystroke.
pub fn keep(chat: Chat, room_id: RoomId, audience: Audience, draft: &str) {
    let Some(me) = chat.with(|inner| inner.user.id) else {
        return;
    };
    let is_kept = !draft.trim().is_empty();
    if is_kept {
        storage::set(Shelf::Local, &key(me, room_id, audience), draft);
    } else {
        storage::remove(Shelf::Local, &key(me, room_id, audience));
    }
    let other = match audience {
        Audience::All => Audience::Staff,
        _ => Audience::All,
    };
    let has_draft = is_kept || read(chat, room_id, other).is_some();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drafts_of_a_room_have_keys_of_their_own_that_name_the_room() {
        let (me, room_id) = (UserId(7), RoomId(12));
        let keys = [Audience::All, Audience::Staff].map(|audience| key(me, room_id, audience));
        assert_ne!(keys[0], keys[1]);
        for key in keys {
            let of_me = key.strip_prefix(&prefix(me)).unwrap();
            assert_eq!(room_of(of_me), Some(room_id));
        }
    }
}
