//! Caches the responses of data sources on the network. Equal requests at the same time share one
//! request; a stale response is returned at once and refreshed in the background; while the source
//! is unavailable, its response of the last days is used. Responses are also stored in the
//! database, so that a restart costs nothing of a day's request limit.

mod sourced;

use super::{
    Answered, Details, Dividend, Headline, History, MarketData, ProviderFailure, Quote, Requester,
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

/// How long an unknown symbol stays cached.
const UNKNOWN: Duration = Duration::from_mins(15);
/// How long a response is used while the data source is unavailable: a day's request limit can be
/// smaller than what readers look at, and a price states its day.
const USABLE: Duration = Duration::from_hours(7 * 24);
/// Up to this multiple of its fresh time a response is returned at once, and refreshed in the
/// background.
const STALE: u32 = 10;
/// How long a failure is cached: all who waited for the same request share it.
const FAILURE: Duration = Duration::from_secs(2);
/// Maximum number of symbols with small responses in the cache; any visitor can request any symbol.
const MAX_SMALL: usize = 10_000;
/// Maximum number of symbols with histories or news in the cache: a history of twenty years takes
/// half a megabyte.
const MAX_LARGE: usize = 200;
/// Maximum number of background refreshes at the same time.
const AT_ONCE: usize = 4;
/// Age at which stored responses are deleted, and the maximum number per deletion.
const FORGOTTEN: TimeDelta = TimeDelta::days(30);
const FORGET: u64 = 100;

/// Stores responses, and runs refreshes in the background.
#[derive(Clone)]
pub struct Storage {
    db: Database,
    tasks: Tasks,
    room: Arc<Semaphore>,
}

impl Storage {
    /// Stores responses in `db`, and spawns refreshes in `tasks`.
    pub fn new(db: Database, tasks: Tasks) -> Self {
        Self {
            db,
            tasks,
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Runs work in the background; `false`: too many refreshes are running.
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

    /// Stores a response in the background, so that no request waits for it.
    fn save(&self, kind: &'static str, symbol: &Symbol, text: String) {
        let (db, symbol) = (self.db.clone(), symbol.clone());
        self.tasks.spawn(async move {
            let at = now();
            let kept = db.write(Uuid::nil(), move |tx| async move {
                store::forget(&tx, at - FORGOTTEN, FORGET).await?;
                store::save(&tx, kind, symbol.as_str(), at, text).await
            });
            if let Err(error) = kept.await {
                tracing::warn!(error.cause = %error, "storing prices failed");
            }
        });
    }
}

/// A data source with a cache of its responses. Clones share the cache.
pub struct Cached<P>(Arc<Inner<P>>);

struct Inner<P> {
    source: P,
    storage: Storage,
    quotes: Stored<Quote>,
    histories: Stored<Arc<History>>,
    details: Stored<Arc<Details>>,
    news: Stored<Arc<Vec<Headline>>>,
    dividends: Stored<Arc<Vec<Dividend>>>,
}

impl<P: MarketData> Cached<P> {
    /// Caches the responses of `source`.
    pub fn new(source: P, storage: Storage) -> Self {
        let first = source.source();
        Self(Arc::new(Inner {
            quotes: Stored::new("quote", first, MAX_SMALL, fresh_quote),
            histories: Stored::new("history", first, MAX_LARGE, fresh_history),
            details: Stored::new("details", first, MAX_SMALL, |_| DAY),
            news: Stored::new("news", first, MAX_LARGE, fresh_news),
            dividends: Stored::new("dividends", first, MAX_LARGE, |_| DAY),
            source,
            storage,
        }))
    }
}

/// How long a quote is fresh: longer for a provider with a small request limit, which has to last.
fn fresh_quote(source: Option<Source>) -> Duration {
    match source {
        Some(Source::AlphaVantage) => HOUR,
        Some(Source::Massive) => 10 * MINUTE,
        _ => MINUTE,
    }
}

/// How long a history is fresh; each day adds one bar.
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

/// Looks in the cache before it asks the data source.
macro_rules! keep {
    ($cached:ident, $symbol:ident, $kept:ident, $what:ident) => {{
        let inner = &$cached.0;
        let ask = || inner.source.$what($symbol);
        let later = || {
            let (inner, symbol) = (Arc::clone(&$cached.0), $symbol.clone());
            let storage = inner.storage.clone();
            // Only cached data is refreshed in the background, so the request counts as a renewal.
            let requester = Requester::current().again();
            storage.later(requester.asks(async move {
                let outcome = inner.source.$what(&symbol).await;
                inner.$kept.renew(&inner.storage, &symbol, outcome).await;
            }))
        };
        inner.$kept.get(&inner.storage, $symbol, ask, later).await
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

/// Cached responses of one kind.
struct Stored<T> {
    kind: &'static str,
    /// The data source that is asked first.
    first: Source,
    most: usize,
    fresh: fn(Option<Source>) -> Duration,
    slots: Mutex<Slots<T>>,
}

/// Each with the time of its last use.
type Slots<T> = HashMap<Symbol, (Instant, Arc<Slot<T>>)>;

/// Cache entry of one symbol. The lock is held during the first request to the source, so that all
/// others who want the same wait for that one response.
type Slot<T> = tokio::sync::Mutex<Known<T>>;

struct Known<T> {
    answer: Option<Answer<T>>,
    failure: Option<(Instant, ProviderFailure)>,
    /// true if it was looked up in the database.
    loaded: bool,
    /// true while it is refreshed in the background.
    renewing: bool,
}

struct Answer<T> {
    said: Option<T>,
    at: Instant,
    /// Age at that time: it may come from the database.
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

impl<T: Clone + Sourced + Serialize + DeserializeOwned> Stored<T> {
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

    /// Returns the cached response, or asks the source now. `later` starts a refresh in the
    /// background, and returns whether it did.
    async fn get<F>(
        &self,
        storage: &Storage,
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
            known.answer = self.load(storage, symbol).await;
            known.loaded = true;
        }
        if let Some(answer) = &known.answer {
            let (age, fresh) = (answer.age(), self.fresh(answer));
            if age < fresh {
                return Ok(answer.said.clone());
            }
            if answer.said.is_some() && age < (fresh * STALE).min(DAY.max(fresh)) {
                let said = answer.said.clone();
                let may_ask = Requester::current() != Requester::Visitor;
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
        let requester = Requester::current();
        let requester = known.usable().map_or(requester, |_| requester.again());
        let outcome = requester.asks(ask()).await;
        self.settle(storage, symbol, &mut known, outcome)
    }

    /// Takes the outcome of a refresh.
    async fn renew(&self, storage: &Storage, symbol: &Symbol, outcome: Answered<T>) {
        let slot = self.slot(symbol);
        let mut known = slot.lock().await;
        known.renewing = false;
        drop(self.settle(storage, symbol, &mut known, outcome));
    }

    /// Records an outcome, and returns the response to the caller.
    fn settle(
        &self,
        storage: &Storage,
        symbol: &Symbol,
        known: &mut Known<T>,
        outcome: Answered<T>,
    ) -> Answered<T> {
        // For visitors who are not signed in not all sources are asked, so their response is not
        // cached for others.
        let stranger = Requester::current() == Requester::Visitor;
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
                self.save(storage, symbol, said.as_ref());
                known.answer = Some(Answer::new(said.clone()));
                known.failure = None;
                Ok(said)
            }
            Err(failure) => {
                if !stranger && !failure.is_of_requester() {
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

    async fn load(&self, storage: &Storage, symbol: &Symbol) -> Option<Answer<T>> {
        let (at, text) = storage.load(self.kind, symbol).await?;
        let older = (now() - at).to_std().unwrap_or_default();
        let said = Some(serde_json::from_str(&text).ok()?);
        (older < USABLE).then(|| Answer {
            older,
            ..Answer::new(said)
        })
    }

    /// Stores responses from the network. Local data needs no copy, and unknown symbols are without
    /// number.
    fn save(&self, storage: &Storage, symbol: &Symbol, said: Option<&T>) {
        let Some(said) = said else { return };
        if said.source().is_some_and(|source| LOCAL.contains(&source)) {
            return;
        }
        if let Ok(text) = serde_json::to_string(&said) {
            storage.save(self.kind, symbol, text);
        }
    }

    fn slot(&self, symbol: &Symbol) -> Arc<Slot<T>> {
        let mut slots = lock(&self.slots);
        if slots.len() >= self.most && !slots.contains_key(symbol) {
            // Evicts the least recently used entry among those without a running request.
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
            // That was a response, and counted against the limit.
            ProviderFailure::KnowsLess => UNKNOWN,
            _ => FAILURE,
        };
        at.elapsed() < holds
    }

    fn usable(&self) -> Option<&T> {
        let answer = self.answer.as_ref()?;
        answer.said.as_ref().filter(|_| answer.age() < USABLE)
    }

    /// Returns the older response, which states its own date; if there is none, the failure.
    fn stand_in(&self, failure: ProviderFailure) -> Answered<T> {
        match self.usable() {
            Some(answer) => Ok(Some(answer.clone())),
            None => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests;
