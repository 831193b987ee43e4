//! Answers of sources on the network, kept for a while: equal questions at the same moment are
//! asked once, what is no longer new is given at once and asked for again in the background, and
//! when the source is away, what it said within the last days still counts. Answers are in the
//! database too: a restart costs nothing of a day's budget.

mod sourced;

use super::{
    Answered, Asker, Details, Dividend, Headline, History, MarketData, ProviderFailure, Quote,
    Source, Symbol,
};
use crate::shared::sync::lock;
use crate::{
    markets::store,
    platform::{database::Database, tasks::Tasks},
    shared::{Timestamp, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Serialize, de::DeserializeOwned};
use sourced::{LOCAL, Sourced, takes_away};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::Semaphore, time::Instant};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// That nobody knows a symbol is passed on without asking again for this long.
const UNKNOWN: Duration = Duration::from_mins(15);
/// An answer stands in for a source that is away for this long: a day's budget may be smaller than
/// what is looked at, and a price says its day.
const USABLE: Duration = Duration::from_hours(7 * 24);
/// What is so many times older than new is still given at once, and asked for in the background.
const STALE: u32 = 10;
/// A failure is passed on for this long: who waited for the same question shares it.
const FAILURE: Duration = Duration::from_secs(2);
/// Most symbols of which something small is kept; anybody can ask for any.
const MAX_SMALL: usize = 10_000;
/// Most symbols whose histories or news are kept: a history of twenty years takes half a megabyte.
const MAX_LARGE: usize = 200;
/// Most answers that are asked for in the background at the same time.
const AT_ONCE: usize = 4;
/// Answers this old are forgotten, so many at a time.
const FORGOTTEN: TimeDelta = TimeDelta::days(30);
const FORGET: u64 = 100;

/// Where answers are kept, and who asks in the background.
#[derive(Clone)]
pub struct Keeping {
    db: Database,
    tasks: Tasks,
    room: Arc<Semaphore>,
}

impl Keeping {
    /// Answers in this database; tasks of these.
    pub fn new(db: Database, tasks: Tasks) -> Self {
        Self {
            db,
            tasks,
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Runs something in the background, when there is room; `false`: there is none.
    fn later(&self, work: impl Future<Output = ()> + Send + 'static) -> bool {
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            return false;
        };
        let stopping = self.tasks.cancelled();
        self.tasks.spawn(async move {
            stopping.run_until_cancelled(work).await;
            drop(place);
        });
        true
    }

    async fn load(&self, kind: &str, symbol: &Symbol) -> Option<(Timestamp, String)> {
        let found = store::answer(&self.db, kind, symbol.as_str()).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(error.cause = %error, "reading stored prices failed");
            None
        })
    }

    /// Writes an answer down without keeping anybody waiting.
    fn keep(&self, kind: &'static str, symbol: &Symbol, text: String) {
        let (db, symbol) = (self.db.clone(), symbol.clone());
        self.tasks.spawn(async move {
            let at = now();
            let kept = db.write(Uuid::nil(), move |tx| async move {
                store::forget(&tx, at - FORGOTTEN, FORGET).await?;
                store::keep(&tx, kind, symbol.as_str(), at, text).await
            });
            if let Err(error) = kept.await {
                tracing::warn!(error.cause = %error, "storing prices failed");
            }
        });
    }
}

/// A source with its answers kept; a clone is the same.
pub struct Cached<P>(Arc<Inner<P>>);

struct Inner<P> {
    source: P,
    keeping: Keeping,
    quotes: Kept<Quote>,
    histories: Kept<Arc<History>>,
    details: Kept<Arc<Details>>,
    news: Kept<Arc<Vec<Headline>>>,
    dividends: Kept<Arc<Vec<Dividend>>>,
}

impl<P: MarketData> Cached<P> {
    /// Keeps the answers of `source`.
    pub fn new(source: P, keeping: Keeping) -> Self {
        let first = source.source();
        Self(Arc::new(Inner {
            quotes: Kept::new("quote", first, MAX_SMALL, fresh_quote),
            histories: Kept::new("history", first, MAX_LARGE, fresh_history),
            details: Kept::new("details", first, MAX_SMALL, |_| DAY),
            news: Kept::new("news", first, MAX_LARGE, fresh_news),
            dividends: Kept::new("dividends", first, MAX_LARGE, |_| DAY),
            source,
            keeping,
        }))
    }
}

