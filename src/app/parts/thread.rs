//! Private threads: opened from a message of somebody else, and named by what they are about.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::{message_actions::MessageAction, room_link::room_name};
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text},
        state::Chat,
    },
    model::{Message, RoomForMe, RoomId, RoomKind, UserId},
};

/// The way from a message in a room of many to a thread with its sender; none where the two may not write to each other.
pub fn reply_in_private(t: Locale, chat: Chat, message: &Message) -> Option<MessageAction> {
    let sender = &message.sender;
    let is_blocked = chat.blocked.read_untracked().contains(&sender.id);
    if message.is_deleted() || is_blocked || !untrack(|| chat.may_write_to(sender.role)) {
        return None;
    }
    let navigate = use_navigate();
    let message_id = message.id;
    let run = Callback::new(move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::rooms::open_thread(message_id).await {
                Ok(room_id) => navigate(&format!("/chat/{room_id}"), Default::default()),
                Err(error) => chat.announcement.set(errors::sentence(t, &error)),
            }
        });
    });
    Some(MessageAction {
        icon: "reply",
        label: text!(t, directory.reply_private),
        run,
    })
}

/// What a thread is about, for lists: the room of its message, where the reader is in that; else what it is. Nothing of
/// rooms of other kinds.
pub fn about(
    t: Locale,
    rooms: &BTreeMap<RoomId, RoomForMe>,
    room: &RoomForMe,
    me: UserId,
) -> Option<String> {
    if room.shared.kind != RoomKind::Thread {
        return None;
    }
    let of = room.shared.owner_room.and_then(|id| rooms.get(&id));
    Some(match of {
        Some(of) => text!(t, room.thread_about, room = room_name(t, of, Some(me))),
        None => text!(t, room.thread),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RoomShared, Timestamp};

    fn room(id: i64, kind: RoomKind) -> RoomForMe {
        RoomForMe::new(RoomShared {
            name: "Algebra".to_owned(),
            ..RoomShared::new(RoomId(id), kind, Timestamp(0))
        })
    }

    #[test]
    fn a_thread_names_the_room_it_came_from_to_those_who_are_in_it() {
        let mut thread = room(2, RoomKind::Thread);
        let known = BTreeMap::from([(RoomId(1), room(1, RoomKind::Public))]);
        let nowhere = BTreeMap::new();
        let about = |room: &RoomForMe, rooms| about(Locale::en, rooms, room, UserId(5));
        assert_eq!(about(&thread, &known).as_deref(), Some("Private thread"));
        thread.shared.owner_room = Some(RoomId(1));
        assert_eq!(about(&thread, &known).as_deref(), Some("About Algebra"));
        assert_eq!(about(&thread, &nowhere).as_deref(), Some("Private thread"));
        assert_eq!(about(&room(3, RoomKind::Direct), &known), None);
    }
}
