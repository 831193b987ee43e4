//! What members hold: portfolios with their transactions, lots, gains and performance.
//!
//! The transactions are the truth. What they come to is computed from them ([`rules`]) in exact
//! decimals, instrument by instrument, and kept beside them, so that a page does not read them all
//! and a change recomputes the instrument that it concerns. Splits come from one table, that of the
//! instrument's prices; a transaction of that kind is for instruments whose source tells of none.
//! A portfolio may be kept by a feature in its owner's place (`kept_by`): then its owner reads it and
//! changes nothing.

mod model;
pub mod rpc;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
pub mod view;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    Benchmark, ChosenDividend, Detail, Dividends, Draft, Hindered, Hindrance, Holding,
    HoldingDividends, Import, Imports, Kind, OfferedDividend, Origin, Overview, PaidDividends,
    PastImport, Performance, Planned, Point, Portfolio, PortfolioPage, PortfolioShare, PricedSince,
    Problem, ShareLine, SharePreview, Shared, Showing, TakenDividends, TradeShare, Transaction,
    TransactionPage, as_written, as_written_to,
};
#[cfg(feature = "ssr")]
pub use service::{Keeping, Prepared, Service, Sharing, Standing, Sweeper, Taking, Trade, Traded};
