//! The last known price of a symbol, its past and what is told of it, from the sources that the
//! operator chose.

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
    Details, Dividend, Freshness, Headline, History, Instrument, InstrumentPage, Quote, Rated,
    Source, Symbol, companies,
    providers::{Answered, Asker, MarketData, ProviderFailure},
};
use crate::platform::{compute::compute, config::Config, database::Database, tasks::Tasks};
use crate::shared::{Error, Kind, Result, time::now};
use futures::stream::{self, StreamExt};
use rated::Ratings;
use std::sync::Arc;

/// So many questions are asked at the same time for one reader.
const AT_ONCE: usize = 8;
/// Days after which an instrument without a new price is taken for one that is traded no more.
const STALE: i64 = 14;
/// So many of an instrument's last days stand on its page before its chart is there.
const RECENT: usize = 30;

/// Market data; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    provider: Arc<dyn MarketData>,
    at_hand: Arc<closes::AtHand>,
    ratings: Arc<Ratings>,
    asker: Asker,
}

impl Service {
    /// Market data from `market.source`, or the replay. Nothing is asked of the network before
    /// somebody asks for a price, and never without a key or a source that was named.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up, the folder is not there, or nothing can be replayed.
    pub fn new(config: &Config, db: &Database, tasks: &Tasks) -> Result<Self> {
        let provider = sources::open(config, db, tasks)?;
        Ok(Self {
            provider,
            at_hand: Arc::default(),
            ratings: Arc::default(),
            asker: Asker::Server,
        })
    }

    /// The same service, asked in somebody's name: sources that count their requests give the
    /// server, members and strangers different parts of a day.
    pub fn asked_by(&self, asker: impl Into<Asker>) -> Self {
        Self {
            asker: asker.into(),
            ..self.clone()
        }
    }

    /// An answer of the provider to this service's asker.
    async fn answer<T>(&self, question: impl Future<Output = Answered<T>>) -> Result<Option<T>> {
        self.asker.asks(question).await.map_err(unavailable)
    }

    /// Is there a source that counts what it is asked?
    pub fn counts(&self) -> bool {
        self.provider.counts()
    }

    /// May this be asked because somebody wrote it? Whatever people write becomes a question on the
    /// pages of all who read it, so sources that count their requests are asked for instruments of
    /// the reference data alone.
    pub fn may_be_asked(&self, symbol: &Symbol) -> bool {
        let source = self.source();
        let own = source == Source::Folder
            || matches!(source.freshness(), Freshness::Sample | Freshness::Replay);
        own || companies::find(symbol).is_some()
    }

    /// The last known price of the instrument with this code, in any case; `None`: the source
    /// knows no such code.
    ///
    /// # Errors
    /// `bad-symbol` when this cannot be a code; `market-unavailable` when the source is away;
    /// `market-sign-in` when it is not asked for somebody who is not signed in.
    pub async fn quote(&self, code: &str) -> Result<Option<Quote>> {
        let symbol: Symbol = code.parse()?;
        self.answer(self.provider.quote(&symbol)).await
    }

    /// Will another price follow this one? Those of the sample have come to their end, and so has an
    /// instrument without a price for [`STALE`] days.
    pub async fn moves(&self, quote: &Quote) -> bool {
        match quote.source {
            Source::Sample => false,
            Source::Replay => !self.provider.is_over().await,
            _ => (now().date_naive() - quote.date).num_days() <= STALE,
        }
    }

    /// The past of the instrument with this code, in any case; `None`: the source knows no such
    /// code.
    pub async fn history(&self, code: &str) -> Result<Option<Arc<History>>> {
        let symbol: Symbol = code.parse()?;
        self.answer(self.provider.history(&symbol)).await
    }

    /// The last known prices of several instruments, in their order, asked for side by side.
    pub async fn quotes(&self, codes: &[String]) -> Vec<Result<Option<Quote>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.quote(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// The pasts of several instruments, in their order, asked for side by side.
    pub async fn histories(&self, codes: &[String]) -> Vec<Result<Option<Arc<History>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.history(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// The rating of the last known day, with the record of all before it; `None`: the source knows
    /// no such code.
    pub async fn rating(&self, code: &str) -> Result<Option<Rated>> {
        self.rated(code, false).await
    }

    /// The same with the model beside it.
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

    /// What stands above an instrument's chart, and its last days; `None`: the source knows no such
    /// code.
    pub async fn page(&self, code: &str) -> Result<Option<InstrumentPage>> {
        let symbol: Symbol = code.parse()?;
        let (quote, history) = futures::join!(self.quote(code), self.history(code));
        let Some(quote) = quote? else {
            return Ok(None);
        };
        // A past that cannot be had costs the past, not the page.
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

    /// What was written about an instrument, the newest first and 50 at most; nothing when no
    /// source has news. Every address leads to the web.
    pub async fn news(&self, code: &str) -> Result<Arc<Vec<Headline>>> {
        let symbol: Symbol = code.parse()?;
        let news = self.answer(self.provider.news(&symbol)).await?;
        Ok(news.unwrap_or_default())
    }

    /// What was paid to the owners of a share, the oldest first; nothing when no source tells.
    pub async fn dividends(&self, code: &str) -> Result<Arc<Vec<Dividend>>> {
        let symbol: Symbol = code.parse()?;
        let paid = self.answer(self.provider.dividends(&symbol)).await?;
        Ok(paid.unwrap_or_default())
    }

    /// The same of several instruments, in their order, asked for side by side; none: no source
    /// tells.
    pub async fn dividends_of(&self, codes: &[String]) -> Vec<Result<Option<Arc<Vec<Dividend>>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move {
            let symbol: Symbol = code.parse()?;
            let paid = self.provider.dividends(&symbol).await;
            paid.map_err(unavailable)
        });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// What is told of an instrument: by a source where one does, with what the reference data
    /// know; `None`: nobody knows anything. A source that is away takes nothing from the latter.
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

    /// What the reference data know of an instrument; that needs no provider.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub fn instrument(&self, code: &str) -> Result<Option<&'static Instrument>> {
        Ok(companies::find(&code.parse()?))
    }

    /// Instruments whose symbol or name has this in it, the likeliest first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Instrument> {
        companies::search(text, limit)
    }

    /// Where the prices come from; of several sources the one that is asked first.
    pub fn source(&self) -> Source {
        self.provider.source()
    }
}

/// The cause is in the log already, told once for all who wait for the same answer.
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
