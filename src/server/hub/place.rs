//! How many sockets a user may have here: each takes its place before the upgrade and holds it until it is gone, so
//! that many handshakes at once are no way around.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use parking_lot::Mutex;

use crate::model::UserId;

/// The places that are taken, by user. Behind a plain lock: its sections only touch one map and hold no `.await`.
#[derive(Debug, Default)]
pub struct Places(Mutex<HashMap<UserId, usize>>);

/// One socket's place; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    user_id: UserId,
}

impl Places {
    /// A place for one socket more of that user; none where `most` are taken.
    pub fn take(self: &Arc<Self>, user_id: UserId, most: usize) -> Option<Place> {
        let mut taken = self.0.lock();
        let count = taken.entry(user_id).or_insert(0);
        if *count >= most {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Place {
            places: Arc::clone(self),
            user_id,
        })
    }

    fn free(&self, user_id: UserId) {
        if let Entry::Occupied(mut count) = self.0.lock().entry(user_id) {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.free(self.user_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);

    #[test]
    fn a_place_is_free_again_when_it_is_dropped() {
        let places = Arc::new(Places::default());
        let first = places.take(ANA, 2).unwrap();
        let second = places.take(ANA, 2).unwrap();
        assert!(places.take(ANA, 2).is_none());
        assert!(places.take(UserId(2), 2).is_some());
        drop(first);
        let third = places.take(ANA, 2).unwrap();
        assert!(places.take(ANA, 2).is_none());
        drop((second, third));
        assert!(places.0.lock().is_empty());
    }

    #[test]
    fn many_at_once_get_no_more_places_than_there_are() {
        let places = Arc::new(Places::default());
        let got = std::thread::scope(|scope| {
            let takes = || -> Vec<Place> {
                let tries = 0..100;
                tries.filter_map(|_| places.take(ANA, 50)).collect()
            };
            let takers: Vec<_> = (0..8).map(|_| scope.spawn(takes)).collect();
            let all = takers.into_iter().map(|taker| taker.join().unwrap());
            all.flatten().collect::<Vec<_>>()
        });
        assert_eq!(got.len(), 50);
    }
}
