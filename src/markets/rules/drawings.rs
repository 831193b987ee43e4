//! Limits of drawings.

use crate::markets::Shape;
use crate::shared::{Error, Result};
use chrono::{Datelike, NaiveDate};

/// Maximum number of drawings on one chart.
pub const MAX_EACH: usize = 100;
/// No price is higher.
const MOST: f64 = 1e12;
/// No chart shows other years.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

/// Checks that a chart can show this shape.
///
/// # Errors
/// `bad-drawing`.
pub fn check(shape: &Shape) -> Result<()> {
    let fits = match *shape {
        Shape::Level(price) => is_price(price),
        Shape::Trend((from, low), (to, high)) => {
            // A line may leave the range of prices (below zero too), but not the page.
            let heights = [low, high].iter().all(|height| height.abs() <= MOST);
            heights && from != to && [from, to].into_iter().all(is_day)
        }
    };
    if fits {
        return Ok(());
    }
    Err(Error::bad_request(
        "bad-drawing",
        "Invalid drawing: a level needs a price above zero, a trend line two days",
    ))
}

/// false for NaN too.
fn is_price(price: f64) -> bool {
    price > 0.0 && price <= MOST
}

fn is_day(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_can_be_drawn() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (one, two) = (day("2012-01-02"), day("2013-03-01"));
        for shape in [
            Shape::Level(0.0001),
            Shape::Level(430.5),
            Shape::Trend((one, 1.0), (two, 2.0)),
            Shape::Trend((two, 2.0), (one, -1.0)),
        ] {
            assert!(check(&shape).is_ok(), "{shape:?}");
        }
        for shape in [
            Shape::Level(0.0),
            Shape::Level(-1.0),
            Shape::Level(f64::NAN),
            Shape::Level(f64::INFINITY),
            Shape::Level(1e13),
            Shape::Trend((one, 1.0), (one, 2.0)),
            Shape::Trend((one, f64::NAN), (two, 2.0)),
            Shape::Trend((one, 1.0), (two, f64::NEG_INFINITY)),
            Shape::Trend((day("1799-12-31"), 1.0), (two, 2.0)),
            Shape::Trend((one, 1.0), (day("2201-01-01"), 2.0)),
            Shape::Trend((NaiveDate::MIN, 1.0), (NaiveDate::MAX, 2.0)),
        ] {
            assert_eq!(check(&shape).unwrap_err().code, "bad-drawing", "{shape:?}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_can_be_kept(low in any::<f64>(), high in any::<f64>(), days in 0_u64..200_000) {
            let from: NaiveDate = "1700-01-01".parse().unwrap();
            let to = from + chrono::Days::new(days);
            if check(&Shape::Level(low)).is_ok() {
                prop_assert!(low.is_finite() && low > 0.0);
            }
            let line = Shape::Trend((to, low), ("2000-01-01".parse().unwrap(), high));
            if check(&line).is_ok() {
                prop_assert!(low.is_finite() && high.is_finite());
                prop_assert!((1800..=2200).contains(&to.year()));
                prop_assert!(low.abs() <= MOST && high.abs() <= MOST);
            }
        }
    }
}
