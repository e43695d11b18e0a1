//! What the client wants done: sending, fetching, storing, and redrawing at most once a frame.

use leptos::{prelude::*, task::spawn_local};

use super::{Chat, link, outbox, presence, room};
use crate::{
    api,
    browser::{clock, frame, page, timer},
    model::{RoomId, Timestamp, WireError},
    sync::{Client, Effect},
};

/// A fetch that failed for now is tried again after so long.
const AGAIN_MS: u32 = 3_000;

impl Chat {
    /// Lets the client take something, and performs what follows from it.
    pub(super) fn act(self, gesture: impl FnOnce(&mut Client, Timestamp) -> Vec<Effect>) {
        let now = clock::now();
        let effects = self.change(|inner| gesture(&mut inner.client, now));
        self.perform(effects.unwrap_or_default());
    }

    pub(super) fn perform(self, effects: Vec<Effect>) {
        if effects.is_empty() {
            return;
        }
        for effect in effects {
            match effect {
                Effect::Send(command) => link::send(self, &command),
                Effect::Fetch(room_id) => self.fetch(room_id),
                Effect::Store(pending) => outbox::store(self, pending),
                Effect::Forget(client_id) => outbox::forget(self, client_id),
                Effect::RoomChanged(room_id) => {
                    self.change(|inner| inner.dirty.insert(room_id));
                }
                Effect::RoomGone(room_id) => {
                    self.change(|inner| inner.rooms.remove(&room_id));
                    self.gone.set(Some(room_id));
                }
                Effect::PresenceChanged => {
                    self.change(|inner| inner.presence_is_dirty = true);
                }
                Effect::ListChanged => {
                    self.change(|inner| inner.list_is_dirty = true);
                }
            }
        }
        self.ask_frame();
    }

    fn ask_frame(self) {
        let is_new = self.change(|inner| !std::mem::replace(&mut inner.frame_is_asked, true));
        if is_new == Some(true) {
            frame::next(move || self.redraw());
        }
    }

    /// Draws what changed: at most once a frame.
    fn redraw(self) {
        let Some((rooms, lists, presences, waiting)) = self.change(|inner| {
            inner.frame_is_asked = false;
            let rooms: Vec<_> = std::mem::take(&mut inner.dirty)
                .into_iter()
                .filter_map(|id| {
                    let view = inner.rooms.get(&id)?.clone();
                    Some((view, room::Drawn::of(&inner.client, id)?))
                })
                .collect();
            let lists =
                std::mem::take(&mut inner.list_is_dirty).then(|| inner.client.lists().clone());
            let presences = std::mem::take(&mut inner.presence_is_dirty)
                .then(|| inner.client.presences().clone());
            (rooms, lists, presences, inner.client.outbox().waiting())
        }) else {
            return;
        };
        for (view, drawn) in rooms {
            view.draw(drawn);
        }
        if let Some(lists) = lists {
            self.lists.set(lists);
        }
        if let Some(presences) = presences {
            presence::draw(self, presences);
        }
        if self.waiting.get_untracked() != waiting {
            self.waiting.set(waiting);
        }
    }

    fn fetch(self, room_id: RoomId) {
        spawn_local(async move {
            match api::room_snapshot(room_id).await {
                Ok(snapshot) => self.act(|client, _| client.open(snapshot)),
                Err(WireError::Unauthorized) => page::reload(),
                Err(error) if error.is_temporary() => {
                    timer::after(AGAIN_MS, move || {
                        if self.with(|inner| inner.rooms.contains_key(&room_id)) == Some(true) {
                            self.fetch(room_id);
                        }
                    });
                }
                // No longer there, or no longer the reader's.
                Err(WireError::NotFound) => self.perform(vec![Effect::RoomGone(room_id)]),
                Err(_) => page::reload(),
            }
        });
    }
}
