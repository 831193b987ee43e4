//! Answers of a source on the network, kept for a while: equal questions at the same moment are
//! asked once, and when the source is away, what it said within the last day still counts.

use super::{History, MarketData, ProviderFailure, Quote, Source, Symbol};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// A quote is passed on without asking again for this long.
const FRESH: Duration = Duration::from_mins(1);
/// A history, to which a day adds one bar, for this long.
const FRESH_HISTORY: Duration = Duration::from_hours(1);
/// An answer stands in for a source that is away for this long.
const USABLE: Duration = Duration::from_hours(24);
/// A failure is passed on for this long: who waited for the same question shares it.
const FAILURE: Duration = Duration::from_secs(2);
/// Most symbols whose quotes are kept; anybody can ask for any.
const MAX_QUOTES: usize = 10_000;
/// Most symbols whose histories are kept: one of twenty years takes half a megabyte.
const MAX_HISTORIES: usize = 200;

/// A source with its answers kept.
pub struct Cached<P> {
    source: P,
    quotes: Kept<Quote>,
    histories: Kept<Arc<History>>,
}

impl<P: MarketData> Cached<P> {
    /// Keeps the answers of `source`.
    #[must_use]
    pub fn new(source: P) -> Self {
        Self {
            quotes: Kept::new(source.source(), FRESH, MAX_QUOTES),
            histories: Kept::new(source.source(), FRESH_HISTORY, MAX_HISTORIES),
            source,
        }
    }
}

#[async_trait]
impl<P: MarketData> MarketData for Cached<P> {
    async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure> {
        let ask = || self.source.quote(symbol);
        self.quotes.get(symbol, ask).await
    }

    async fn history(&self, symbol: &Symbol) -> Result<Option<Arc<History>>, ProviderFailure> {
        let ask = || self.source.history(symbol);
        self.histories.get(symbol, ask).await
    }

    fn source(&self) -> Source {
        self.source.source()
    }
}

/// Answers of one kind.
struct Kept<T> {
    source: Source,
    fresh: Duration,
    most: usize,
    slots: Mutex<HashMap<Symbol, Arc<Slot<T>>>>,
}

/// What is known of one symbol. The lock is held while the source is asked, so that everybody
/// else who asks for the same waits for that one answer.
type Slot<T> = tokio::sync::Mutex<Known<T>>;

struct Known<T> {
    answer: Option<(Instant, Option<T>)>,
    failure: Option<(Instant, ProviderFailure)>,
}

impl<T: Clone> Kept<T> {
    fn new(source: Source, fresh: Duration, most: usize) -> Self {
        Self {
            source,
            fresh,
            most,
            slots: Mutex::default(),
        }
    }

    /// What is kept of a symbol, or what the source says to it now.
    async fn get<F>(
        &self,
        symbol: &Symbol,
        ask: impl FnOnce() -> F,
    ) -> Result<Option<T>, ProviderFailure>
    where
        F: Future<Output = Result<Option<T>, ProviderFailure>>,
    {
        let slot = self.slot(symbol);
        let mut known = slot.lock().await;
        if let Some(answer) = known.answer_within(self.fresh) {
            return Ok(answer);
        }
        if let Some((at, failure)) = &known.failure
            && at.elapsed() < FAILURE
        {
            return known.stand_in(failure.clone());
        }
        match ask().await {
            Ok(answer) => {
                *known = Known {
                    answer: Some((Instant::now(), answer.clone())),
                    failure: None,
                };
                Ok(answer)
            }
            Err(failure) => {
                self.report(symbol, &failure);
                known.failure = Some((Instant::now(), failure.clone()));
                known.stand_in(failure)
            }
        }
    }

    fn slot(&self, symbol: &Symbol) -> Arc<Slot<T>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= self.most && !slots.contains_key(symbol) {
            // Rare, and cheap for each symbol: all that nobody is asking for right now goes.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let nothing = || {
            Arc::new(Slot::new(Known {
                answer: None,
                failure: None,
            }))
        };
        Arc::clone(slots.entry(symbol.clone()).or_insert_with(nothing))
    }

    fn report(&self, symbol: &Symbol, failure: &ProviderFailure) {
        let source = self.source.as_str();
        if *failure == ProviderFailure::LeftAlone {
            // What led to it was told; asking on must not fill the log.
            tracing::debug!(market.source = source, market.symbol = %symbol, "left alone");
        } else {
            tracing::warn!(
                market.source = source,
                market.symbol = %symbol,
                error.cause = %failure,
                "no market data"
            );
        }
    }
}

impl<T: Clone> Known<T> {
    fn answer_within(&self, age: Duration) -> Option<Option<T>> {
        let (at, answer) = self.answer.as_ref()?;
        (at.elapsed() < age).then(|| answer.clone())
    }

