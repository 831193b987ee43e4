//! Server functions of the market pages, for signed-in viewers.

mod drawings;
mod instruments;
mod watchlists;

pub use drawings::*;
pub use instruments::*;
pub use watchlists::*;
