//! Quotes, price histories and company data from the data sources that the admin chose.

mod about;
mod closes;
mod drawings;
mod models;
mod rated;
mod sources;
mod ticks;
mod watchlists;

pub use drawings::Drawings;
pub use watchlists::Watchlists;

use super::{
    Closes, Details, Dividend, Freshness, Headline, History, Instrument, InstrumentPage, Quote,
    Rated, Source, Symbol, companies,
    providers::{Answered, MarketData, ProviderFailure, Requester},
};
use crate::platform::{compute::compute, config::Config, database::Database, tasks::Tasks};
use crate::shared::{Error, Kind, Result, Timestamp, time::now};
use chrono::{NaiveDate, TimeDelta};
use futures::stream::{self, StreamExt};
use rated::Ratings;
use std::sync::Arc;

/// Maximum number of requests at the same time for one reader.
const AT_ONCE: usize = 8;
/// Days without a new price after which an instrument counts as no longer traded.
const STALE: i64 = 14;
/// Number of days on an instrument's page before its chart is loaded.
const RECENT: usize = 30;

/// Market data. Clones share their state.
#[derive(Clone)]
pub struct Service {
    provider: Arc<dyn MarketData>,
    at_hand: Arc<closes::AtHand>,
    ratings: Arc<Ratings>,
    requester: Requester,
}

impl Service {
    /// Creates the service from `market.source`, or the replay. Sends no request before a price is
    /// needed, and never without an API key or a source that the admin named.
    ///
    /// # Errors
    /// The HTTP client cannot be created, the folder does not exist, or nothing can be replayed.
    pub fn new(config: &Config, db: &Database, tasks: &Tasks) -> Result<Self> {
        let provider = sources::open(config, db, tasks)?;
        Ok(Self {
            provider,
            at_hand: Arc::default(),
            ratings: Arc::default(),
            requester: Requester::Server,
        })
    }

    /// Returns the same service on behalf of a requester: data sources that count requests give the
    /// server, members and visitors different parts of a day.
    pub fn requested_by(&self, requester: impl Into<Requester>) -> Self {
        Self {
            requester: requester.into(),
            ..self.clone()
        }
    }

    /// Asks the provider on behalf of this service's requester.
    async fn answer<T>(&self, question: impl Future<Output = Answered<T>>) -> Result<Option<T>> {
        self.requester.asks(question).await.map_err(unavailable)
    }

    /// true if a data source counts requests.
    pub fn counts(&self) -> bool {
        self.provider.counts()
    }

    /// true if text of a member may cause a request for this symbol. The pages of all its readers
    /// request what members wrote, so data sources that count requests are asked only for symbols
    /// of the reference data.
    pub fn may_be_asked(&self, symbol: &Symbol) -> bool {
        let source = self.source();
        let own = source == Source::Folder
            || matches!(source.freshness(), Freshness::Sample | Freshness::Replay);
        own || companies::find(symbol).is_some()
    }

    /// Returns the last known price of a symbol, in any case; `None`: unknown symbol.
    ///
    /// # Errors
    /// `bad-symbol`: invalid symbol; `market-unavailable`: the data source is unavailable;
    /// `market-sign-in`: it is not asked for visitors who are not signed in.
    pub async fn quote(&self, code: &str) -> Result<Option<Quote>> {
        let symbol: Symbol = code.parse()?;
        self.answer(self.provider.quote(&symbol)).await
    }

    /// true if another price can follow the last one, of this source and day. The prices of the
    /// sample have ended, and so have those of an instrument without a price for [`STALE`] days.
    pub async fn moves(&self, source: Source, last: NaiveDate) -> bool {
        match source {
            Source::Sample => false,
            Source::Replay => !self.provider.is_over().await,
            _ => (now().date_naive() - last).num_days() <= STALE,
        }
    }

    /// Returns the time on the market's clock at a moment: under replay that of the replayed days,
    /// else the same. Each day on which something is made, begins, ends or expires is one of this
    /// clock.
    ///
    /// # Errors
    /// `market-unavailable`: the start of the replay cannot be read.
    pub async fn clock(&self, at: Timestamp) -> Result<Timestamp> {
        let own = self.provider.clock(at).await.map_err(unavailable)?;
        Ok(own.unwrap_or(at))
    }

    /// Returns the market's day.
    ///
    /// # Errors
    /// As [`Self::clock`].
    pub async fn today(&self) -> Result<NaiveDate> {
        Ok(self.clock(now()).await?.date_naive())
    }

    /// Returns how long a day of the market takes.
    pub fn day(&self) -> TimeDelta {
        self.provider.day()
    }

    /// Returns the price history of a symbol, in any case; `None`: unknown symbol.
    pub async fn history(&self, code: &str) -> Result<Option<Arc<History>>> {
        let symbol: Symbol = code.parse()?;
        self.answer(self.provider.history(&symbol)).await
    }

