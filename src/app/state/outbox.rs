//! The outbox over reloads and tabs.
//!
//! Pending messages are stored in IndexedDB. The tab that holds the Web Lock sends them; other tabs store theirs and
//! say so in the channel. Without locks or storage (private mode) each tab sends its own from memory, which the key
//! makes harmless.

use leptos::task::spawn_local;

use super::Chat;
use crate::{
    browser::{channel, lock, outbox_store, timer},
    model::{ClientId, UserId},
    sync::{Client, Pending, PendingState},
};

/// Leftovers that are not read by then are not waited for.
const LOAD_MS: u32 = 3_000;
/// Said in the channel: there is something new in the store.
const STORED: &str = "stored";
/// Said in the channel, with a key: this one was given up.
const DISCARDED: &str = "discarded:";
/// Said in the channel, with a key: this one is wanted after all.
const RETRIED: &str = "retried:";

/// Asks to be the tab that sends; until then this one only stores.
pub(super) fn begin(chat: Chat, me: UserId) {
    let name = format!("quad-outbox-{me}");
    channel::join(&name, move |said| heard(chat, me, &said));
    set_drains(chat, false);
    let has_locks = lock::hold(&name, move || take_over(chat, me));
    if has_locks {
        chat.change(|inner| inner.other_tab_drains = true);
        spawn_local(load(chat, me));
    } else {
        take_over(chat, me);
    }
}

/// This tab sends from now on: first what an earlier visit left, then what was written here.
fn take_over(chat: Chat, me: UserId) {
    chat.change(|inner| inner.other_tab_drains = false);
    timer::after(LOAD_MS, move || set_drains(chat, true));
    spawn_local(async move {
        load(chat, me).await;
        set_drains(chat, true);
    });
}

fn set_drains(chat: Chat, drains: bool) {
    chat.act(|client, now| client.set_drains(drains, now));
}

async fn load(chat: Chat, me: UserId) {
    let stored = outbox_store::load(&me.to_string())
        .await
        .unwrap_or_default();
    let mut items: Vec<Pending> = stored
        .iter()
        .filter_map(|item| serde_json::from_str(item).ok())
        .collect();
    items.sort_by_key(|item| (item.created_at, item.client_id));
    chat.act(|client, now| {
        forget_outdated(client, &items);
        client.restore(items, now)
    });
}

/// Another tab was told that a message is refused for good: what waits here takes that over.
fn forget_outdated(client: &mut Client, stored: &[Pending]) {
    for item in stored {
        let is_outdated = matches!(item.state, PendingState::Refused(_))
            && client.outbox().items().iter().any(|known| {
                known.client_id == item.client_id && known.state == PendingState::Waiting
            });
        if is_outdated {
            client.discard(item.client_id);
        }
    }
}

fn heard(chat: Chat, me: UserId, said: &str) {
    if said == STORED {
        spawn_local(load(chat, me));
    } else if let Some(client_id) = key_after(DISCARDED, said) {
        chat.act(|client, _| client.discard(client_id));
    } else if let Some(client_id) = key_after(RETRIED, said) {
        chat.act(|client, now| client.retry(client_id, now));
    }
}

fn key_after(word: &str, said: &str) -> Option<ClientId> {
    said.strip_prefix(word)?.parse().ok()
}

/// Stores a pending message, and tells the other tabs.
pub(super) fn store(chat: Chat, pending: Pending) {
    let Some(me) = chat.with(|inner| inner.user.id) else {
        return;
    };
    let Ok(json) = serde_json::to_string(&pending) else {
        return;
    };
    spawn_local(async move {
        let key = pending.client_id.to_string();
        let is_stored = outbox_store::put(&me.to_string(), &key, &json)
            .await
            .is_some();
        let other_tab_drains = chat.with(|inner| inner.other_tab_drains) == Some(true);
        if is_stored {
            // It may have been acknowledged while it was being stored.
            let is_pending = chat.with(|inner| {
                let mut items = inner.client.outbox().items().iter();
                items.any(|item| item.client_id == pending.client_id)
            });
            if is_pending == Some(false) {
                outbox_store::remove(&me.to_string(), &key).await;
            } else {
                channel::say(STORED);
            }
        } else if other_tab_drains {
            // Nobody else can see it: this tab sends it itself.
            set_drains(chat, true);
        }
    });
}

/// Forgets a message that is acknowledged or given up.
pub(super) fn forget(chat: Chat, client_id: ClientId) {
    let Some(me) = chat.with(|inner| inner.user.id) else {
        return;
    };
    spawn_local(async move {
        outbox_store::remove(&me.to_string(), &client_id.to_string()).await;
    });
}

/// Tells the other tabs that a message was given up here.
pub(super) fn say_discarded(client_id: ClientId) {
    channel::say(&format!("{DISCARDED}{client_id}"));
}

/// Tells the other tabs that a refused message is wanted after all.
pub(super) fn say_retried(client_id: ClientId) {
    channel::say(&format!("{RETRIED}{client_id}"));
}
