//! What is cached, for how long, and when the source is asked.

use super::*;
use crate::{
    markets::{Bar, providers::Sample},
    testing::TestDb,
};
use chrono::NaiveDate;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The sample under another name: slow, counted, and unavailable on demand.
struct Slow {
    name: Source,
    asked: Arc<AtomicUsize>,
    away: Arc<AtomicBool>,
    /// Responds with sample data, like a source further down the list.
    stands_in: Arc<AtomicBool>,
}

impl Slow {
    fn source_of_now(&self) -> Source {
        if self.stands_in.load(Ordering::Relaxed) {
            Source::Sample
        } else {
            self.name
        }
    }
}

#[async_trait]
impl MarketData for Slow {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(3)).await;
        if self.away.load(Ordering::Relaxed) {
            return Err(ProviderFailure::Blocked);
        }
        let quote = Sample.quote(symbol).await?;
        let source = self.source_of_now();
        Ok(quote.map(|quote| Quote { source, ..quote }))
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let history = Sample.history(symbol).await?;
        let source = self.source_of_now();
        let named = |history: Arc<History>| History {
            source,
            ..Arc::unwrap_or_clone(history)
        };
        Ok(history.map(|history| Arc::new(named(history))))
    }

    fn source(&self) -> Source {
        self.name
    }
}

/// A cache with a paused clock. The database is opened before the clock is paused, because it runs
/// on threads with real time.
struct Still {
    cached: Cached<Slow>,
    asked: Arc<AtomicUsize>,
    away: Arc<AtomicBool>,
    stands_in: Arc<AtomicBool>,
    test: TestDb,
}

