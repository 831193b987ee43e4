//! Counts the connections of each network.

use super::network;
use crate::shared::sync::lock;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
};

/// Number of connections per network.
type Taken = Arc<Mutex<HashMap<String, u32>>>;

/// Limits the connections of each network. Clones share the counts.
#[derive(Clone)]
pub struct Places {
    most: u32,
    taken: Taken,
}

impl Places {
    /// Allows at most `most` connections per network; 0: unlimited.
    pub fn new(most: u32) -> Self {
        Self {
            most,
            taken: Arc::default(),
        }
    }

    /// Takes a slot of the address's network. None: all are in use.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        if self.most == 0 {
            return Some(Place(None));
        }
        let network = network(&address.to_canonical().to_string());
        let mut taken = lock(&self.taken);
        let count = taken.entry(network.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place(Some((Arc::clone(&self.taken), network))))
    }
}

/// A slot, released on drop.
pub struct Place(Option<(Taken, String)>);

impl Drop for Place {
    fn drop(&mut self) {
        let Some((taken, network)) = self.0.take() else {
            return;
        };
        let mut taken = lock(&taken);
        if let Some(count) = taken.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&network);
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

    #[test]
    fn networks_have_places_of_their_own() {
        let places = Places::new(2);
        let first = places.take(at("192.0.2.1")).unwrap();
        let second = places.take(at("::ffff:192.0.2.1")).unwrap();
        assert!(places.take(at("192.0.2.1")).is_none());
        let other = places.take(at("192.0.2.2")).unwrap();
        drop(first);
        let third = places.take(at("192.0.2.1")).unwrap();
        let v6 = [at("2001:db8::1"), at("2001:db8::ffff:0:1")].map(|v6| places.take(v6).unwrap());
        assert!(places.take(at("2001:db8::9")).is_none());
        assert!(places.take(at("2001:db8:0:1::9")).is_some());
        drop((second, third, other, v6));
        assert!(lock(&places.taken).is_empty(), "empty entries are removed");
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let places = Places::new(0);
        let taken: Vec<_> = (0..1_000).map(|_| places.take(at("::1"))).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(lock(&places.taken).is_empty());
    }
}
