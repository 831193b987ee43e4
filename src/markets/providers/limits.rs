//! How often a provider may be asked: in a minute, and in a day. What was used of a day is in the
//! database, so that a restart does not forget it.

use super::{ProviderFailure, Source};
use crate::{
    markets::store,
    platform::database::Database,
    shared::{Result, time::now},
};
use chrono::NaiveDate;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);
/// Longest wait for one's turn; whoever would wait longer is told so.
const PATIENCE: Duration = Duration::from_secs(4);

/// How requests of a minute are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As they come, up to so many in any minute.
    Burst(u32),
    /// One after the other, evenly over the minute.
    Even(u32),
}

/// The limits of one provider.
pub struct Limits {
    source: Source,
    pace: Pace,
    /// 0: none.
    per_day: u32,
    db: Database,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When requests of the last minute were made.
    recent: VecDeque<Instant>,
    /// Nothing is asked before.
    next: Option<Instant>,
    /// The day whose budget is known to be used up.
    spent: Option<NaiveDate>,
}

impl Limits {
    /// Limits of `source`; `per_day` 0: none for a day.
    #[must_use]
    pub fn new(source: Source, pace: Pace, per_day: u32, db: Database) -> Self {
        Self {
            source,
            pace,
            per_day,
            db,
            state: Mutex::default(),
        }
    }

    /// Takes one request, after a wait of some seconds at most.
    ///
    /// # Errors
    /// `MinuteLimit` or `DailyLimit` when there is none to take, `NoBudget` when that is not known.
    pub async fn take(&self) -> std::result::Result<(), ProviderFailure> {
        self.take_on(now().date_naive()).await
    }

    async fn take_on(&self, today: NaiveDate) -> std::result::Result<(), ProviderFailure> {
        if self.lock().spent == Some(today) {
            return Err(ProviderFailure::DailyLimit);
        }
        let wait = self.turn(Instant::now())?;
        sleep(wait).await;
        if self.per_day == 0 {
            return Ok(());
        }
        match self.spend(today).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.is_spent(today);
                Err(ProviderFailure::DailyLimit)
            }
            Err(error) => {
                tracing::error!(market.source = self.source.as_str(), error.cause = %error, "the budget of a provider cannot be kept");
                Err(ProviderFailure::NoBudget)
            }
        }
    }

    /// How long to wait for one's turn in the minute.
    fn turn(&self, now: Instant) -> std::result::Result<Duration, ProviderFailure> {
        let mut state = self.lock();
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
        Ok(wait)
    }

    /// The provider itself said that it takes no more for now: `MinuteLimit` or `DailyLimit`.
    pub async fn refused(&self, failure: &ProviderFailure) {
        match failure {
            ProviderFailure::MinuteLimit => self.lock().next = Some(Instant::now() + MINUTE),
            ProviderFailure::DailyLimit => {
                let today = now().date_naive();
                self.is_spent(today);
                if let Err(error) = self.exhaust(today).await {
                    tracing::warn!(market.source = self.source.as_str(), error.cause = %error, "a used budget is not noted");
                }
            }
            _ => {}
        }
    }

    fn is_spent(&self, today: NaiveDate) {
        let before = self.lock().spent.replace(today);
        if before != Some(today) {
            tracing::warn!(
                market.source = self.source.as_str(),
                "the requests of the day are used up; older prices and other sources serve until tomorrow (UTC)"
            );
        }
    }

    async fn spend(&self, today: NaiveDate) -> Result<bool> {
        let (source, most) = (self.source.as_str(), self.most());
        let spending = move |tx| async move { store::spend(&tx, source, today, most).await };
        self.db.write(Uuid::nil(), spending).await
    }

    async fn exhaust(&self, today: NaiveDate) -> Result<()> {
        let (source, most) = (self.source.as_str(), self.most());
        let noting = move |tx| async move { store::exhaust(&tx, source, today, most).await };
        self.db.write(Uuid::nil(), noting).await
    }

    fn most(&self) -> i32 {
        match self.per_day {
            0 => i32::MAX,
            most => i32::try_from(most).unwrap_or(i32::MAX),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestDb;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
    }

    #[tokio::test]
    async fn so_many_in_any_minute() {
        let test = TestDb::sqlite().await;
        let limits = Limits::new(Source::Massive, Pace::Burst(3), 0, test.db.clone());
        let start = Instant::now();
        let after = |seconds| limits.turn(start + Duration::from_secs(seconds)).is_ok();
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
            .map(|_| limits.turn(start).map(|wait| wait.as_millis()).ok())
            .collect();
        let expected = [Some(0), Some(1200), Some(2400), Some(3600), None, None];
        assert_eq!(waits, expected, "nobody waits longer than some seconds");
        let later = start + Duration::from_secs(10);
        assert_eq!(limits.turn(later), Ok(Duration::ZERO));
        drop(limits);
        test.stop().await;
    }

    #[tokio::test]
    async fn a_restart_forgets_nothing_of_a_day() {
        TestDb::each(|db| async move {
            let limits = || Limits::new(Source::AlphaVantage, Pace::Burst(99), 3, db.clone());
            let first = limits();
            for _ in 0..2 {
                assert_eq!(first.take_on(day(1)).await, Ok(()));
            }
            let again = limits();
            assert_eq!(again.take_on(day(1)).await, Ok(()));
            for one in [&again, &first, &limits()] {
                assert_eq!(one.take_on(day(1)).await, Err(ProviderFailure::DailyLimit));
            }
            assert_eq!(again.take_on(day(2)).await, Ok(()), "a new day");
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
}
