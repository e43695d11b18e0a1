//! Connections of nobody in particular, counted: each takes its seat when it is accepted and gives it back when it ends
//! or becomes a socket, which is somebody's and is counted by user.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::Arc,
};

use ipnet::IpNet;
use parking_lot::Mutex;

use crate::server::service::network;

/// The seats of a node. Behind a plain lock: its sections only touch one map and hold no `.await`.
pub(super) struct Guests {
    most: usize,
    most_of_address: usize,
    /// What stands before many people: its address says nothing of theirs.
    proxies: Vec<IpNet>,
    seated: Mutex<Seated>,
}

#[derive(Default)]
struct Seated {
    all: usize,
    of_address: HashMap<IpAddr, usize>,
}

/// One connection's seat; free again when it is dropped.
pub(super) struct Seat {
    guests: Arc<Guests>,
    /// By which it is counted, besides the whole.
    address: Option<IpAddr>,
}

impl Guests {
    /// `most` seats, of which one address may take `most_of_address`, unless it is a proxy's.
    pub(super) fn new(most: usize, most_of_address: usize, proxies: Vec<IpNet>) -> Self {
        Self {
            most,
            most_of_address,
            proxies,
            seated: Mutex::default(),
        }
    }

    /// A seat for a connection from there; none where too many are taken.
    pub(super) fn seat(self: &Arc<Self>, peer: IpAddr) -> Option<Seat> {
        let is_proxy = self.proxies.iter().any(|net| net.contains(&peer));
        let address = (!is_proxy).then(|| network(peer));
        let mut seated = self.seated.lock();
        if seated.all >= self.most {
            return None;
        }
        if let Some(address) = address {
            let count = seated.of_address.entry(address).or_insert(0);
            if *count >= self.most_of_address {
                return None;
            }
            *count = count.saturating_add(1);
        }
        seated.all = seated.all.saturating_add(1);
        Some(Seat {
            guests: Arc::clone(self),
            address,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seated = self.guests.seated.lock();
        seated.all = seated.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        if let Entry::Occupied(mut count) = seated.of_address.entry(address) {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    fn guests(most: usize, of_address: usize) -> Arc<Guests> {
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        Arc::new(Guests::new(most, of_address, proxies))
    }

    #[test]
    fn an_address_has_its_share_and_gets_back_what_it_gives_back() {
        let guests = guests(100, 2);
        let first = guests.seat(at("203.0.113.1")).unwrap();
        let second = guests.seat(at("203.0.113.1")).unwrap();
        assert!(guests.seat(at("203.0.113.1")).is_none());
        assert!(guests.seat(at("203.0.113.2")).is_some());
        drop(first);
        let third = guests.seat(at("203.0.113.1")).unwrap();
        assert!(guests.seat(at("203.0.113.1")).is_none());
        drop((second, third));
        let seated = guests.seated.lock();
        assert!(seated.all == 0 && seated.of_address.is_empty());
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let guests = guests(100, 1);
        let _held = guests.seat(at("2001:db8::1")).unwrap();
        assert!(guests.seat(at("2001:db8::2")).is_none());
        assert!(guests.seat(at("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn all_together_have_no_more_than_there_is() {
        let guests = guests(3, 2);
        let from = ["203.0.113.1", "203.0.113.2", "10.0.0.1"];
        let held: Vec<_> = from.iter().map(|peer| guests.seat(at(peer))).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(guests.seat(at("203.0.113.3")).is_none());
        assert!(guests.seat(at("10.0.0.1")).is_none());
    }

    #[test]
    fn a_proxy_speaks_for_many() {
        let guests = guests(100, 1);
        let held: Vec<_> = (0..50).map(|_| guests.seat(at("10.0.0.1"))).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
