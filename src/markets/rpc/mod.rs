//! Server functions of the markets' pages, for those who are signed in.

mod drawings;
mod instruments;
mod watchlists;

pub use drawings::*;
pub use instruments::*;
pub use watchlists::*;
