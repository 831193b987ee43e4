//! Valid symbols, and computations on prices. Pure: no clock, no network.

mod cashtag;
#[cfg(feature = "ssr")]
pub mod checks;
pub mod drawings;
pub mod indicators;
pub mod ratings;
#[cfg(feature = "ssr")]
pub mod replay;
#[cfg(feature = "ssr")]
pub mod splits;
mod symbol;

pub use cashtag::{cashtag, may_follow};
#[cfg(feature = "ssr")]
pub use symbol::unknown_symbol;
pub use symbol::{MAX_SYMBOL, OTHER_SPELLINGS, Symbol, canonical, is_symbol_char, spellings};