impl Still {
    async fn of(name: Source) -> Self {
        let test = TestDb::sqlite().await;
        let slow = Slow {
            name,
            asked: Arc::default(),
            away: Arc::default(),
            stands_in: Arc::default(),
        };
        let (asked, away) = (Arc::clone(&slow.asked), Arc::clone(&slow.away));
        let stands_in = Arc::clone(&slow.stands_in);
        let storage = Storage::new(test.db.clone(), test.tasks.clone());
        let cached = Cached::new(slow, storage);
        // Looks these up in the database once, in real time.
        for code in ["AAPL", "IBM", "XXXX"] {
            let symbol = symbol(code);
            cached.0.quotes.slot(&symbol).lock().await.loaded = true;
            cached.0.histories.slot(&symbol).lock().await.loaded = true;
        }
        tokio::time::pause();
        Self {
            cached,
            asked,
            away,
            stands_in,
            test,
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    async fn quote(&self, code: &str) -> Answered<Quote> {
        self.cached.quote(&symbol(code)).await
    }

    /// Waits until background refreshes are done.
    async fn settle(&self, asked: usize) {
        tokio::time::advance(Duration::from_secs(4)).await;
        while self.asked() < asked || self.cached.0.storage.room.available_permits() < AT_ONCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn end(self) {
        tokio::time::resume();
        self.test.stop().await;
    }
}

fn symbol(code: &str) -> Symbol {
    code.parse().unwrap()
}

#[tokio::test]
async fn equal_questions_are_asked_once() {
    let still = Still::of(Source::Sample).await;
    let answers = futures::future::join_all((0..50).map(|_| still.quote("AAPL"))).await;
    assert!(answers.iter().all(|a| a.as_ref().unwrap().is_some()));
    assert_eq!(still.asked(), 1);
    still.end().await;
}

#[tokio::test]
async fn another_symbol_does_not_wait() {
    let still = Still::of(Source::Sample).await;
    let start = Instant::now();
    let (first, second) = tokio::join!(still.quote("AAPL"), still.quote("IBM"));
    assert!(first.unwrap().is_some() && second.unwrap().is_some());
    assert_eq!(start.elapsed().as_secs(), 3);
    still.end().await;
}

#[tokio::test]
async fn what_is_not_new_is_given_and_asked_for_again() {
    let still = Still::of(Source::Sample).await;
    let first = still.quote("AAPL").await.unwrap();
    tokio::time::advance(MINUTE - Duration::from_secs(1)).await;
    assert_eq!(still.quote("AAPL").await.unwrap(), first);
    assert_eq!(still.asked(), 1);
    tokio::time::advance(Duration::from_secs(2)).await;
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(still.quote("AAPL").await.unwrap(), first);
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "nobody waits");
    still.settle(2).await;
    still.quote("AAPL").await.unwrap();
    assert_eq!(
        still.asked(),
        2,
        "asked once in the background, and new again"
    );
    tokio::time::advance(MINUTE * STALE).await;
    let start = Instant::now();
    still.quote("AAPL").await.unwrap();
    assert_eq!(still.asked(), 3);
    let waited = start.elapsed().as_secs();
    assert_eq!(waited, 3, "too old to be given");
    still.end().await;
}

#[tokio::test]
async fn a_failure_in_the_background_is_no_storm() {
    let still = Still::of(Source::Stooq).await;
    let first = still.quote("AAPL").await.unwrap();
    still.away.store(true, Ordering::Relaxed);
    tokio::time::advance(MINUTE).await;
    assert_eq!(still.quote("AAPL").await.unwrap(), first);
    still.settle(2).await;
    for _ in 0..20 {
        assert_eq!(still.quote("AAPL").await.unwrap(), first);
    }
    tokio::time::advance(FAILURE).await;
    assert_eq!(still.quote("AAPL").await.unwrap(), first);
    still.settle(3).await;
    assert_eq!(still.asked(), 3);
    still.end().await;
}

#[tokio::test]
async fn nobody_knows_it_for_some_minutes() {
    let still = Still::of(Source::Stooq).await;
    for (pass, asked) in [(0, 1), (14, 1), (2, 2)] {
        tokio::time::advance(MINUTE * pass).await;
        assert_eq!(still.quote("XXXX").await, Ok(None));
        assert_eq!(still.asked(), asked);
    }
    still.end().await;
}

#[tokio::test]
async fn a_small_budget_lasts() {
    for (source, quote, history) in [
        (Source::Stooq, MINUTE, HOUR),
        (Source::Massive, 10 * MINUTE, HOUR),
        (Source::AlphaVantage, HOUR, 6 * HOUR),
    ] {
        assert_eq!(fresh_quote(Some(source)), quote);
        assert_eq!(fresh_history(Some(source)), history);
    }
}

#[tokio::test]
async fn an_older_quote_stands_in_for_days() {
    let still = Still::of(Source::Stooq).await;
    let quote = still.quote("AAPL").await.unwrap();
    still.quote("XXXX").await.unwrap();
    still.away.store(true, Ordering::Relaxed);
    tokio::time::advance(USABLE - MINUTE).await;
    assert_eq!(still.quote("AAPL").await.unwrap(), quote);
    assert_eq!(
        still.quote("AAPL").await.unwrap(),
        quote,
        "and at once again"
    );
    let unknown = still.quote("XXXX").await;
    assert_eq!(
        unknown,
        Err(ProviderFailure::Blocked),
        "unknown is no quote"
    );
    tokio::time::advance(MINUTE * 2).await;
    assert_eq!(still.quote("AAPL").await, Err(ProviderFailure::Blocked));
    still.away.store(false, Ordering::Relaxed);
    tokio::time::advance(FAILURE).await;
    assert_eq!(still.quote("AAPL").await.unwrap(), quote);
    still.end().await;
}

#[tokio::test]
async fn a_sample_does_not_stand_in_for_a_price() {
    let still = Still::of(Source::Stooq).await;
    still.quote("AAPL").await.unwrap();
    still.stands_in.store(true, Ordering::Relaxed);
    tokio::time::advance(HOUR).await;
    let quote = still.quote("AAPL").await.unwrap().unwrap();
    assert_eq!(quote.source, Source::Stooq);
    let other = still.quote("IBM").await.unwrap().unwrap();
    assert_eq!(other.source, Source::Sample, "better than nothing");
    still.end().await;
}

#[tokio::test]
async fn those_who_wait_share_a_failure() {
    let still = Still::of(Source::Stooq).await;
    still.away.store(true, Ordering::Relaxed);
    let answers = futures::future::join_all((0..20).map(|_| still.quote("AAPL"))).await;
    assert!(answers.iter().all(Result::is_err));
    assert_eq!(still.asked(), 1);
    still.end().await;
}

#[tokio::test]
async fn who_gives_up_leaves_nothing_behind() {
    let still = Still::of(Source::Stooq).await;
    let hasty = tokio::time::timeout(Duration::from_secs(1), still.quote("AAPL")).await;
    assert!(hasty.is_err());
    assert!(still.quote("AAPL").await.unwrap().is_some());
    assert_eq!(still.asked(), 2);
    still.end().await;
}

/// Waits until a background write is done.
async fn written(db: &Database, kind: &str) {
    while store::answer(db, kind, "AAPL").await.unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_restart_forgets_no_answer() {
    TestDb::each(|db| async move {
        let tasks = Tasks::default();
        let open = |away: bool| {
            let slow = Slow {
                name: Source::AlphaVantage,
                asked: Arc::default(),
                away: Arc::new(AtomicBool::new(away)),
                stands_in: Arc::default(),
            };
            let asked = Arc::clone(&slow.asked);
            (
                Cached::new(slow, Storage::new(db.clone(), tasks.clone())),
                asked,
            )
        };
        let aapl = symbol("AAPL");
        let (first, _) = open(false);
        let quote = first.quote(&aapl).await.unwrap().unwrap();
        let history = first.history(&aapl).await.unwrap().unwrap();
        written(&db, "quote").await;
        written(&db, "history").await;
        let (again, asked) = open(true);
        assert_eq!(again.quote(&aapl).await.unwrap(), Some(quote));
        assert_eq!(again.history(&aapl).await.unwrap(), Some(history));
        assert_eq!(asked.load(Ordering::Relaxed), 0);
        tasks.stop(Duration::from_secs(10)).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_has_a_limit() {
    let test = TestDb::sqlite().await;
    let cached = Cached::new(Sample, Storage::new(test.db.clone(), test.tasks.clone()));
    for n in 0..MAX_LARGE + 10 {
        let symbol = symbol(&format!("X{n}"));
        cached.history(&symbol).await.unwrap();
    }
    assert!(cached.0.histories.slots.lock().unwrap().len() <= MAX_LARGE);
    drop(cached);
    test.stop().await;
}

/// Responds as the test says, and refuses visitors who are not signed in.
struct Silent {
    history: Arc<Mutex<Answered<Arc<History>>>>,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl MarketData for Silent {
    async fn quote(&self, _: &Symbol) -> Answered<Quote> {
        Ok(None)
    }

    async fn history(&self, _: &Symbol) -> Answered<Arc<History>> {
        if Requester::current() == Requester::Visitor {
            return Err(ProviderFailure::SignIn);
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.history.lock().unwrap().clone()
    }

    fn source(&self) -> Source {
        Source::Massive
    }
}

/// Returns the last `days` days up to day `to` of 2024.
fn past(source: Source, days: u32, to: u32) -> Arc<History> {
    let last = NaiveDate::from_yo_opt(2024, to).unwrap();
    let mut bars: Vec<Bar> = last
        .iter_days()
        .rev()
        .take(days.try_into().unwrap())
        .map(|date| Bar {
            date,
            open: 1.into(),
            high: 1.into(),
            low: 1.into(),
            close: 1.into(),
            volume: 1,
        })
        .collect();
    bars.reverse();
    Arc::new(History {
        bars,
        splits: None,
        source,
    })
}

#[tokio::test]
async fn who_stands_in_takes_no_days_away() {
    let test = TestDb::sqlite().await;
    let long = past(Source::Massive, 5000, 100);
    let history = Arc::new(Mutex::new(Ok(Some(Arc::clone(&long)))));
    let asked = Arc::new(AtomicUsize::new(0));
    let told = Silent {
        history: Arc::clone(&history),
        asked: Arc::clone(&asked),
    };
    let cached = Cached::new(told, Storage::new(test.db.clone(), test.tasks.clone()));
    let aapl = symbol("AAPL");
    cached.0.histories.slot(&aapl).lock().await.loaded = true;
    tokio::time::pause();
    let tell = |said| *history.lock().unwrap() = said;
    let get = async || {
        let found = cached.history(&aapl).await.unwrap().unwrap();
        // Lets background refreshes finish.
        while cached.0.storage.room.available_permits() < AT_ONCE {
            tokio::task::yield_now().await;
        }
        (found.source, asked.load(Ordering::Relaxed))
    };
    assert_eq!(get().await, (Source::Massive, 1));
    // Another source with a hundred days, then one that does not know the symbol.
    for (pass, said, count) in [
        (HOUR, Ok(Some(past(Source::AlphaVantage, 100, 101))), 2),
        (MINUTE, Ok(Some(past(Source::AlphaVantage, 100, 101))), 2),
        (UNKNOWN, Ok(Some(past(Source::AlphaVantage, 100, 102))), 3),
        (UNKNOWN, Ok(None), 4),
        // Too old to be returned without a request.
        (11 * HOUR, Ok(None), 5),
        (MINUTE, Ok(None), 5),
    ] {
        tell(said);
        tokio::time::advance(pass).await;
        assert_eq!(get().await, (Source::Massive, count), "{pass:?}");
    }
    // The cached history's start moves on, and a source with as long a history may replace it.
    tell(Ok(Some(past(Source::AlphaVantage, 4980, 110))));
    tokio::time::advance(UNKNOWN).await;
    assert_eq!(get().await, (Source::AlphaVantage, 6));
    // The first source may replace anything.
    tell(Ok(Some(past(Source::Massive, 500, 111))));
    tokio::time::advance(DAY).await;
    assert_eq!(get().await, (Source::Massive, 7));
    // A response that is too old to be used is replaced even by a short history.
    tell(Ok(Some(past(Source::AlphaVantage, 100, 120))));
    tokio::time::advance(USABLE).await;
    assert_eq!(get().await, (Source::AlphaVantage, 8));
    tokio::time::resume();
    drop(cached);
    test.stop().await;
}

#[tokio::test]
async fn what_was_refused_to_one_says_nothing_to_another() {
    let test = TestDb::sqlite().await;
    let told = Silent {
        history: Arc::new(Mutex::new(Ok(Some(past(Source::Massive, 9, 9))))),
        asked: Arc::default(),
    };
    let asked = Arc::clone(&told.asked);
    let cached = Cached::new(told, Storage::new(test.db.clone(), test.tasks.clone()));
    let aapl = symbol("AAPL");
    let nobody = || Requester::Visitor.asks(cached.history(&aapl));
    assert_eq!(nobody().await, Err(ProviderFailure::SignIn));
    assert!(cached.history(&aapl).await.unwrap().is_some(), "at once");
    assert!(nobody().await.unwrap().is_some(), "it is kept");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    drop(cached);
    test.stop().await;
}

#[tokio::test]
async fn what_was_asked_for_longest_ago_goes_first() {
    let test = TestDb::sqlite().await;
    let cached = Cached::new(Sample, Storage::new(test.db.clone(), test.tasks.clone()));
    let old = symbol("AAPL");
    let first = cached.history(&old).await.unwrap().unwrap();
    for n in 0..MAX_LARGE + 50 {
        let other = symbol(&format!("X{n}"));
        cached.history(&other).await.unwrap();
        cached.history(&old).await.unwrap();
    }
    let kept: Vec<Symbol> = {
        let slots = cached.0.histories.slots.lock().unwrap();
        slots.keys().cloned().collect()
    };
    assert_eq!(kept.len(), MAX_LARGE);
    assert!(kept.contains(&old), "in use all the time");
    assert!(!kept.contains(&symbol("X0")));
    assert!(kept.contains(&symbol(&format!("X{}", MAX_LARGE - 1))));
    drop((first, cached));
    test.stop().await;
}