    /// Returns the last known prices of several symbols, in order, requested in parallel.
    pub async fn quotes(&self, codes: &[String]) -> Vec<Result<Option<Quote>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.quote(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// Returns the histories of several symbols, in order, requested in parallel.
    pub async fn histories(&self, codes: &[String]) -> Vec<Result<Option<Arc<History>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.history(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// Returns the daily closes of several symbols, in order, up to ten minutes old.
    pub async fn closes(&self, codes: &[String]) -> Vec<Result<Option<Arc<Closes>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.closes_of(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    async fn closes_of(&self, code: &str) -> Result<Option<Arc<Closes>>> {
        let symbol: Symbol = code.parse()?;
        if let Some(known) = self.at_hand.get(&symbol) {
            return Ok(Some(known));
        }
        let closes = self.provider.closes(&symbol).await;
        let Some(closes) = closes.map_err(unavailable)? else {
            return Ok(None);
        };
        self.at_hand.insert(symbol, Arc::clone(&closes));
        Ok(Some(closes))
    }

    /// Returns the technical rating of the last known day, with the track record of all days
    /// before; `None`: unknown symbol.
    pub async fn rating(&self, code: &str) -> Result<Option<Rated>> {
        self.rated(code, false).await
    }

    /// Does the same, with the model.
    pub async fn rating_and_model(&self, code: &str) -> Result<Option<Rated>> {
        self.rated(code, true).await
    }

    async fn rated(&self, code: &str, with_model: bool) -> Result<Option<Rated>> {
        let symbol: Symbol = code.parse()?;
        let Some(history) = self.history(code).await? else {
            return Ok(None);
        };
        if let Some(known) = self.ratings.known(&symbol, with_model, &history) {
            return Ok(Some(known));
        }
        let ratings = Arc::clone(&self.ratings);
        let rated = compute(move || ratings.rate(symbol, with_model, &history));
        rated.await.map(Some)
    }

    /// Returns the header of an instrument's page, and the last days; `None`: unknown symbol.
    pub async fn page(&self, code: &str) -> Result<Option<InstrumentPage>> {
        let symbol: Symbol = code.parse()?;
        let (quote, history) = futures::join!(self.quote(code), self.history(code));
        let Some(quote) = quote? else {
            return Ok(None);
        };
        // The page works without the history.
        let bars = history.ok().flatten();
        let bars = bars.as_ref().map_or(&[][..], |history| &history.bars);
        let recent = bars
            .get(bars.len().saturating_sub(RECENT)..)
            .unwrap_or(bars);
        Ok(Some(InstrumentPage {
            instrument: companies::find(&symbol).cloned(),
            quote,
            recent: recent.to_vec(),
        }))
    }

    /// Returns news about an instrument, newest first, at most 50; empty if no data source has
    /// news. Every address leads to the web.
    pub async fn news(&self, code: &str) -> Result<Arc<Vec<Headline>>> {
        let symbol: Symbol = code.parse()?;
        let news = self.answer(self.provider.news(&symbol)).await?;
        Ok(news.unwrap_or_default())
    }

    /// Returns the dividends of a share, oldest first; empty if no data source reports them.
    pub async fn dividends(&self, code: &str) -> Result<Arc<Vec<Dividend>>> {
        let symbol: Symbol = code.parse()?;
        let paid = self.answer(self.provider.dividends(&symbol)).await?;
        Ok(paid.unwrap_or_default())
    }

    /// Returns the dividends of several symbols, in order, requested in parallel; `None`: not
    /// reported.
    pub async fn dividends_of(&self, codes: &[String]) -> Vec<Result<Option<Arc<Vec<Dividend>>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move {
            let symbol: Symbol = code.parse()?;
            let paid = self.provider.dividends(&symbol).await;
            paid.map_err(unavailable)
        });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// Returns the company profile: from a data source if one has it, with the reference data;
    /// `None`: nothing is known. If a source is unavailable, the reference data is still returned.
    pub async fn details(&self, code: &str) -> Result<Option<Details>> {
        let symbol: Symbol = code.parse()?;
        let known = companies::find(&symbol);
        let told = match self.answer(self.provider.details(&symbol)).await {
            Ok(told) => told,
            Err(_) if known.is_some() => None,
            Err(error) => return Err(error),
        };
        if told.is_none() && known.is_none() {
            return Ok(None);
        }
        let mut details = told.map_or_else(Details::default, Arc::unwrap_or_clone);
        details.symbol = symbol.to_string();
        if let Some(known) = known {
            details.name.get_or_insert_with(|| known.name.clone());
            // One system of sectors for all.
            details.sector = known.sector.or(details.sector);
        }
        Ok(Some(details))
    }

    /// Returns the reference data of a symbol; that needs no provider.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub fn instrument(&self, code: &str) -> Result<Option<&'static Instrument>> {
        Ok(companies::find(&code.parse()?))
    }

    /// Returns instruments that match a text by symbol or name, best match first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Instrument> {
        companies::search(text, limit)
    }

    /// Returns the data source of the prices; of several, the one asked first.
    pub fn source(&self) -> Source {
        self.provider.source()
    }
}

/// The cause is in the log already, once for all who wait for the same response.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what errors are mapped with"
)]
fn unavailable(failure: ProviderFailure) -> Error {
    if failure == ProviderFailure::SignIn {
        return Error::new(
            Kind::Unauthenticated,
            "market-sign-in",
            "Sign in to load these prices",
        );
    }
    Error::new(
        Kind::Unavailable,
        "market-unavailable",
        "Prices are unavailable; try again in a few minutes",
    )
}

#[cfg(test)]
mod tests;
