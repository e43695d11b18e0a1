//! Where those who answer look: who comes or goes is noted here, and told by the service on a tick.
//!
//! Only clients of whole desks are noted: what others look at is nobody's business. Of this node alone.

use std::collections::BTreeSet;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Connection, Hub, Topic};
use crate::model::{RoomId, UserId, permission::Actor};

/// Rooms in which somebody has begun or ceased to look since that was last told.
#[derive(Debug, Default)]
pub struct Looking {
    rooms: Mutex<BTreeSet<RoomId>>,
    moved: Notify,
}

impl Looking {
    /// These rooms, as soon as there are some; they are told now.
    pub async fn moved(&self) -> BTreeSet<RoomId> {
        loop {
            let rooms = std::mem::take(&mut *self.rooms.lock());
            if !rooms.is_empty() {
                return rooms;
            }
            self.moved.notified().await;
        }
    }

    fn note(&self, rooms: impl IntoIterator<Item = RoomId>) {
        self.rooms.lock().extend(rooms);
        self.moved.notify_one();
    }
}

impl Hub {
    /// A client looks at that room now, or at none.
    pub fn look(&self, connection: &Connection, room_id: Option<RoomId>) {
        let before = connection.watch(room_id);
        if before != room_id && !connection.desks().is_empty() {
            self.looking.note(before.into_iter().chain(room_id));
        }
    }

    /// Who of those in `topics` looks at a room, and is meant.
    pub fn lookers(
        &self,
        topics: &[Topic],
        room_id: RoomId,
        is_meant: impl Fn(Actor) -> bool,
    ) -> BTreeSet<UserId> {
        let mut lookers = BTreeSet::new();
        self.each(topics, |connection| {
            if connection.watches(room_id) && is_meant(connection.actor()) {
                lookers.insert(connection.user_id());
            }
        });
        lookers
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::model::{Desk, Role, SessionId};

    const ROOM: RoomId = RoomId(3);

    fn at_desks(id: i64, desks: Vec<Desk>) -> std::sync::Arc<Connection> {
        let actor = Actor {
            id: UserId(id),
            role: Role::Agent,
        };
        Connection::new(actor, SessionId(id), desks).0
    }

    fn told(hub: &Hub) -> Option<Vec<RoomId>> {
        let moved = hub.looking.moved().now_or_never();
        moved.map(|rooms| rooms.into_iter().collect())
    }

    #[test]
    fn both_the_room_that_is_left_and_the_one_that_is_entered_are_told_once() {
        let hub = Hub::default();
        let nora = at_desks(1, vec![Desk::default_desk()]);
        hub.register(&nora);
        hub.look(&nora, Some(ROOM));
        hub.look(&nora, Some(ROOM));
        assert_eq!(told(&hub), Some(vec![ROOM]));
        assert_eq!(told(&hub), None);
        hub.look(&nora, Some(RoomId(4)));
        assert_eq!(told(&hub), Some(vec![ROOM, RoomId(4)]));
        hub.remove(&nora);
        assert_eq!(
            told(&hub),
            Some(vec![RoomId(4)]),
            "whose socket ends, leaves"
        );
    }

    #[test]
    fn where_others_look_is_nobodys_business() {
        let hub = Hub::default();
        let ana = at_desks(1, Vec::new());
        hub.register(&ana);
        hub.look(&ana, Some(ROOM));
        hub.remove(&ana);
        assert_eq!(told(&hub), None);
    }
}
