//! Returns as people read them.

use crate::ui::change::{plain, rounded, signed};
use crate::ui::percent;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// A part of one in per cent with one digit; signed where it is a change.
pub fn part(of_one: f64, plus: bool) -> String {
    let exact = rounded(Decimal::from_f64(of_one * 100.0).unwrap_or_default(), 1);
    percent(&if plus { signed(exact) } else { plain(exact) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_per_cent() {
        assert_eq!(part(0.1234, true), "+12.3%");
        assert_eq!(part(-0.5, false), "\u{2212}50.0%");
        assert_eq!(part(0.0004, true), "0.0%");
    }
}
