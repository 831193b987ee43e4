//! What a call is, when it begins and ends, and what it comes to. Pure: no clock, no network.

mod draft;
mod judge;
mod tally;

pub use draft::{Checked, Horizon, check, read};
pub use judge::{GIVEN_UP, Judgement, PATIENCE, Terms, given_up, is_same, judge, judge_from};
pub use tally::{ENOUGH, Outcome, ranked, tally};

#[cfg(test)]
mod tests;
