//! Expiring state that nodes share: rate limits, presence, short-lived caches.
//!
//! A single node stores it in memory; several nodes would need a shared store. Data that must not
//! be lost is always stored elsewhere too.

mod keys;

use crate::shared::sync::lock;
use async_trait::async_trait;
use keys::{Count, Keys};
use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};
use tokio::time::Instant;

/// A rate: `count` times per `window`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    /// Length of the sliding window.
    pub window: Duration,
}

/// Shared, expiring state.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Counts one use of `key` against `rate`. `Err` is the time until the next use is allowed.
    async fn take(&self, key: &str, rate: Rate) -> Result<(), Duration>;

    /// Takes back the last use of `key`, because it should not count.
    async fn give_back(&self, key: &str);

    /// Spends `cost` tokens of `key`. Its bucket holds up to `rate.count` tokens and refills
    /// evenly, by that number per window. One remaining token is enough; a higher cost leaves a
    /// debt. `Err` is the time until the next token. Within a window at most twice the count is
    /// spent: a full bucket and the refilled tokens.
    async fn spend(&self, key: &str, cost: u32, rate: Rate) -> Result<(), Duration>;

    /// Adds a holder of `member` in `set` (a device of an account that is online). Returns true for
    /// the first holder.
    async fn enter(&self, set: &str, member: &str) -> bool;

    /// Removes a holder. Returns true if it was the last.
    async fn leave(&self, set: &str, member: &str) -> bool;

    /// Returns for each of `members` whether `set` holds it.
    async fn held(&self, set: &str, members: &[String]) -> Vec<bool>;

    /// Number of members in `set`.
    async fn count(&self, set: &str) -> usize;
}

/// Keeps everything in the memory of this process.
#[derive(Default)]
pub struct InProcess {
    windows: Mutex<Keys<Window>>,
    buckets: Mutex<Keys<Bucket>>,
    sets: Mutex<HashMap<String, HashMap<String, u32>>>,
}

/// Times of the last uses: exact in every window, for small counts.
#[derive(Default)]
struct Window {
    taken: VecDeque<Instant>,
    rate: Rate,
}

impl Count for Window {
    fn is_over(&self, now: Instant) -> bool {
        let last = self.taken.back();
        last.is_none_or(|last| now.duration_since(*last) >= self.rate.window)
    }

    fn used(&self, now: Instant) -> u64 {
        let within = |at: &&Instant| now.duration_since(**at) < self.rate.window;
        let taken = self.taken.iter().filter(within).count() as u64;
        taken * 1_000 / u64::from(self.rate.count.max(1))
    }
}

/// A token bucket that refills evenly. It stores one time per key, whatever the count.
#[derive(Default)]
struct Bucket {
    full_at: Option<Instant>,
    window: Duration,
}

impl Bucket {
    /// Time until the bucket is full.
    fn missing(&self, now: Instant) -> Duration {
        let full_at = self.full_at.unwrap_or(now);
        full_at.saturating_duration_since(now)
    }
}

impl Count for Bucket {
    fn is_over(&self, now: Instant) -> bool {
        self.missing(now).is_zero()
    }

    fn used(&self, now: Instant) -> u64 {
        let used = self.missing(now).as_micros() * 1_000 / self.window.as_micros().max(1);
        u64::try_from(used).unwrap_or(u64::MAX)
    }
}

impl InProcess {
    fn take_at(&self, key: &str, rate: Rate, now: Instant) -> Result<(), Duration> {
        let mut windows = lock(&self.windows);
        let window = windows.of(key, now);
        window.rate = rate;
        let taken = &mut window.taken;
        while taken
            .front()
            .is_some_and(|first| now.duration_since(*first) >= rate.window)
        {
            taken.pop_front();
        }
        if taken.len() < rate.count as usize {
            taken.push_back(now);
            return Ok(());
        }
        let wait = taken.front().map_or(rate.window, |first| {
            rate.window - now.duration_since(*first)
        });
        Err(wait)
    }

    fn spend_at(&self, key: &str, cost: u32, rate: Rate, now: Instant) -> Result<(), Duration> {
        let each = rate.window / rate.count.max(1);
        let mut buckets = lock(&self.buckets);
        let bucket = buckets.of(key, now);
        bucket.window = rate.window;
        let missing = bucket.missing(now);
        // One token must be available; a higher cost leaves a debt.
        if missing + each > rate.window {
            return Err(missing + each - rate.window);
        }
        bucket.full_at = Some(now + missing + each * cost);
        Ok(())
    }
}

#[async_trait]
impl Lease for InProcess {
    async fn take(&self, key: &str, rate: Rate) -> Result<(), Duration> {
        self.take_at(key, rate, Instant::now())
    }

    async fn give_back(&self, key: &str) {
        if let Some(window) = lock(&self.windows).known(key) {
            window.taken.pop_back();
        }
    }

    async fn spend(&self, key: &str, cost: u32, rate: Rate) -> Result<(), Duration> {
        self.spend_at(key, cost, rate, Instant::now())
    }

    async fn enter(&self, set: &str, member: &str) -> bool {
        let mut sets = lock(&self.sets);
        let holders = sets
            .entry(set.to_owned())
            .or_default()
            .entry(member.to_owned())
            .or_default();
        *holders += 1;
        *holders == 1
    }

    async fn leave(&self, set: &str, member: &str) -> bool {
        let mut sets = lock(&self.sets);
        let Some(members) = sets.get_mut(set) else {
            return false;
        };
        let Some(holders) = members.get_mut(member) else {
            return false;
        };
        *holders = holders.saturating_sub(1);
        let last = *holders == 0;
        if last {
            members.remove(member);
        }
        if members.is_empty() {
            sets.remove(set);
        }
        last
    }

