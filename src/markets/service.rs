//! The last known price of a symbol and its past, from the source that the operator chose.

mod watchlists;

pub use watchlists::Watchlists;

use super::{
    History, Instrument, InstrumentPage, Quote, Rated, Source, Symbol, companies,
    indicators::Candle,
    providers::{Cached, MarketData, ProviderFailure, Sample, Stooq},
    ratings,
};
use crate::platform::{
    config::{Config, MarketSource},
    http::Client,
    tasks::blocking,
};
use crate::shared::{Error, Kind, Result};
use futures::stream::{self, StreamExt};
use std::{sync::Arc, time::Duration};

/// So many questions are asked at the same time for one reader.
const AT_ONCE: usize = 8;
/// So many of an instrument's last days stand on its page before its chart is there.
const RECENT: usize = 30;

/// Market data; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    provider: Arc<dyn MarketData>,
}

impl Service {
    /// Market data from `market.source`. Nothing is asked of the network before somebody asks
    /// for a price, and never with `auto` and `sample`.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(config: &Config) -> Result<Self> {
        let market = &config.market;
        let provider: Arc<dyn MarketData> = match market.source {
            // No provider takes a key yet, so that `auto` can only be the sample.
            MarketSource::Auto | MarketSource::Sample => Arc::new(Sample),
            MarketSource::Stooq => {
                let timeout = Duration::from_secs(market.timeout_seconds.into());
                let client = Client::new(timeout)?;
                Arc::new(Cached::new(Stooq::new(client, &market.stooq_url)))
            }
        };
        Ok(Self { provider })
    }

    /// The last known price of the instrument with this code, in any case; `None`: the source
    /// knows no such code.
    ///
    /// # Errors
    /// `bad-symbol` when this cannot be a code; `market-unavailable` when the source is away.
    pub async fn quote(&self, code: &str) -> Result<Option<Quote>> {
        let symbol: Symbol = code.parse()?;
        self.provider.quote(&symbol).await.map_err(unavailable)
    }

    /// The past of the instrument with this code, in any case; `None`: the source knows no such
    /// code.
    ///
    /// # Errors
    /// As [`Self::quote`].
    pub async fn history(&self, code: &str) -> Result<Option<Arc<History>>> {
        let symbol: Symbol = code.parse()?;
        self.provider.history(&symbol).await.map_err(unavailable)
    }

    /// The last known prices of several instruments, in their order, asked for side by side.
    ///
    /// # Errors
    /// For each as [`Self::quote`].
    pub async fn quotes(&self, codes: &[String]) -> Vec<Result<Option<Quote>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.quote(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// The pasts of several instruments, in their order, asked for side by side.
    ///
    /// # Errors
    /// For each as [`Self::quote`].
    pub async fn histories(&self, codes: &[String]) -> Vec<Result<Option<Arc<History>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.history(&code).await });
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }

    /// The rating of the last known day, with the record of all before it; `None`: the source knows
    /// no such code.
    ///
    /// # Errors
    /// As [`Self::quote`].
    pub async fn rating(&self, code: &str) -> Result<Option<Rated>> {
        let Some(history) = self.history(code).await? else {
            return Ok(None);
        };
        let rated = blocking(move || {
            let bars: Vec<Candle> = history.bars.iter().map(Candle::from).collect();
            let (rating, scores) = ratings::rate(&bars);
            Rated {
                rating,
                record: ratings::record(&bars, &scores),
                as_of: bars.last().map(|bar| bar.date),
                source: history.source,
            }
        });
        rated.await.map(Some)
    }

    /// What stands above an instrument's chart, and its last days; `None`: the source knows no such
    /// code.
    ///
    /// # Errors
    /// As [`Self::quote`].
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

    /// What the reference data know of an instrument; that needs no provider.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub fn instrument(&self, code: &str) -> Result<Option<&'static Instrument>> {
        Ok(companies::find(&code.parse()?))
    }

    /// Instruments whose symbol or name has this in it, the likeliest first.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize) -> Vec<Instrument> {
        companies::search(text, limit)
    }

    /// Where the prices come from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.provider.source()
    }
}

/// The cause is in the log already, told once for all who wait for the same answer.
fn unavailable(_: ProviderFailure) -> Error {
    Error::new(
        Kind::Unavailable,
        "market-unavailable",
        "Prices are not available right now; try again in a few minutes",
    )
}
