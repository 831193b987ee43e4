//! Computes numbers from transactions and prices. Pure: no clock, no database.

pub mod dividends;
mod figures;
mod input;
pub mod ledger;
pub mod moves;
mod parts;
pub mod performance;
pub mod risk;
#[cfg(feature = "ssr")]
pub mod sharing;
#[cfg(feature = "ssr")]
pub mod statement;
pub mod treemap;
mod xirr;

pub use figures::{Marks, could_be_two, figure};
pub use input::{Checked, DIGITS, MAX_NOTE, check, price_above_zero, units};
pub use xirr::{Flow, xirr};

#[cfg(test)]
mod tests;
