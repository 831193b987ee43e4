//! Expiring state that nodes share: rate limits and marks.
//!
//! A single node stores it in memory; several nodes would need a shared store. Data that must not
//! be lost is always stored elsewhere too. While a shared store fails, each node counts on its own
//! (see [`Limiter`]).

mod keys;

use crate::shared::Result;
use crate::shared::sync::lock;
use async_trait::async_trait;
use keys::{Count, Keys};
use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
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

/// Whether a use is within its rate. `Err` is the time until the next use is allowed.
pub type Turn = Result<(), Duration>;

/// Shared, expiring state. All methods fail if the shared store cannot be reached; each request
/// calls one, so a store on the network needs a short time limit.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Counts one use of `key` against `rate`.
    async fn take(&self, key: &str, rate: Rate) -> Result<Turn>;

    /// Takes back the last use of `key`, because it should not count.
    async fn give_back(&self, key: &str) -> Result<()>;

    /// Spends `cost` tokens of `key`. Its bucket holds up to `rate.count` tokens and refills
    /// evenly, by that number per window. One remaining token is enough; a higher cost leaves a
    /// debt. Within a window at most twice the count is spent: a full bucket and the refilled
    /// tokens.
    async fn spend(&self, key: &str, cost: u32, rate: Rate) -> Result<Turn>;

    /// Marks `key` for a time; zero removes the mark.
    async fn mark(&self, key: &str, time: Duration) -> Result<()>;

    /// true if `key` is marked.
    async fn is_marked(&self, key: &str) -> Result<bool>;
}

/// Rate limits and marks as services use them. While the shared store fails, this process counts in
/// its own memory: then each limit holds for each node, and no request fails for it.
pub struct Limiter {
    shared: Box<dyn Lease>,
    own: InProcess,
    failing: AtomicBool,
}

impl Default for Limiter {
    /// The limiter of a single node.
    fn default() -> Self {
        Self::new(InProcess::default())
    }
}

impl Limiter {
    /// Counts in this store.
    pub fn new(shared: impl Lease + 'static) -> Self {
        Self {
            shared: Box::new(shared),
            own: InProcess::default(),
            failing: AtomicBool::default(),
        }
    }

    /// See [`Lease::take`].
    pub async fn take(&self, key: &str, rate: Rate) -> Turn {
        let taken = self.shared.take(key, rate).await;
        self.or_own(taken, |own| own.take_at(key, rate, Instant::now()))
    }

    /// See [`Lease::give_back`].
    pub async fn give_back(&self, key: &str) {
        let given = self.shared.give_back(key).await;
        self.or_own(given, |own| own.take_back(key));
    }

    /// See [`Lease::spend`].
    pub async fn spend(&self, key: &str, cost: u32, rate: Rate) -> Turn {
        let spent = self.shared.spend(key, cost, rate).await;
        self.or_own(spent, |own| own.spend_at(key, cost, rate, Instant::now()))
    }

    /// See [`Lease::mark`].
    pub async fn mark(&self, key: &str, time: Duration) {
        let marked = self.shared.mark(key, time).await;
        self.or_own(marked, |own| own.mark_from(key, time, Instant::now()));
    }

    /// See [`Lease::is_marked`].
    pub async fn is_marked(&self, key: &str) -> bool {
        let marked = self.shared.is_marked(key).await;
        self.or_own(marked, |own| own.is_marked_at(key, Instant::now()))
    }

    /// Returns the shared store's result, or if it failed that of this process. Logs when failures
    /// begin and end, not each one.
    fn or_own<T>(&self, result: Result<T>, own: impl FnOnce(&InProcess) -> T) -> T {
        match result {
            Ok(done) => {
                if self.failing.load(Ordering::Relaxed) {
                    self.failing.store(false, Ordering::Relaxed);
                    tracing::info!("the shared limits are back");
                }
                done
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    tracing::warn!(error.code = %error.code, "limits are counted on this node only");
                }
                own(&self.own)
            }
        }
    }
}

