//! Where prices come from: one trait, one file for each source. [`Chain`] asks several in turn,
//! [`Cached`] keeps what they say, [`Remote`] asks those on the network within their limits.

mod alpha_vantage;
mod asker;
mod cached;
mod chain;
mod folder;
mod json;
mod limits;
mod massive;
mod remote;
mod replay;
mod sample;
mod stooq;

use super::{
    Bar, Closes, Details, Dividend, Headline, History, Quote, Sentiment, Source, Split, Symbol,
    rules::{checks, spellings, splits},
};
use crate::{platform::http, shared::near::near, shared::time::now};
use async_trait::async_trait;
use std::sync::Arc;

pub use alpha_vantage::AlphaVantage;
pub use asker::Asker;
pub use cached::{Cached, Keeping};
pub use chain::Chain;
pub use folder::{Folder, is_readable};
pub use limits::{Limits, Pace};
pub use massive::Massive;
pub use remote::Remote;
pub use replay::Replay;
pub use sample::Sample;
pub use stooq::Stooq;

/// What a source answers: `None`, it knows no such symbol or has nothing of the kind.
pub type Answered<T> = Result<Option<T>, ProviderFailure>;

/// A source of prices.
#[async_trait]
pub trait MarketData: Send + Sync + 'static {
    /// The last known price; `None`: this source knows no such symbol.
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote>;

    /// All that it knows of an instrument's past; `None`: this source knows no such symbol.
    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>>;

    /// What its days closed at; `None`: this source knows no such symbol.
    async fn closes(&self, symbol: &Symbol) -> Answered<Arc<Closes>> {
        let history = self.history(symbol).await?;
        Ok(history.map(|history| Arc::new(Closes::from(&*history))))
    }

    /// What it tells of an instrument; `None`: nothing.
    async fn details(&self, _: &Symbol) -> Answered<Arc<Details>> {
        Ok(None)
    }

    /// What was written about an instrument, the newest first; `None`: it has no news.
    async fn news(&self, _: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        Ok(None)
    }

    /// What was paid to owners of an instrument, the oldest first; `None`: it does not tell.
    async fn dividends(&self, _: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        Ok(None)
    }

    /// Have its prices come to their end, so that none will ever follow?
    async fn is_over(&self) -> bool {
        false
    }

    /// Does it count how often it is asked?
    fn counts(&self) -> bool {
        false
    }

    /// Which source it is; of several the first.
    fn source(&self) -> Source;
}

impl From<&History> for Closes {
    fn from(history: &History) -> Self {
        let close = |bar: &Bar| (bar.date, near(bar.close));
        Self {
            days: history.bars.iter().map(close).collect(),
            splits: history.splits.clone(),
            source: history.source,
        }
    }
}

/// Why a source could not say anything about a symbol. For the log; people hear that the market
/// data are away. It never holds words of the source: some repeat the key in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFailure {
    /// Nothing came back in time, or too much.
    #[error(transparent)]
    Http(#[from] http::Failure),
    /// Something else than 200.
    #[error("status {0}")]
    Status(u16),
    /// A page for browsers in place of data.
    #[error("it is blocking automated access")]
    Blocked,
    /// Requests came too soon after each other.
    #[error("it wants requests further apart")]
    TooFast,
    /// So many questions are answered each minute, and no more.
    #[error("its limit of a minute is used up")]
    MinuteLimit,
    /// So many questions are answered each day, and no more.
    #[error("its daily limit is used up")]
    DailyLimit,
    /// It does not know the key.
    #[error("it does not take the key")]
    Key,
    /// The plan of the key does not have this.
    #[error("the plan of the key does not include this")]
    Premium,
    /// Data that cannot be right.
    #[error("it sent something unusable: {0}")]
    Unusable(&'static str),
    /// What it was asked could not be counted, and nothing is asked that is not counted.
    #[error("its budget cannot be kept")]
    NoBudget,
    /// A file that cannot be read.
    #[error("the file {0} cannot be read")]
    File(String),
    /// Somebody asks who is not signed in.
    #[error("it is not asked for those who are not signed in")]
    SignIn,
    /// One asker has made all the requests of a day that are theirs.
    #[error("the asker's share of the day is used up")]
    Share,
    /// It stands behind a source that told more, which still counts.
    #[error("it knows less than is known")]
    KnowsLess,
    /// It failed several times and is left alone for a while.
    #[error("it is left alone after several failures")]
    LeftAlone,
}

impl ProviderFailure {
    /// Was this told before, or is it no more than a limit that holds? Then asking on must not fill
    /// the log.
    pub const fn is_quiet(&self) -> bool {
        matches!(
            self,
            Self::LeftAlone | Self::DailyLimit | Self::MinuteLimit | Self::TooFast
        ) || self.is_of_asker()
    }

    /// Is it no matter of the source, but of who asks? Then it says nothing to others.
    pub const fn is_of_asker(&self) -> bool {
        matches!(self, Self::SignIn | Self::Share)
    }
}

/// Tells the log what was dropped of an answer.
fn report_dropped(source: Source, symbol: &Symbol, dropped: usize) {
    if dropped > 0 {
        tracing::warn!(
            market.source = source.as_str(),
            market.symbol = %symbol,
            dropped,
            "invalid prices skipped"
        );
    }
}

/// A quote as it can be passed on; what of it cannot be is told to the log.
fn checked(quote: Quote, symbol: &Symbol) -> Result<Quote, ProviderFailure> {
    let source = quote.source;
    let (quote, dropped) = checks::quote(quote, now().date_naive())
        .ok_or(ProviderFailure::Unusable("a price of a day to come"))?;
    report_dropped(source, symbol, usize::from(dropped));
    Ok(quote)
}

#[cfg(test)]
pub(in crate::markets) mod tests;
