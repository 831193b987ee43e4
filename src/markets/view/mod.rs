//! What members see of the markets.

pub mod instrument;
