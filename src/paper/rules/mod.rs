//! When a season is, which price an order is filled at, what fits into an account, who stands where.
//! Pure: no clock, no database.

mod draft;
mod filling;
mod season;
mod standing;

pub use draft::{Checked, check};
pub use filling::{estimate, fits, is_next, seen_at, takes, trade_day};
pub use season::{CASH, Quarter, quarter};
pub use standing::{Entry, held, made, market, ranked};

#[cfg(test)]
mod tests;