    /// The older answer, which says its own date; only then the failure.
    fn stand_in(&self, failure: ProviderFailure) -> Result<Option<T>, ProviderFailure> {
        match self.answer_within(USABLE) {
            Some(Some(answer)) => Ok(Some(answer)),
            _ => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markets::providers::Sample;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// The sample, slow, counted, and away at will.
    #[derive(Default)]
    struct Slow {
        asked: Arc<AtomicUsize>,
        away: Arc<AtomicBool>,
    }

    #[async_trait]
    impl MarketData for Slow {
        async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(3)).await;
            if self.away.load(Ordering::Relaxed) {
                return Err(ProviderFailure::Blocked);
            }
            Sample.quote(symbol).await
        }

        async fn history(&self, symbol: &Symbol) -> Result<Option<Arc<History>>, ProviderFailure> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            Sample.history(symbol).await
        }

        fn source(&self) -> Source {
            Source::Sample
        }
    }

    fn cached() -> (Cached<Slow>, Arc<AtomicUsize>, Arc<AtomicBool>) {
        let slow = Slow::default();
        let (asked, away) = (Arc::clone(&slow.asked), Arc::clone(&slow.away));
        (Cached::new(slow), asked, away)
    }

    fn symbol(code: &str) -> Symbol {
        code.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn equal_questions_are_asked_once() {
        let (cached, asked, _) = cached();
        let aapl = symbol("AAPL.US");
        let answers = futures::future::join_all((0..50).map(|_| cached.quote(&aapl))).await;
        assert!(answers.iter().all(|a| a.as_ref().unwrap().is_some()));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn another_symbol_does_not_wait() {
        let (cached, _, _) = cached();
        let (aapl, ibm) = (symbol("AAPL"), symbol("IBM"));
        let start = Instant::now();
        let (first, second) = tokio::join!(cached.quote(&aapl), cached.quote(&ibm));
        assert!(first.unwrap().is_some() && second.unwrap().is_some());
        assert_eq!(start.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_stay_fresh_for_a_minute() {
        let (cached, asked, _) = cached();
        for code in ["AAPL.US", "XXXX"] {
            asked.store(0, Ordering::Relaxed);
            let symbol = symbol(code);
            let first = cached.quote(&symbol).await.unwrap();
            tokio::time::advance(FRESH - Duration::from_secs(1)).await;
            assert_eq!(cached.quote(&symbol).await.unwrap(), first);
            assert_eq!(asked.load(Ordering::Relaxed), 1, "{code}");
            tokio::time::advance(Duration::from_secs(2)).await;
            cached.quote(&symbol).await.unwrap();
            assert_eq!(asked.load(Ordering::Relaxed), 2, "{code}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_history_is_kept_for_an_hour() {
        let (cached, asked, _) = cached();
        let aapl = symbol("AAPL");
        for (pass, expected) in [(0, 1), (59, 1), (2, 2)] {
            tokio::time::advance(Duration::from_mins(pass)).await;
            let history = cached.history(&aapl).await.unwrap().unwrap();
            assert_eq!(history.bars.len(), 3270);
            assert_eq!(asked.load(Ordering::Relaxed), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_older_quote_stands_in_for_a_day() {
        let (cached, _, away) = cached();
        let (known, unknown) = (symbol("AAPL.US"), symbol("XXXX"));
        let quote = cached.quote(&known).await.unwrap();
        cached.quote(&unknown).await.unwrap();
        away.store(true, Ordering::Relaxed);
        tokio::time::advance(USABLE - Duration::from_mins(1)).await;
        assert_eq!(cached.quote(&known).await.unwrap(), quote);
        assert_eq!(
            cached.quote(&known).await.unwrap(),
            quote,
            "and at once again"
        );
        assert_eq!(
            cached.quote(&unknown).await,
            Err(ProviderFailure::Blocked),
            "unknown is no quote"
        );
        tokio::time::advance(Duration::from_mins(2)).await;
        assert_eq!(cached.quote(&known).await, Err(ProviderFailure::Blocked));
        away.store(false, Ordering::Relaxed);
        tokio::time::advance(FAILURE).await;
        assert_eq!(cached.quote(&known).await.unwrap(), quote);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_share_a_failure() {
        let (cached, asked, away) = cached();
        away.store(true, Ordering::Relaxed);
        let aapl = symbol("AAPL");
        let answers = futures::future::join_all((0..20).map(|_| cached.quote(&aapl))).await;
        assert!(answers.iter().all(Result::is_err));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_leaves_nothing_behind() {
        let (cached, asked, _) = cached();
        let aapl = symbol("AAPL");
        let hasty = tokio::time::timeout(Duration::from_secs(1), cached.quote(&aapl)).await;
        assert!(hasty.is_err());
        assert!(cached.quote(&aapl).await.unwrap().is_some());
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn what_is_kept_has_a_limit() {
        let cached = Cached::new(Sample);
        for n in 0..MAX_QUOTES + 10 {
            let symbol = symbol(&format!("X{n}"));
            cached.quote(&symbol).await.unwrap();
            cached.history(&symbol).await.unwrap();
        }
        assert!(cached.quotes.slots.lock().unwrap().len() <= MAX_QUOTES);
        assert!(cached.histories.slots.lock().unwrap().len() <= MAX_HISTORIES);
    }
}
