//! Rates as percentages.

use crate::ui::change;

/// A fraction of all.
pub fn part(rate: Option<f64>) -> String {
    change::percentage(rate, 1, false)
}

/// A change, with its sign.
pub fn gain(rate: Option<f64>) -> String {
    change::percentage(rate, 1, true)
}
