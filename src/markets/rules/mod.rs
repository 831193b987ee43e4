//! What a symbol may look like, and what is computed from prices. Pure: no clock, no network.

pub mod indicators;
pub mod ratings;
#[cfg(feature = "ssr")]
pub mod splits;
mod symbol;

pub use symbol::{MAX_SYMBOL, Symbol, is_symbol_char};