/// How long a quote is passed on without asking again: a request to a provider with a small budget
/// has to last.
fn fresh_quote(source: Option<Source>) -> Duration {
    match source {
        Some(Source::AlphaVantage) => HOUR,
        Some(Source::Massive) => 10 * MINUTE,
        _ => MINUTE,
    }
}

/// The same of a history, to which a day adds one bar.
fn fresh_history(source: Option<Source>) -> Duration {
    match source {
        Some(Source::AlphaVantage) => 6 * HOUR,
        Some(Source::Folder) => MINUTE,
        _ => HOUR,
    }
}

fn fresh_news(source: Option<Source>) -> Duration {
    match source {
        Some(Source::AlphaVantage) => 3 * HOUR,
        _ => HOUR / 2,
    }
}

/// Looks into what is kept before the source is asked.
macro_rules! keep {
    ($cached:ident, $symbol:ident, $kept:ident, $what:ident) => {{
        let inner = &$cached.0;
        let ask = || inner.source.$what($symbol);
        let later = || {
            let (inner, symbol) = (Arc::clone(&$cached.0), $symbol.clone());
            let keeping = inner.keeping.clone();
            // Only what is kept is asked for in the background.
            let asker = Asker::current().again();
            keeping.later(asker.asks(async move {
                let outcome = inner.source.$what(&symbol).await;
                inner.$kept.renew(&inner.keeping, &symbol, outcome).await;
            }))
        };
        inner.$kept.get(&inner.keeping, $symbol, ask, later).await
    }};
}

#[async_trait]
impl<P: MarketData> MarketData for Cached<P> {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        keep!(self, symbol, quotes, quote)
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        keep!(self, symbol, histories, history)
    }

    async fn details(&self, symbol: &Symbol) -> Answered<Arc<Details>> {
        keep!(self, symbol, details, details)
    }

    async fn news(&self, symbol: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        keep!(self, symbol, news, news)
    }

    async fn dividends(&self, symbol: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        keep!(self, symbol, dividends, dividends)
    }

    fn counts(&self) -> bool {
        self.0.source.counts()
    }

    fn source(&self) -> Source {
        self.0.source.source()
    }
}

/// Answers of one kind.
struct Kept<T> {
    kind: &'static str,
    /// The source that is asked before all others.
    first: Source,
    most: usize,
    fresh: fn(Option<Source>) -> Duration,
    slots: Mutex<Slots<T>>,
}

/// Each with the time of its last use.
type Slots<T> = HashMap<Symbol, (Instant, Arc<Slot<T>>)>;

/// What is known of one symbol. The lock is held while the source is asked for the first time, so
/// that everybody else who asks for the same waits for that one answer.
type Slot<T> = tokio::sync::Mutex<Known<T>>;

struct Known<T> {
    answer: Option<Answer<T>>,
    failure: Option<(Instant, ProviderFailure)>,
    /// It was looked for in the database.
    loaded: bool,
    /// It is being asked for in the background.
    renewing: bool,
}

struct Answer<T> {
    said: Option<T>,
    at: Instant,
    /// How old it was then: it may come from the database.
    older: Duration,
}

impl<T> Answer<T> {
    fn new(said: Option<T>) -> Self {
        Self {
            said,
            at: Instant::now(),
            older: Duration::ZERO,
        }
    }

    fn age(&self) -> Duration {
        self.at.elapsed().saturating_add(self.older)
    }
}

impl<T: Clone + Sourced + Serialize + DeserializeOwned> Kept<T> {
    fn new(
        kind: &'static str,
        first: Source,
        most: usize,
        fresh: fn(Option<Source>) -> Duration,
    ) -> Self {
        Self {
            kind,
            first,
            most,
            fresh,
            slots: Mutex::default(),
        }
    }

    /// What is kept of a symbol, or what the source says to it now. `later` asks it in the
    /// background, and says whether it does.
    async fn get<F>(
        &self,
        keeping: &Keeping,
        symbol: &Symbol,
        ask: impl FnOnce() -> F,
        later: impl FnOnce() -> bool,
    ) -> Answered<T>
    where
        F: Future<Output = Answered<T>>,
    {
        let slot = self.slot(symbol);
        let mut known = slot.lock().await;
        if !known.loaded {
            known.answer = self.load(keeping, symbol).await;
            known.loaded = true;
        }
        if let Some(answer) = &known.answer {
            let (age, fresh) = (answer.age(), self.fresh(answer));
            if age < fresh {
                return Ok(answer.said.clone());
            }
            if answer.said.is_some() && age < (fresh * STALE).min(DAY.max(fresh)) {
                let said = answer.said.clone();
                let may_ask = Asker::current() != Asker::Nobody;
                if may_ask && !known.renewing && !known.has_just_failed() {
                    known.renewing = later();
                }
                return Ok(said);
            }
        }
        if let Some((_, failure)) = &known.failure
            && known.has_just_failed()
        {
            return known.stand_in(failure.clone());
        }
        let asker = Asker::current();
        let asker = known.usable().map_or(asker, |_| asker.again());
        let outcome = asker.asks(ask()).await;
        self.settle(keeping, symbol, &mut known, outcome)
    }

