//! Instruments, quotes and where they come from.
//!
//! A [`Service`] answers one question, the last known price of a symbol, from the source that
//! the operator chose: the bundled sample or a provider on the network. Providers sit behind
//! [`providers::MarketData`]; whatever they send is checked before anybody sees it, and a price
//! always carries its source and its date.

mod model;
mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod providers;
#[cfg(feature = "ssr")]
mod service;

pub use model::{Quote, Source};
pub use rules::{MAX_SYMBOL, Symbol, is_symbol_char};
#[cfg(feature = "ssr")]
pub use service::Service;
