//! What a call is, when it begins and ends, and what it comes to. Pure: no clock, no network.

mod draft;
mod judge;
mod tally;

pub use draft::{Checked, Horizon, check, read};
pub use judge::{Judgement, PATIENCE, Terms, judge};
pub use tally::{ENOUGH, Outcome, ranked, tally};

#[cfg(test)]
mod tests;