/// Keeps everything in the memory of this process.
#[derive(Default)]
pub struct InProcess {
    windows: Mutex<Keys<Window>>,
    buckets: Mutex<Keys<Bucket>>,
    marks: Mutex<Keys<Mark>>,
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

/// A mark with its end.
#[derive(Default)]
struct Mark(Option<Instant>);

impl Count for Mark {
    fn is_over(&self, now: Instant) -> bool {
        self.0.is_none_or(|end| end <= now)
    }

    /// If there are too many, any of them are removed.
    fn used(&self, _: Instant) -> u64 {
        0
    }
}

impl InProcess {
    fn take_at(&self, key: &str, rate: Rate, now: Instant) -> Turn {
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

    fn take_back(&self, key: &str) {
        if let Some(window) = lock(&self.windows).known(key) {
            window.taken.pop_back();
        }
    }

    fn spend_at(&self, key: &str, cost: u32, rate: Rate, now: Instant) -> Turn {
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

    fn mark_from(&self, key: &str, time: Duration, now: Instant) {
        lock(&self.marks).of(key, now).0 = Some(now + time);
    }

    fn is_marked_at(&self, key: &str, now: Instant) -> bool {
        let mut marks = lock(&self.marks);
        marks.known(key).is_some_and(|mark| !mark.is_over(now))
    }
}

#[async_trait]
impl Lease for InProcess {
    async fn take(&self, key: &str, rate: Rate) -> Result<Turn> {
        Ok(self.take_at(key, rate, Instant::now()))
    }

    async fn give_back(&self, key: &str) -> Result<()> {
        self.take_back(key);
        Ok(())
    }

    async fn spend(&self, key: &str, cost: u32, rate: Rate) -> Result<Turn> {
        Ok(self.spend_at(key, cost, rate, Instant::now()))
    }

    async fn mark(&self, key: &str, time: Duration) -> Result<()> {
        self.mark_from(key, time, Instant::now());
        Ok(())
    }

    async fn is_marked(&self, key: &str) -> Result<bool> {
        Ok(self.is_marked_at(key, Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Error;
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
        let lease = Limiter::default();
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

    #[tokio::test(start_paused = true)]
    async fn a_mark_lasts_for_its_time() {
        let limiter = Limiter::default();
        assert!(!limiter.is_marked("a").await);
        limiter.mark("a", RATE.window).await;
        tokio::time::advance(RATE.window - Duration::from_millis(1)).await;
        assert!(limiter.is_marked("a").await);
        assert!(!limiter.is_marked("b").await, "keys are apart");
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!limiter.is_marked("a").await);
        limiter.mark("a", RATE.window).await;
        limiter.mark("a", Duration::ZERO).await;
        assert!(!limiter.is_marked("a").await);
    }

    /// A shared store that cannot be reached.
    struct Away;

    #[async_trait]
    impl Lease for Away {
        async fn take(&self, _: &str, _: Rate) -> Result<Turn> {
            Err(Error::unavailable())
        }

        async fn give_back(&self, _: &str) -> Result<()> {
            Err(Error::unavailable())
        }

        async fn spend(&self, _: &str, _: u32, _: Rate) -> Result<Turn> {
            Err(Error::unavailable())
        }

        async fn mark(&self, _: &str, _: Duration) -> Result<()> {
            Err(Error::unavailable())
        }

        async fn is_marked(&self, _: &str) -> Result<bool> {
            Err(Error::unavailable())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn limits_hold_while_the_shared_store_is_away() {
        let limiter = Limiter::new(Away);
        for _ in 0..3 {
            limiter.take("a", RATE).await.unwrap();
            limiter.spend("a", 1, RATE).await.unwrap();
        }
        limiter.take("a", RATE).await.unwrap_err();
        limiter.spend("a", 1, RATE).await.unwrap_err();
        limiter.give_back("a").await;
        limiter.take("a", RATE).await.unwrap();
        limiter.mark("a", RATE.window).await;
        assert!(limiter.is_marked("a").await);
    }
}
