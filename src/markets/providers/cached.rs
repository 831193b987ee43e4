//! Answers of a source on the network, kept for a while: equal questions at the same moment are
//! asked once, and when the source is away, what it said within the last day still counts.

use super::{MarketData, ProviderFailure, Quote, Source, Symbol};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// An answer is passed on without asking again for this long.
const FRESH: Duration = Duration::from_mins(1);
/// An answer stands in for a source that is away for this long.
const USABLE: Duration = Duration::from_hours(24);
/// A failure is passed on for this long: who waited for the same question shares it.
const FAILURE: Duration = Duration::from_secs(2);
/// Most symbols that are kept; anybody can ask for any.
const MAX_SYMBOLS: usize = 10_000;

/// A source with its answers kept.
pub struct Cached<P> {
    source: P,
    slots: Mutex<HashMap<Symbol, Arc<Slot>>>,
}

/// What is known of one symbol. The lock is held while the source is asked, so that everybody
/// else who asks for the same waits for that one answer.
type Slot = tokio::sync::Mutex<Known>;

#[derive(Default)]
struct Known {
    answer: Option<(Instant, Option<Quote>)>,
    failure: Option<(Instant, ProviderFailure)>,
}

impl<P: MarketData> Cached<P> {
    /// Keeps the answers of `source`.
    #[must_use]
    pub fn new(source: P) -> Self {
        Self {
            source,
            slots: Mutex::default(),
        }
    }

    fn slot(&self, symbol: &Symbol) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SYMBOLS && !slots.contains_key(symbol) {
            // Rare, and cheap for each symbol: all that nobody is asking for right now goes.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(symbol.clone()).or_default())
    }

    fn report(&self, symbol: &Symbol, failure: &ProviderFailure) {
        let source = self.source.source().as_str();
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

#[async_trait]
impl<P: MarketData> MarketData for Cached<P> {
    async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure> {
        let slot = self.slot(symbol);
        let mut known = slot.lock().await;
        if let Some(quote) = known.answer_within(FRESH) {
            return Ok(quote);
        }
        if let Some((at, failure)) = &known.failure
            && at.elapsed() < FAILURE
        {
            return known.stand_in(failure.clone());
        }
        match self.source.quote(symbol).await {
            Ok(quote) => {
                *known = Known {
                    answer: Some((Instant::now(), quote.clone())),
                    failure: None,
                };
                Ok(quote)
            }
            Err(failure) => {
                self.report(symbol, &failure);
                known.failure = Some((Instant::now(), failure.clone()));
                known.stand_in(failure)
            }
        }
    }

    fn source(&self) -> Source {
        self.source.source()
    }
}

impl Known {
    fn answer_within(&self, age: Duration) -> Option<Option<Quote>> {
        let (at, quote) = self.answer.as_ref()?;
        (at.elapsed() < age).then(|| quote.clone())
    }

    /// The older quote, which says its own date; only then the failure.
    fn stand_in(&self, failure: ProviderFailure) -> Result<Option<Quote>, ProviderFailure> {
        match self.answer_within(USABLE) {
            Some(Some(quote)) => Ok(Some(quote)),
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
        for n in 0..MAX_SYMBOLS + 10 {
            cached.quote(&symbol(&format!("X{n}"))).await.unwrap();
        }
        assert!(cached.slots.lock().unwrap().len() <= MAX_SYMBOLS);
    }
}