    /// Takes what the source said in the background.
    async fn renew(&self, keeping: &Keeping, symbol: &Symbol, outcome: Answered<T>) {
        let slot = self.slot(symbol);
        let mut known = slot.lock().await;
        known.renewing = false;
        drop(self.settle(keeping, symbol, &mut known, outcome));
    }

    /// Notes an outcome; what is to be answered.
    fn settle(
        &self,
        keeping: &Keeping,
        symbol: &Symbol,
        known: &mut Known<T>,
        outcome: Answered<T>,
    ) -> Answered<T> {
        // What is said to somebody for whom not all are asked is no answer for others.
        let stranger = Asker::current() == Asker::Nobody;
        let outcome =
            outcome.and_then(
                |said| match takes_away(known.usable(), said.as_ref(), self.first) {
                    Some(failure) => Err(failure),
                    None => Ok(said),
                },
            );
        match outcome {
            Ok(said) if stranger => Ok(said),
            Ok(said) => {
                self.keep(keeping, symbol, said.as_ref());
                known.answer = Some(Answer::new(said.clone()));
                known.failure = None;
                Ok(said)
            }
            Err(failure) => {
                if !stranger && !failure.is_of_asker() {
                    known.failure = Some((Instant::now(), failure.clone()));
                }
                known.stand_in(failure)
            }
        }
    }

    fn fresh(&self, answer: &Answer<T>) -> Duration {
        match &answer.said {
            Some(said) => (self.fresh)(said.source()),
            None => UNKNOWN,
        }
    }

    async fn load(&self, keeping: &Keeping, symbol: &Symbol) -> Option<Answer<T>> {
        let (at, text) = keeping.load(self.kind, symbol).await?;
        let older = (now() - at).to_std().unwrap_or_default();
        let said = Some(serde_json::from_str(&text).ok()?);
        (older < USABLE).then(|| Answer {
            older,
            ..Answer::new(said)
        })
    }

    /// What came over the network is written down; everything else is here anyway, and of what
    /// nobody knows there is no end.
    fn keep(&self, keeping: &Keeping, symbol: &Symbol, said: Option<&T>) {
        let Some(said) = said else { return };
        if said.source().is_some_and(|source| LOCAL.contains(&source)) {
            return;
        }
        if let Ok(text) = serde_json::to_string(&said) {
            keeping.keep(self.kind, symbol, text);
        }
    }

    fn slot(&self, symbol: &Symbol) -> Arc<Slot<T>> {
        let mut slots = lock(&self.slots);
        if slots.len() >= self.most && !slots.contains_key(symbol) {
            // Of those that nobody is asking for right now the one that was asked for longest ago.
            let idle = slots
                .iter()
                .filter(|(_, (_, slot))| Arc::strong_count(slot) == 1);
            let oldest = idle.min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(symbol, _)| symbol.clone()) {
                slots.remove(&oldest);
            }
        }
        let nothing = || {
            let known = Known {
                answer: None,
                failure: None,
                loaded: false,
                renewing: false,
            };
            (Instant::now(), Arc::new(Slot::new(known)))
        };
        let (used, slot) = slots.entry(symbol.clone()).or_insert_with(nothing);
        *used = Instant::now();
        Arc::clone(slot)
    }
}

impl<T: Clone + Sourced> Known<T> {
    fn has_just_failed(&self) -> bool {
        let Some((at, failure)) = &self.failure else {
            return false;
        };
        let holds = match failure {
            // That was an answer, and paid for.
            ProviderFailure::KnowsLess => UNKNOWN,
            _ => FAILURE,
        };
        at.elapsed() < holds
    }

    fn usable(&self) -> Option<&T> {
        let answer = self.answer.as_ref()?;
        answer.said.as_ref().filter(|_| answer.age() < USABLE)
    }

    /// The older answer, which says its own date; only then the failure.
    fn stand_in(&self, failure: ProviderFailure) -> Answered<T> {
        match self.usable() {
            Some(answer) => Ok(Some(answer.clone())),
            None => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests;
