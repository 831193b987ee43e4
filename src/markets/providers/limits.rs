//! Request limits of a provider per minute and per day, and the share of each requester. The used
//! requests of a day are in the database, so that a restart does not forget them.

use super::{ProviderFailure, Requester, Source};
use crate::shared::sync::lock;
use crate::{
    markets::store,
    platform::database::Database,
    shared::{Result, time::now},
};
use chrono::NaiveDate;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard},
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);
/// Longest wait for a request; beyond it the request is refused.
const PATIENCE: Duration = Duration::from_secs(4);
/// One in this many requests of a day is reserved for the server itself.
const OWN: u32 = 5;
/// One in this many requests of a day is one requester's share, for data that is not cached yet.
const SHARE: u32 = 2;
/// Share without a daily limit: the requests of this many minutes.
const SHARE_MINUTES: u32 = 60;
/// Maximum number of requesters whose shares are remembered; each has made a request on this day.
const MAX_REQUESTERS: usize = 10_000;

/// How requests are spread over a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As they come, up to this many in any minute.
    Burst(u32),
    /// This many per minute, evenly spaced.
    Even(u32),
}

/// Request limits of one provider.
pub struct Limits {
    source: Source,
    pace: Pace,
    /// 0: no limit.
    per_day: u32,
    db: Database,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Times of the requests in the last minute.
    recent: VecDeque<Instant>,
    /// No request before this time.
    next: Option<Instant>,
    /// A day, and how many of its requests are known to be used at least.
    spent: Option<(NaiveDate, i32)>,
    /// What each requester has used of its share on a day.
    shares: (NaiveDate, HashMap<Requester, u32>),
}

impl State {
    fn used(&mut self, today: NaiveDate, requester: Requester) -> &mut u32 {
        let (day, shares) = &mut self.shares;
        // A reset gains nothing: with requests from this many accounts the limit is used up anyway.
        if *day != today || shares.len() >= MAX_REQUESTERS && !shares.contains_key(&requester) {
            (*day, *shares) = (today, HashMap::new());
        }
        shares.entry(requester).or_default()
    }
}

impl Limits {
    /// Limits of `source`; `per_day` 0: no daily limit.
    pub fn new(source: Source, pace: Pace, per_day: u32, db: Database) -> Self {
        Self {
            source,
            pace,
            per_day,
            db,
            state: Mutex::default(),
        }
    }

    /// Takes one request for the current [requester](Requester::current), after a wait of a few
    /// seconds at most.
    ///
    /// # Errors
    /// `MinuteLimit` or `DailyLimit`: no request is left. `SignIn` or `Share`: none is left for
    /// this requester. `NoBudget`: that is not known.
    pub async fn take(&self) -> std::result::Result<(), ProviderFailure> {
        self.take_on(now().date_naive(), Requester::current()).await
    }

