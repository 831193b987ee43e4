//! Changes, as the list and the chart show them.

use crate::markets::view::change_mark;
use leptos::prelude::*;
use rust_decimal::Decimal;

/// The change of a price, or a dash.
pub fn priced(change: Option<Decimal>) -> AnyView {
    match change {
        Some(change) => change_mark(change),
        None => "\u{2013}".into_any(),
    }
}

/// Difference to the days before.
pub fn moved(now: u64, before: u64) -> Decimal {
    Decimal::from(now) - Decimal::from(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_are_below_zero() {
        assert_eq!(moved(1, 3), Decimal::from(-2));
        assert_eq!(moved(3, 0), Decimal::from(3));
    }
}
