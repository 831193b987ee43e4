//! Counters by key, for a bounded number of keys: many keys come from untrusted requests.
//!
//! Expired keys are removed. If there are still too many, the keys that have used least of their
//! limit are removed first, which gives their owners little. A key at its limit is removed only
//! when three quarters of all slots hold keys that are as close to their limits, so an attacker has
//! to use up tens of thousands of other limits within one window.

use sha2::{Digest, Sha256};
use std::{borrow::Cow, cmp::Ordering, collections::HashMap, fmt::Write};
use tokio::time::Instant;

/// Maximum number of keys.
const MOST: usize = 100_000;
/// Minimum number of keys before expired ones are searched.
const FEW: usize = 1_024;
/// Longer keys are stored as hashes.
const LONG: usize = 100;

/// A counter of one key.
pub(super) trait Count: Default {
    /// true if removing the counter changes nothing.
    fn is_over(&self, now: Instant) -> bool;
    /// Used share of the limit, in thousandths.
    fn used(&self, now: Instant) -> u64;
}

/// Counters by key.
pub(super) struct Keys<C> {
    known: HashMap<Box<str>, C>,
    /// Number of keys at which the next cleanup runs: double the last number, which spreads the
    /// cost.
    look_at: usize,
    most: usize,
}

impl<C> Default for Keys<C> {
    fn default() -> Self {
        Self::holding(MOST)
    }
}

impl<C> Keys<C> {
    fn holding(most: usize) -> Self {
        Self {
            known: HashMap::new(),
            look_at: FEW.min(most),
            most,
        }
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Returns the counter of a key that has one.
    pub fn known(&mut self, key: &str) -> Option<&mut C> {
        self.known.get_mut(&*short(key))
    }
}

impl<C: Count> Keys<C> {
    /// Returns the counter of a key, creating it if needed.
    pub fn of(&mut self, key: &str, now: Instant) -> &mut C {
        let key = short(key);
        if self.known.len() >= self.look_at && !self.known.contains_key(&*key) {
            self.make_room(now);
        }
        self.known.entry(key.into()).or_default()
    }

    fn make_room(&mut self, now: Instant) {
        self.known.retain(|_, count| !count.is_over(now));
        let room = self.most - self.most / 4;
        if self.known.len() > room {
            let mut used: Vec<u64> = self.known.values().map(|count| count.used(now)).collect();
            let excess = used.len() - room;
            let (below, least, _) = used.select_nth_unstable(excess);
            let least = *least;
            // Among the keys that have used exactly `least`, only some are removed.
            let mut equal = excess - below.iter().filter(|used| **used < least).count();
            self.known
                .retain(|_, count| match count.used(now).cmp(&least) {
                    Ordering::Less => false,
                    Ordering::Equal if equal > 0 => {
                        equal -= 1;
                        false
                    }
                    _ => true,
                });
        }
        self.look_at = (self.known.len() * 2).clamp(FEW.min(self.most), self.most);
    }
}

/// Shortens a key to a bounded length.
fn short(key: &str) -> Cow<'_, str> {
    if key.len() <= LONG {
        return key.into();
    }
    let hash = Sha256::digest(key.as_bytes());
    let mut short = String::with_capacity(2 * hash.len() + 1);
    // No unhashed key starts with this character.
    short.push('\0');
    for byte in hash {
        let _never_fails = write!(short, "{byte:02x}");
    }
    short.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Used(u64);

    impl Count for Used {
        fn is_over(&self, _: Instant) -> bool {
            self.0 == 0
        }

        fn used(&self, _: Instant) -> u64 {
            self.0
        }
    }

    #[test]
    fn keys_are_bounded_and_those_at_their_limit_stay() {
        let now = Instant::now();
        let mut keys = Keys::<Used>::holding(400);
        for n in 0..200 {
            keys.of(&format!("limited{n}"), now).0 = 1_000;
        }
        for n in 0..10_000 {
            keys.of(&format!("new{n}"), now).0 = 1;
            assert!(keys.known.len() <= 400);
        }
        for n in 0..200 {
            assert!(keys.known(&format!("limited{n}")).is_some(), "{n}");
        }
    }

    #[test]
    fn what_is_over_goes_first() {
        let now = Instant::now();
        let mut keys = Keys::<Used>::holding(400);
        for n in 0..200 {
            keys.of(&format!("over{n}"), now).0 = 0;
            keys.of(&format!("lasting{n}"), now).0 = 1;
        }
        keys.of("new", now);
        assert!((0..200).all(|n| keys.known(&format!("lasting{n}")).is_some()));
        assert!((0..200).all(|n| keys.known(&format!("over{n}")).is_none()));
    }

    #[test]
    fn long_keys_are_hashed() {
        let (a, b) = ("a".repeat(100_000), "a".repeat(100_001));
        assert!(short(&a).len() <= LONG && short(&a) != short(&b));
        assert_eq!(short("accounts.sign-in:ada"), "accounts.sign-in:ada");
        let now = Instant::now();
        let mut keys = Keys::<Used>::default();
        keys.of(&a, now).0 = 7;
        assert_eq!(keys.known(&a).unwrap().0, 7);
        assert!(keys.known(&b).is_none());
    }
}
