//! Loading more of a room's history: older pages, newer ones where an older part is shown, its end.

use leptos::{prelude::*, task::spawn_local};

use super::{Chat, Older};
use crate::{
    api,
    model::{RoomId, Seq, WireError},
};

/// So often a newer page is asked for until none came between.
const NEWER_TRIES: u32 = 4;

impl Chat {
    /// Loads the page of history before what is there.
    pub fn load_older(self, room_id: RoomId) {
        let Some((view, before)) = self
            .with(|inner| {
                let before = inner.client.snapshot(room_id)?.oldest_seq()?;
                Some((inner.rooms.get(&room_id)?.clone(), before))
            })
            .flatten()
        else {
            return;
        };
        if view.older.get_untracked() == Older::Loading || !view.has_older.get_untracked() {
            return;
        }
        view.older.set(Older::Loading);
        spawn_local(async move {
            match api::older_messages(room_id, before).await {
                Ok(page) => {
                    self.act(|client, _| client.older(room_id, page));
                    view.older.set(Older::Idle);
                }
                Err(error) => view.older.set(Older::Failed(error)),
            }
        });
    }

    /// Loads the page of history after what is there, where that is an older part.
    pub fn load_newer(self, room_id: RoomId) {
        let Some(view) = self.room(room_id) else {
            return;
        };
        if view.newer.get_untracked() == Older::Loading || !view.has_newer.get_untracked() {
            return;
        }
        view.newer.set(Older::Loading);
        spawn_local(async move {
            let answer = self.ask_newer(room_id).await;
            view.newer
                .set(answer.map_or_else(Older::Failed, |()| Older::Idle));
        });
    }

    async fn ask_newer(self, room_id: RoomId) -> Result<(), WireError> {
        for _ in 0..NEWER_TRIES {
            let Some((after, true)) = self.window_end(room_id) else {
                break;
            };
            let page = api::newer_messages(room_id, after).await?;
            self.act(|client, _| client.newer(room_id, page));
            // In a busy room something may have come meanwhile.
            if self.window_end(room_id) != Some((after, true)) {
                break;
            }
        }
        Ok(())
    }

    /// The newest loaded message of a room, and whether there are newer ones.
    fn window_end(self, room_id: RoomId) -> Option<(Seq, bool)> {
        self.with(|inner| {
            let snapshot = inner.client.snapshot(room_id)?;
            Some((snapshot.newest_seq(), snapshot.has_newer))
        })
        .flatten()
    }

    /// Loads the end of a room of which an older part is shown.
    pub fn load_latest(self, room_id: RoomId) {
        self.act(|client, _| client.to_latest(room_id));
    }
}
