//! Data sources: one trait, and one file per source. [`Chain`] asks several in turn, [`Cached`]
//! caches what they return, [`Remote`] asks those on the network within their limits.

mod alpha_vantage;
mod cached;
mod chain;
mod folder;
mod json;
mod limits;
mod massive;
mod remote;
mod replay;
mod requester;
mod sample;
mod stooq;

use super::{
    Bar, Closes, Details, Dividend, Headline, History, Quote, Sentiment, Source, Split, Symbol,
    rules::{checks, spellings, splits},
};
use crate::{
    platform::http,
    shared::{Timestamp, near::near, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::sync::Arc;

pub use alpha_vantage::AlphaVantage;
pub use cached::{Cached, Storage};
pub use chain::Chain;
pub use folder::{Folder, is_readable};
pub use limits::{Limits, Pace};
pub use massive::Massive;
pub use remote::Remote;
pub use replay::Replay;
pub use requester::Requester;
pub use sample::Sample;
pub use stooq::Stooq;

/// Response of a data source; `None`: it does not know the symbol or has no such data.
pub type Answered<T> = Result<Option<T>, ProviderFailure>;

/// A data source.
#[async_trait]
pub trait MarketData: Send + Sync + 'static {
    /// Returns the last known price; `None`: unknown symbol.
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote>;

    /// Returns the whole price history; `None`: unknown symbol.
    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>>;

    /// Returns the daily closes; `None`: unknown symbol.
    async fn closes(&self, symbol: &Symbol) -> Answered<Arc<Closes>> {
        let history = self.history(symbol).await?;
        Ok(history.map(|history| Arc::new(Closes::from(&*history))))
    }

    /// Returns the company profile; `None`: not available.
    async fn details(&self, _: &Symbol) -> Answered<Arc<Details>> {
        Ok(None)
    }

    /// Returns news, newest first; `None`: the source has no news.
    async fn news(&self, _: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        Ok(None)
    }

    /// Returns dividends, oldest first; `None`: the source does not report them.
    async fn dividends(&self, _: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        Ok(None)
    }

    /// true if its prices have ended, so that no other will ever follow.
    async fn is_over(&self) -> bool {
        false
    }

    /// Returns the time on its own clock at a moment; `None`: it follows the clock of the world.
    async fn clock(&self, _: Timestamp) -> Answered<Timestamp> {
        Ok(None)
    }

    /// Returns how long one of its days takes.
    fn day(&self) -> TimeDelta {
        TimeDelta::days(1)
    }

    /// true if it counts requests.
    fn counts(&self) -> bool {
        false
    }

    /// Returns which source it is; of several the first.
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

/// Why a source has no response about a symbol. For the log; readers see that prices are
/// unavailable. Never contains text of the source: some repeat the API key in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFailure {
    /// No response in time, or too large a response.
    #[error(transparent)]
    Http(#[from] http::Failure),
    /// A status other than 200.
    #[error("status {0}")]
    Status(u16),
    /// A page for browsers instead of data.
    #[error("it is blocking automated access")]
    Blocked,
    /// Requests came too fast.
    #[error("it wants requests further apart")]
    TooFast,
    /// The limit of a minute is reached.
    #[error("its limit of a minute is used up")]
    MinuteLimit,
    /// The limit of a day is reached.
    #[error("its daily limit is used up")]
    DailyLimit,
    /// Invalid API key.
    #[error("it does not take the key")]
    Key,
    /// The plan of the API key does not include this.
    #[error("the plan of the key does not include this")]
    Premium,
    /// Invalid data.
    #[error("it sent something unusable: {0}")]
    Unusable(&'static str),
    /// The request could not be counted, and a request that is not counted is not sent.
    #[error("its budget cannot be kept")]
    NoBudget,
    /// A file that cannot be read.
    #[error("the file {0} cannot be read")]
    File(String),
    /// The requester is not signed in.
    #[error("it is not asked for those who are not signed in")]
    SignIn,
    /// The requester has used its share of the day.
    #[error("the requester's share of the day is used up")]
    Share,
    /// A source after the first knows less than what is cached, which stays valid.
    #[error("it knows less than is known")]
    KnowsLess,
    /// The source failed several times and is not asked for a while.
    #[error("it is left alone after several failures")]
    LeftAlone,
}

impl ProviderFailure {
    /// true if this was logged before, or is only a limit in effect: repeats must not fill the log.
    pub const fn is_quiet(&self) -> bool {
        matches!(
            self,
            Self::LeftAlone | Self::DailyLimit | Self::MinuteLimit | Self::TooFast
        ) || self.is_of_requester()
    }

    /// true if the failure concerns the requester, not the source: it does not apply to others.
    pub const fn is_of_requester(&self) -> bool {
        matches!(self, Self::SignIn | Self::Share)
    }
}

/// Logs what was dropped of a response.
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

/// Returns the valid part of a quote; logs what was dropped.
fn checked(quote: Quote, symbol: &Symbol) -> Result<Quote, ProviderFailure> {
    let source = quote.source;
    let (quote, dropped) = checks::quote(quote, now().date_naive())
        .ok_or(ProviderFailure::Unusable("a price of a day to come"))?;
    report_dropped(source, symbol, usize::from(dropped));
    Ok(quote)
}

#[cfg(test)]
pub(in crate::markets) mod tests;
