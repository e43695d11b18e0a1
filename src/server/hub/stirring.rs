//! What stirs about people's presence: who comes and goes, who begins to look at whom, who is put out of a room. Noted here,
//! told by the service on a tick.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Connection, ConnectionId, Hub, Topic};
use crate::model::{RoomId, UserId};

/// What has stirred since it was last taken.
#[derive(Debug, Default)]
pub struct Stirred {
    /// Whose first or last device may have come or gone, and whether one has come: it may have gone again since.
    pub moved: BTreeMap<UserId, bool>,
    /// Of whom the database has something else: they have chosen so, or have gone.
    pub chose: BTreeSet<UserId>,
    /// Who may know fewer people than before, and be known by fewer.
    pub shaken: BTreeSet<UserId>,
    /// Which clients have begun to look at whom, and wait to be told.
    pub asked: HashMap<ConnectionId, (Arc<Connection>, Vec<UserId>)>,
}

impl Stirred {
    /// Takes what came later to it.
    pub fn merge(&mut self, later: Self) {
        for (user_id, has_come) in later.moved {
            *self.moved.entry(user_id).or_default() |= has_come;
        }
        self.chose.extend(later.chose);
        self.shaken.extend(later.shaken);
        for (id, (connection, people)) in later.asked {
            let (_, asked) = self
                .asked
                .entry(id)
                .or_insert_with(|| (connection, Vec::new()));
            asked.extend(people);
        }
    }
}

/// What stirs on this node. Behind a plain lock: its sections only touch sets and hold no `.await`.
#[derive(Debug, Default)]
pub struct Stirring {
    stirred: Mutex<Stirred>,
    is_urgent: Notify,
}

impl Stirring {
    /// What has stirred, which is the caller's now.
    pub fn take(&self) -> Stirred {
        std::mem::take(&mut *self.stirred.lock())
    }

    /// Resolves once something stirs.
    pub async fn noted(&self) {
        self.is_urgent.notified().await;
    }

    /// Somebody has chosen something else.
    pub fn chose(&self, user_id: UserId) {
        self.note(|stirred| stirred.chose.extend([user_id]));
    }

    pub(super) fn moved(&self, user_id: UserId, has_come: bool) {
        self.note(|stirred| *stirred.moved.entry(user_id).or_default() |= has_come);
    }

    pub(super) fn shaken(&self, user_id: UserId) {
        self.note(|stirred| stirred.shaken.extend([user_id]));
    }

    fn note(&self, note: impl FnOnce(&mut Stirred)) {
        note(&mut self.stirred.lock());
        self.is_urgent.notify_one();
    }
}

impl Hub {
    /// A client looks at these people now, and at nobody else; of those at whom it did not look before it is to be told.
    pub fn look_at(&self, connection: &Arc<Connection>, people: &[UserId]) {
        let before = connection.looks_at();
        for gone in before.iter().filter(|id| !people.contains(id)) {
            self.look_away(connection, *gone);
        }
        let new: Vec<UserId> = people
            .iter()
            .copied()
            .filter(|id| !before.contains(id))
            .collect();
        for user_id in &new {
            self.subscribe(connection, Topic::Presence(*user_id));
        }
        if !new.is_empty() {
            let asked = HashMap::from([(connection.id(), (Arc::clone(connection), new))]);
            let later = Stirred {
                asked,
                ..Stirred::default()
            };
            self.stirring.note(|stirred| stirred.merge(later));
        }
    }

    /// A client does not look at that person any more.
    pub fn look_away(&self, connection: &Connection, user_id: UserId) {
        self.unsubscribe(connection, &Topic::Presence(user_id));
    }

    /// The clients that look at somebody.
    pub fn onlookers(&self, user_id: UserId) -> Vec<Arc<Connection>> {
        self.of_topic(&Topic::Presence(user_id))
    }

    /// The clients of somebody.
    pub fn devices(&self, user_id: UserId) -> Vec<Arc<Connection>> {
        self.of_topic(&Topic::User(user_id))
    }

    /// The room at which somebody looks, as one who is in it.
    pub fn place_of(&self, user_id: UserId) -> Option<RoomId> {
        let devices = self.devices(user_id);
        let newest = devices.iter().rev();
        newest
            .filter_map(|device| device.watched_room())
            .find(|room_id| {
                let topic = Topic::Room(*room_id);
                devices.iter().any(|device| device.hears(&topic))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Role, SessionId, permission::Actor};

    const BEN: UserId = UserId(2);
    const CAI: UserId = UserId(3);

    fn ana() -> Arc<Connection> {
        let actor = Actor {
            id: UserId(1),
            role: Role::Student,
        };
        Connection::new(actor, SessionId(1), Vec::new()).0
    }

    #[test]
    fn who_is_new_to_the_look_is_asked_for_once() {
        let (hub, ana) = (Hub::default(), ana());
        hub.register(&ana);
        hub.look_at(&ana, &[BEN]);
        hub.look_at(&ana, &[BEN, CAI]);
        let stirred = hub.stirring.take();
        assert_eq!(stirred.moved, BTreeMap::from([(UserId(1), true)]));
        assert_eq!(stirred.asked[&ana.id()].1, [BEN, CAI]);
        hub.look_at(&ana, &[CAI]);
        assert!(hub.onlookers(BEN).is_empty());
        assert_eq!(hub.onlookers(CAI).len(), 1);
        assert!(hub.stirring.take().asked.is_empty());
        hub.remove(&ana);
        assert!(hub.onlookers(CAI).is_empty());
        let moved = BTreeMap::from([(UserId(1), false)]);
        assert_eq!(hub.stirring.take().moved, moved);
    }

    #[test]
    fn nobody_is_placed_in_a_room_in_which_they_are_not() {
        let (hub, ana) = (Hub::default(), ana());
        hub.register(&ana);
        hub.look(&ana, Some(RoomId(7)));
        assert_eq!(hub.place_of(UserId(1)), None);
        hub.subscribe(&ana, Topic::Room(RoomId(7)));
        assert_eq!(hub.place_of(UserId(1)), Some(RoomId(7)));
    }
}
