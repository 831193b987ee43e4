//! Instruments, quotes and where they come from.
//!
//! A [`Service`] answers what the last known price of a symbol is, and what its prices were, from
//! the source that the operator chose: the bundled sample or a provider on the network. Providers
//! sit behind [`providers::MarketData`]; whatever they send is checked before anybody sees it, and
//! a price always carries its source and its date. What is computed from prices is in
//! [`indicators`].

mod model;
mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod chart;
#[cfg(feature = "ssr")]
mod companies;
#[cfg(feature = "ssr")]
pub mod providers;
#[cfg(feature = "ssr")]
mod service;

pub use model::{Bar, History, Instrument, Quote, Sector, Source, Split};
pub use rules::{MAX_SYMBOL, Symbol, indicators, is_symbol_char, ratings};
#[cfg(feature = "ssr")]
pub use service::{Rated, Service};
