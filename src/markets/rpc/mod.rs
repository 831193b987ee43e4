//! Server functions of the markets' pages, for those who are signed in.

mod instruments;
mod watchlists;

pub use instruments::*;
pub use watchlists::*;
