//! Who is there, of those at whom this tab looks: told anew after each connection, and only while it looks.

use std::collections::BTreeMap;

use super::{Client, Effect};
use crate::model::{Presence, UserId, limits::WATCHED_PEOPLE};

impl Client {
    /// Those at whom this tab looks, as far as they are known.
    pub fn presences(&self) -> &BTreeMap<UserId, Presence> {
        &self.presences
    }

    /// This tab looks at these people from now on, at most so many as it may; answers those at whom it does.
    pub fn look_at(&mut self, people: impl IntoIterator<Item = UserId>) -> Vec<UserId> {
        let mut looked_at = Vec::new();
        for user_id in people {
            if looked_at.len() < WATCHED_PEOPLE && !looked_at.contains(&user_id) {
                looked_at.push(user_id);
            }
        }
        // The server tells of those again at whom one looks anew.
        self.presences
            .retain(|user_id, _| looked_at.contains(user_id));
        self.watched.clone_from(&looked_at);
        looked_at
    }

    pub(super) fn presence_sign(&mut self, presence: Presence) -> Vec<Effect> {
        let user_id = presence.user_id;
        // It was on its way while the reader looked away.
        if !self.watched.contains(&user_id) {
            return Vec::new();
        }
        self.presences.insert(user_id, presence);
        vec![Effect::PresenceChanged]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Epoch, PresenceStatus, Timestamp, UserRev},
        protocol::Event,
        sync::Lists,
    };

    fn client() -> Client {
        let lists = Lists {
            me: UserId(1),
            epoch: Epoch::default(),
            user_rev: UserRev(0),
            rooms: BTreeMap::new(),
        };
        Client::new(lists, 3000)
    }

    fn tell(client: &mut Client, id: i64, status: PresenceStatus) -> Vec<Effect> {
        let presence = Presence {
            user_id: UserId(id),
            status,
            last_seen: None,
            current_room: None,
            is_typing: false,
            chosen: None,
        };
        client.receive(Event::Presence(presence), Timestamp(0))
    }

    fn known(client: &Client) -> Vec<(i64, PresenceStatus)> {
        let known = client.presences().values();
        known.map(|told| (told.user_id.0, told.status)).collect()
    }

    #[test]
    fn the_latest_is_known_of_those_at_whom_one_looks() {
        use PresenceStatus::{Busy, Online};
        let mut client = client();
        assert_eq!(client.look_at([2, 3, 2].map(UserId)), [2, 3].map(UserId));
        for (id, status) in [(2, Online), (3, Online), (2, Busy)] {
            assert_eq!(tell(&mut client, id, status), [Effect::PresenceChanged]);
        }
        assert_eq!(tell(&mut client, 4, Online), []);
        assert_eq!(known(&client), [(2, Busy), (3, Online)]);
        client.look_at([UserId(3)]);
        assert_eq!(known(&client), [(3, Online)]);
        assert_eq!(tell(&mut client, 2, Online), [], "it was on its way");
        assert!(client.disconnected().contains(&Effect::PresenceChanged));
        assert_eq!(known(&client), []);
        tell(&mut client, 3, Busy);
        assert_eq!(known(&client), [(3, Busy)], "told anew");
    }

    #[test]
    fn one_looks_at_no_more_people_than_one_may() {
        let crowd = (1..1000).map(UserId);
        assert_eq!(client().look_at(crowd).len(), WATCHED_PEOPLE);
    }
}
