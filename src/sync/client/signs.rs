//! What passes: who types, and who else looks at a conversation.

use super::{Client, Effect};
use crate::model::{RoomId, Timestamp, UserCard, UserId};

impl Client {
    pub(super) fn typing_sign(
        &mut self,
        room_id: RoomId,
        user_id: UserId,
        name: String,
        is_typing: bool,
        now: Timestamp,
    ) -> Vec<Effect> {
        if user_id == self.lists.me {
            return Vec::new();
        }
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        if is_typing {
            room.typing
                .insert(user_id, (name, now.plus_ms(self.typing_ms)));
        } else {
            room.typing.remove(&user_id);
        }
        vec![Effect::RoomChanged(room_id)]
    }

    /// Whoever reads this knows that they look at it themselves.
    pub(super) fn looking_sign(&mut self, room_id: RoomId, people: Vec<UserCard>) -> Vec<Effect> {
        let me = self.lists.me;
        let Some(room) = self.open.get_mut(&room_id) else {
            return Vec::new();
        };
        room.looking = people;
        room.looking.retain(|person| person.id != me);
        vec![Effect::RoomChanged(room_id)]
    }

    pub(super) fn stop_typing(&mut self, room_id: RoomId, user_id: UserId) {
        if let Some(room) = self.open.get_mut(&room_id) {
            room.typing.remove(&user_id);
        }
    }
}
