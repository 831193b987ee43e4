//! Where prices come from: one trait, one file for each source.

mod cached;
mod sample;
mod stooq;

use super::{Bar, History, Quote, Source, Split, Symbol, rules::splits};
use crate::platform::http;
use async_trait::async_trait;
use std::sync::Arc;

pub use cached::Cached;
pub use sample::Sample;
pub use stooq::Stooq;

/// A source of prices.
#[async_trait]
pub trait MarketData: Send + Sync {
    /// The last known price; `None`: this source knows no such symbol.
    async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure>;

    /// All that it knows of an instrument's past; `None`: this source knows no such symbol.
    async fn history(&self, symbol: &Symbol) -> Result<Option<Arc<History>>, ProviderFailure>;

    /// Which source it is.
    fn source(&self) -> Source;
}

/// Why a source could not say anything about a symbol. For the log; people hear that the market
/// data are away.
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
    /// So many questions are answered each day, and no more.
    #[error("its daily limit is used up")]
    DailyLimit,
    /// Data that cannot be right.
    #[error("it sent something unusable: {0}")]
    Unusable(&'static str),
    /// It failed several times and is left alone for a while.
    #[error("it is left alone after several failures")]
    LeftAlone,
}
