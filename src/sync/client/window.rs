//! What an open room has loaded of its history, and how that grows.

use super::{Client, Effect};
use crate::{model::RoomId, sync::Page};

impl Client {
    /// Puts an older page in front of an open room.
    pub fn older(&mut self, room_id: RoomId, page: Page) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        room.snapshot.prepend(page);
        vec![Effect::RoomChanged(room_id)]
    }

    /// Puts a newer page behind what an open room has loaded. Where that would leave a hole nothing happens, and it is
    /// to be asked for again.
    pub fn newer(&mut self, room_id: RoomId, page: Page) -> Vec<Effect> {
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        // While a resume is under way it is not known yet up to where the room is heard.
        if room.held.is_none() && room.snapshot.append(page) {
            vec![Effect::RoomChanged(room_id)]
        } else {
            Vec::new()
        }
    }

    /// The reader wants the end of a room of which an older part is loaded.
    pub fn to_latest(&self, room_id: RoomId) -> Vec<Effect> {
        let room = self.open.get(&room_id);
        let is_part = room.is_some_and(|room| room.snapshot.has_newer);
        is_part
            .then_some(Effect::Fetch(room_id))
            .into_iter()
            .collect()
    }
}
