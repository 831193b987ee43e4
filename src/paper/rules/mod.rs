//! Seasons, which price fills an order, what fits into an account, and ranks. Pure: no clock, no
//! database.

mod filling;
mod input;
mod leaderboard;
mod season;

pub use filling::{estimate, expected, fits, is_next, reserved, seen_at, takes, trade_day};
pub use input::{Checked, check};
pub use leaderboard::{Entry, held, made, market, ranked};
pub use season::{CASH, Quarter, quarter};

#[cfg(test)]
mod tests;
