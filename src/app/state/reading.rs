//! What is on the screen, and what follows from it: watching, read marks, typing signs.

use leptos::prelude::*;

use super::{Chat, link, presence};
use crate::{
    browser::{clock, page},
    model::{Audience, RoomId, Timestamp},
    protocol::Command,
    sync::Effect,
};

/// A typing sign is repeated at most this often.
const TYPING_MS: i64 = 2_000;
/// So many seconds of looking at the end make it read.
const LOOKS: u32 = 2;

/// What the reader has been doing.
#[derive(Default)]
pub(super) struct Reading {
    looked: u32,
    typing: Option<(RoomId, Audience, Timestamp)>,
}

/// A room is on the screen now, in place of another one.
pub fn show(chat: Chat, room_id: RoomId) {
    let before = chat.on_screen.get_untracked();
    if before != Some(room_id) {
        if let Some(before) = before {
            put_away(chat, before);
        }
        chat.change(|inner| inner.reading.looked = 0);
        chat.on_screen.set(Some(room_id));
        watch(chat);
    }
}

/// A room is no longer on the screen: its line "New messages" has done its work.
pub fn hide(chat: Chat, room_id: RoomId) {
    if chat.on_screen.try_get_untracked().flatten() != Some(room_id) {
        return;
    }
    put_away(chat, room_id);
    chat.on_screen.set(None);
    watch(chat);
}

fn put_away(chat: Chat, room_id: RoomId) {
    stopped(chat, room_id);
    chat.act(|client, _| {
        client.left(room_id);
        vec![Effect::RoomChanged(room_id)]
    });
}

/// Tells the server where the reader looks: typing signs and presence come from there alone.
pub(super) fn watch(chat: Chat) {
    let command = Command::Watch {
        room_id: chat.on_screen.get_untracked(),
        user_ids: presence::watched(chat),
    };
    link::send(chat, &command);
}

/// Each second: what has been at the end of the screen for a while, with somebody looking, is read.
pub(super) fn tick(chat: Chat) {
    let Some(room_id) = chat.on_screen.get_untracked() else {
        chat.act(|client, _| client.attends(None));
        return;
    };
    let is_at_end = chat
        .room(room_id)
        .is_some_and(|view| view.at_end.get_untracked());
    if is_at_end {
        chat.act(|client, _| client.at_end(room_id));
    }
    let is_looked_at = is_at_end && page::is_attended();
    chat.act(|client, _| client.attends(is_looked_at.then_some(room_id)));
    let is_read = chat.change(|inner| {
        inner.reading.looked = if is_looked_at {
            inner.reading.looked.saturating_add(1)
        } else {
            0
        };
        inner.reading.looked >= LOOKS
    });
    if is_read == Some(true) {
        chat.act(|client, _| client.seen(room_id));
    }
}

/// The text for those changed: only they are shown that something is being written.
pub fn typed(chat: Chat, room_id: RoomId, audience: Audience, is_empty: bool) {
    if is_empty {
        stopped(chat, room_id);
        return;
    }
    let now = clock::now();
    let is_due = chat.change(|inner| {
        let is_due = inner
            .reading
            .typing
            .is_none_or(|(room, _, at)| room != room_id || now.ms_since(at) >= TYPING_MS);
        if is_due {
            inner.reading.typing = Some((room_id, audience, now));
        }
        is_due
    });
    if is_due == Some(true) {
        sign(chat, room_id, audience, true);
    }
}

/// The text was sent, emptied or left.
pub fn stopped(chat: Chat, room_id: RoomId) {
    let was_typing = chat.change(|inner| {
        let was_typing = inner.reading.typing.filter(|(room, ..)| *room == room_id);
        if was_typing.is_some() {
            inner.reading.typing = None;
        }
        was_typing
    });
    if let Some((_, audience, _)) = was_typing.flatten() {
        sign(chat, room_id, audience, false);
    }
}

fn sign(chat: Chat, room_id: RoomId, audience: Audience, is_typing: bool) {
    let sign = Command::Typing {
        room_id,
        is_typing,
        audience,
    };
    link::send(chat, &sign);
}
