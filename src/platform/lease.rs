//! What expires and is shared by nodes: rate limits, presence, short-lived cache.
//!
//! One node keeps it in memory; several nodes keep it where all of them see it. It is never the
//! only place of something that must not be lost.

use async_trait::async_trait;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many times in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many times.
    pub count: u32,
    /// In how long a sliding window.
    pub window: Duration,
}

/// Shared, expiring state.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Takes one of `rate` for `key`; `Err` is the time until the next may be taken.
    async fn take(&self, key: &str, rate: Rate) -> Result<(), Duration>;

    /// Gives back the last one that was taken for `key`: what was limited did not count.
    async fn give_back(&self, key: &str);

    /// One more holder of `member` in `set` (a device of an account that is here).
    /// True: it is the first.
    async fn enter(&self, set: &str, member: &str) -> bool;

    /// One holder less. True: it was the last.
    async fn leave(&self, set: &str, member: &str) -> bool;

    /// Who of `members` is held in `set`.
    async fn held(&self, set: &str, members: &[String]) -> Vec<bool>;

    /// How many members `set` holds.
    async fn count(&self, set: &str) -> usize;
}

/// All in the memory of this process.
#[derive(Default)]
pub struct InProcess {
    rates: Mutex<Rates>,
    sets: Mutex<HashMap<String, HashMap<String, u32>>>,
}

#[derive(Default)]
struct Rates {
    taken: HashMap<String, VecDeque<Instant>>,
    /// Keys are swept when their number has doubled, so that the cost is spread.
    sweep_at: usize,
}

impl InProcess {
    fn take_at(&self, key: &str, rate: Rate, now: Instant) -> Result<(), Duration> {
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if rates.taken.len() >= rates.sweep_at.max(1_024) {
            // The longest window in use is an hour (registration).
            rates.taken.retain(|_, taken| {
                taken
                    .back()
                    .is_some_and(|last| now.duration_since(*last) < Duration::from_hours(1))
            });
            rates.sweep_at = rates.taken.len() * 2;
        }
        let taken = rates.taken.entry(key.to_owned()).or_default();
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
}

#[async_trait]
impl Lease for InProcess {
    async fn take(&self, key: &str, rate: Rate) -> Result<(), Duration> {
        self.take_at(key, rate, Instant::now())
    }

    async fn give_back(&self, key: &str) {
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = rates.taken.get_mut(key) {
            taken.pop_back();
        }
    }

    async fn enter(&self, set: &str, member: &str) -> bool {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let holders = sets
            .entry(set.to_owned())
            .or_default()
            .entry(member.to_owned())
            .or_default();
        *holders += 1;
        *holders == 1
    }

    async fn leave(&self, set: &str, member: &str) -> bool {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
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
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let held = sets.get(set);
        members
            .iter()
            .map(|member| held.is_some_and(|held| held.contains_key(member)))
            .collect()
    }

    async fn count(&self, set: &str) -> usize {
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
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
        /// In no window of the rate's length are more than `count` taken.
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