    async fn held(&self, set: &str, members: &[String]) -> Vec<bool> {
        let sets = lock(&self.sets);
        let held = sets.get(set);
        members
            .iter()
            .map(|member| held.is_some_and(|held| held.contains_key(member)))
            .collect()
    }

    async fn count(&self, set: &str) -> usize {
        let sets = lock(&self.sets);
        sets.get(set).map_or(0, HashMap::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate {
        count: 3,
        window: Duration::from_secs(10),
    };

    #[test]
    fn the_wait_is_enough_and_no_more() {
        let lease = InProcess::default();
        let start = Instant::now();
        for second in 0..3 {
            let at = start + Duration::from_secs(second);
            assert!(lease.take_at("a", RATE, at).is_ok());
        }
        let now = start + Duration::from_secs(4);
        let wait = lease.take_at("a", RATE, now).unwrap_err();
        assert_eq!(wait, Duration::from_secs(6));
        assert!(lease.take_at("b", RATE, now).is_ok(), "keys are apart");
        let early = now + wait - Duration::from_millis(1);
        assert!(lease.take_at("a", RATE, early).is_err());
        assert!(lease.take_at("a", RATE, now + wait).is_ok());
    }

    #[test]
    fn a_bucket_fills_evenly_and_keeps_debts() {
        let lease = InProcess::default();
        let spend = |cost, at| lease.spend_at("a", cost, RATE, at);
        let start = Instant::now();
        for _ in 0..3 {
            spend(1, start).unwrap();
        }
        let wait = spend(1, start).unwrap_err();
        assert!(wait.abs_diff(RATE.window / 3) < Duration::from_micros(1));
        assert!(spend(1, start + wait - Duration::from_millis(1)).is_err());
        spend(1, start + wait).unwrap();
        // A full bucket minus a cost of six.
        let later = start + wait + RATE.window;
        spend(6, later).unwrap();
        let wait = spend(1, later).unwrap_err();
        let debt = RATE.window / 3 * 4;
        assert!(wait.abs_diff(debt) < Duration::from_millis(1), "{wait:?}");
        assert!(
            lease.spend_at("b", 1, RATE, later).is_ok(),
            "keys are apart"
        );
    }

    #[test]
    fn many_keys_take_bounded_room_and_unlock_none() {
        let lease = InProcess::default();
        let now = Instant::now();
        for _ in 0..3 {
            lease.take_at("victim", RATE, now).unwrap();
            lease.spend_at("victim", 1, RATE, now).unwrap();
        }
        for n in 0..150_000 {
            let key = format!("made-up-{n}");
            lease.take_at(&key, RATE, now).unwrap();
            lease.spend_at(&key, 1, RATE, now).unwrap();
        }
        assert!(lease.take_at("victim", RATE, now).is_err());
        assert!(lease.spend_at("victim", 1, RATE, now).is_err());
        assert!(lock(&lease.windows).len() <= 100_000);
        assert!(lock(&lease.buckets).len() <= 100_000);
    }

    #[tokio::test]
    async fn what_is_given_back_can_be_taken_again() {
        let lease = InProcess::default();
        lease.give_back("a").await;
        for _ in 0..10 {
            lease.take("a", RATE).await.unwrap();
            lease.give_back("a").await;
        }
        for _ in 0..3 {
            lease.take("a", RATE).await.unwrap();
        }
        assert!(lease.take("a", RATE).await.is_err());
    }

    proptest! {
        /// No window spends more than twice the count, and never more than the saved and refilled
        /// tokens.
        #[test]
        fn never_more_than_there_are_tokens(steps in prop::collection::vec(0..5_000_u64, 1..60)) {
            let lease = InProcess::default();
            let start = Instant::now();
            let (mut now, mut spent) = (start, Vec::new());
            for step in steps {
                now += Duration::from_millis(step);
                if lease.spend_at("k", 1, RATE, now).is_ok() {
                    spent.push(now);
                }
            }
            for (n, first) in spent.iter().enumerate() {
                for (more, last) in spent[n..].iter().enumerate() {
                    let filled = last.duration_since(*first).as_secs_f64() * 3.0 / 10.0;
                    prop_assert!((more + 1) as f64 <= 3.0 + filled + 1e-3);
                }
            }
        }

        /// No window of the rate's length has more than `count` uses.
        #[test]
        fn never_more_than_the_rate(steps in prop::collection::vec(0..5_000_u64, 1..60)) {
            let lease = InProcess::default();
            let mut now = Instant::now();
            let mut taken = Vec::new();
            for step in steps {
                now += Duration::from_millis(step);
                if lease.take_at("k", RATE, now).is_ok() {
                    taken.push(now);
                }
            }
            for window in taken.windows(RATE.count as usize + 1) {
                let (first, last) = (window[0], window[window.len() - 1]);
                prop_assert!(last.duration_since(first) >= RATE.window);
            }
        }
    }

    #[tokio::test]
    async fn first_and_last_holder() {
        let lease = InProcess::default();
        assert!(lease.enter("here", "ada").await);
        assert!(!lease.enter("here", "ada").await);
        assert_eq!(
            lease.held("here", &["ada".into(), "bo".into()]).await,
            [true, false]
        );
        assert!(!lease.leave("here", "ada").await);
        assert!(lease.leave("here", "ada").await);
        assert!(!lease.leave("here", "ada").await);
        assert_eq!(lease.count("here").await, 0);
    }
}
