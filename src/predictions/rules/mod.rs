//! Input of a prediction, when it starts and ends, its score and track records. Pure: no clock, no
//! network.

mod input;
mod judge;
mod tally;

pub use input::{Checked, Horizon, check, read};
pub use judge::{GIVEN_UP, Judgement, PATIENCE, Terms, given_up, is_same, judge, judge_from};
pub use tally::{ENOUGH, Outcome, ranked, tally};

#[cfg(test)]
mod tests;