    async fn take_on(
        &self,
        today: NaiveDate,
        requester: Requester,
    ) -> std::result::Result<(), ProviderFailure> {
        if requester == Requester::Visitor {
            return Err(ProviderFailure::SignIn);
        }
        let most = self.most(requester);
        let spent = self.lock().spent;
        if spent.is_some_and(|(day, used)| day == today && most <= used) {
            return Err(ProviderFailure::DailyLimit);
        }
        let wait = self.turn(Instant::now(), today, requester)?;
        sleep(wait).await;
        if self.per_day == 0 {
            return Ok(());
        }
        match self.spend(today, most).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.is_spent(today, most);
                Err(ProviderFailure::DailyLimit)
            }
            Err(error) => {
                tracing::error!(market.source = self.source.as_str(), error.cause = %error, "storing a data source's request count failed");
                Err(ProviderFailure::NoBudget)
            }
        }
    }

    /// Returns how long to wait for the next request of the minute.
    fn turn(
        &self,
        now: Instant,
        today: NaiveDate,
        requester: Requester,
    ) -> std::result::Result<Duration, ProviderFailure> {
        let mut state = self.lock();
        let shared = matches!(requester, Requester::Account(_) | Requester::Readers);
        if shared && *state.used(today, requester) >= self.share() {
            return Err(ProviderFailure::Share);
        }
        let turn = state.next.filter(|next| *next > now).unwrap_or(now);
        let wait = turn - now;
        if wait > PATIENCE {
            return Err(ProviderFailure::MinuteLimit);
        }
        match self.pace {
            Pace::Even(count) => state.next = Some(turn + MINUTE / count.max(1)),
            Pace::Burst(count) => {
                let old = |at: &Instant| now.duration_since(*at) >= MINUTE;
                while state.recent.front().is_some_and(old) {
                    state.recent.pop_front();
                }
                if state.recent.len() >= usize::try_from(count).unwrap_or(usize::MAX) {
                    return Err(ProviderFailure::MinuteLimit);
                }
                state.recent.push_back(turn);
            }
        }
        if shared {
            *state.used(today, requester) += 1;
        }
        Ok(wait)
    }

    /// Records that the provider itself refused a request: `MinuteLimit` or `DailyLimit`.
    pub async fn refused(&self, failure: &ProviderFailure) {
        match failure {
            ProviderFailure::MinuteLimit => self.lock().next = Some(Instant::now() + MINUTE),
            ProviderFailure::DailyLimit => {
                let today = now().date_naive();
                self.is_spent(today, i32::MAX);
                if let Err(error) = self.exhaust(today).await {
                    tracing::warn!(market.source = self.source.as_str(), error.cause = %error, "storing a used-up request limit failed");
                }
            }
            _ => {}
        }
    }

    /// Records that this many requests of a day are used.
    fn is_spent(&self, today: NaiveDate, used: i32) {
        let mut state = self.lock();
        let before = state.spent.filter(|(day, _)| *day == today);
        let known = before.is_some_and(|(_, before)| used <= before);
        if known {
            return;
        }
        state.spent = Some((today, used));
        drop(state);
        let source = self.source.as_str();
        if used < self.most(Requester::Server) {
            tracing::warn!(
                market.source = source,
                "daily request limit reached, except for alerts, orders and predictions; using stored prices and other sources until tomorrow (UTC)"
            );
        } else {
            tracing::warn!(
                market.source = source,
                "daily request limit reached; using stored prices and other sources until tomorrow (UTC)"
            );
        }
    }

    async fn spend(&self, today: NaiveDate, most: i32) -> Result<bool> {
        let source = self.source.as_str();
        let spending = move |tx| async move { store::spend(&tx, source, today, most).await };
        self.db.write(Uuid::nil(), spending).await
    }

    async fn exhaust(&self, today: NaiveDate) -> Result<()> {
        let (source, most) = (self.source.as_str(), self.most(Requester::Server));
        let noting = move |tx| async move { store::exhaust(&tx, source, today, most).await };
        self.db.write(Uuid::nil(), noting).await
    }

    /// Number of used requests of a day from which this requester gets no more.
    fn most(&self, requester: Requester) -> i32 {
        let most = match (self.per_day, requester) {
            (0, _) => return i32::MAX,
            (all, Requester::Server) => all,
            (all, _) => all - all / OWN,
        };
        i32::try_from(most).unwrap_or(i32::MAX)
    }

    /// Maximum number of requests of a day that one requester can make for data that is not cached.
    fn share(&self) -> u32 {
        let (Pace::Burst(minute) | Pace::Even(minute)) = self.pace;
        match self.per_day {
            0 => minute.saturating_mul(SHARE_MINUTES),
            all => (all / SHARE).max(1),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{shared::AccountId, testing::TestDb};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
    }

    #[tokio::test]
    async fn so_many_in_any_minute() {
        let test = TestDb::sqlite().await;
        let limits = Limits::new(Source::Massive, Pace::Burst(3), 0, test.db.clone());
        let start = Instant::now();
        let after = |seconds| {
            let then = start + Duration::from_secs(seconds);
            limits.turn(then, day(1), Requester::Server).is_ok()
        };
        assert_eq!([0, 20, 40, 50].map(after), [true, true, true, false]);
        assert_eq!([59, 60, 61, 80].map(after), [false, true, false, true]);
        drop(limits);
        test.stop().await;
    }

    #[tokio::test]
    async fn one_after_the_other() {
        let test = TestDb::sqlite().await;
        let limits = Limits::new(Source::AlphaVantage, Pace::Even(50), 0, test.db.clone());
        let start = Instant::now();
        let waits: Vec<_> = (0..6)
            .map(|_| limits.turn(start, day(1), Requester::Server))
            .map(|turn| turn.map(|wait| wait.as_millis()).ok())
            .collect();
        let expected = [Some(0), Some(1200), Some(2400), Some(3600), None, None];
        assert_eq!(waits, expected, "nobody waits longer than some seconds");
        let later = start + Duration::from_secs(10);
        let turn = limits.turn(later, day(1), Requester::Server);
        assert_eq!(turn, Ok(Duration::ZERO));
        drop(limits);
        test.stop().await;
    }

    #[tokio::test]
    async fn a_restart_forgets_nothing_of_a_day() {
        TestDb::each(|db| async move {
            let limits = || Limits::new(Source::AlphaVantage, Pace::Burst(99), 3, db.clone());
            let first = limits();
            for _ in 0..2 {
                assert_eq!(first.take_on(day(1), Requester::Server).await, Ok(()));
            }
            let again = limits();
            assert_eq!(again.take_on(day(1), Requester::Server).await, Ok(()));
            for one in [&again, &first, &limits()] {
                assert_eq!(
                    one.take_on(day(1), Requester::Server).await,
                    Err(ProviderFailure::DailyLimit)
                );
            }
            assert_eq!(
                again.take_on(day(2), Requester::Server).await,
                Ok(()),
                "a new day"
            );
        })
        .await;
    }

    #[tokio::test]
    async fn what_the_provider_says_counts() {
        TestDb::each(|db| async move {
            let limits = || Limits::new(Source::AlphaVantage, Pace::Burst(99), 25, db.clone());
            let first = limits();
            assert_eq!(first.take().await, Ok(()));
            first.refused(&ProviderFailure::DailyLimit).await;
            for one in [&first, &limits()] {
                assert_eq!(one.take().await, Err(ProviderFailure::DailyLimit));
            }
            let busy = limits();
            busy.refused(&ProviderFailure::MinuteLimit).await;
            assert_eq!(busy.take().await, Err(ProviderFailure::MinuteLimit));
        })
        .await;
    }
    /// Returns how many of `count` requests a requester gets, and why not more.
    async fn asked(
        limits: &Limits,
        requester: Requester,
        count: usize,
    ) -> (usize, Option<ProviderFailure>) {
        let mut taken = Vec::new();
        for _ in 0..count {
            taken.push(limits.take_on(day(1), requester).await);
        }
        let given = taken.iter().filter(|one| one.is_ok()).count();
        (given, taken.into_iter().find_map(std::result::Result::err))
    }

    #[tokio::test]
    async fn a_part_of_the_day_is_the_servers_and_nobody_has_any() {
        TestDb::each(|db| async move {
            let limits = || Limits::new(Source::AlphaVantage, Pace::Burst(99), 25, db.clone());
            let first = limits();
            let stranger = asked(&first, Requester::Visitor, 30).await;
            assert_eq!(stranger, (0, Some(ProviderFailure::SignIn)));
            let [ada, bo] = [(); 2].map(|()| Requester::Account(AccountId::new()));
            let some = asked(&first, ada, 30).await;
            assert_eq!(some, (12, Some(ProviderFailure::Share)), "a share");
            let rest = asked(&first, bo, 30).await;
            assert_eq!(rest, (8, Some(ProviderFailure::DailyLimit)), "what is left");
            for requester in [Requester::Readers, Requester::Renewal, bo] {
                let none = asked(&limits(), requester, 1).await;
                assert_eq!(
                    none,
                    (0, Some(ProviderFailure::DailyLimit)),
                    "{requester:?}"
                );
            }
            let own = asked(&first, Requester::Server, 30).await;
            assert_eq!(own, (5, Some(ProviderFailure::DailyLimit)));
            assert_eq!(first.take_on(day(2), ada).await, Ok(()), "a new day");
        })
        .await;
    }

    #[tokio::test]
    async fn a_share_of_what_has_no_limit_for_a_day_is_an_hour() {
        let test = TestDb::sqlite().await;
        let limits = Limits::new(Source::Massive, Pace::Burst(5), 0, test.db.clone());
        let start = Instant::now();
        let mut given = 0;
        for minute in 0..90 {
            let then = start + MINUTE * minute;
            let turn = || limits.turn(then, day(1), Requester::Readers);
            given += (0..9).filter(|_| turn().is_ok()).count();
            // Cached data can still be refreshed.
            let again = Requester::Readers.again();
            assert_eq!(limits.turn(then, day(1), again).is_ok(), minute >= 60);
        }
        assert_eq!(given, 300);
        for _ in 0..=MAX_REQUESTERS {
            let requester = Requester::Account(AccountId::new());
            *limits.lock().used(day(1), requester) += 1;
        }
        assert!(limits.lock().shares.1.len() <= MAX_REQUESTERS);
        drop(limits);
        test.stop().await;
    }
}
