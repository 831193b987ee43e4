//! Instruments, quotes and where they come from.

mod model;

pub use model::{Quote, Source};
