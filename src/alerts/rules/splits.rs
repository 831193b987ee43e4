//! Splits: adjusts values that were set before a split, and recognizes prices from before one.

use super::{Condition, Reading, Seen};
use crate::alerts::model::AlertKind;
use crate::markets::Split;
use chrono::{NaiveDate, TimeDelta};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// Decimal places of an adjusted value.
const DIGITS: u32 = 6;
/// A price further than this percentage from the last one may follow a split.
const AWAY: Decimal = Decimal::TEN;
/// So may any price after this time.
const LONG: TimeDelta = TimeDelta::days(10);
/// Maximum age of the last close that a price is compared with; longer than any holidays.
const FEW: TimeDelta = TimeDelta::days(7);
/// A price outside of these multiples of the last close counts as following a split until the
/// history contains its day: the smallest common split is 3 for 2.
const LEAST: f64 = 0.7;
const MOST: f64 = 1.4;

/// true if only the history can tell whether an alert triggers. Avoids loading histories that are
/// not needed.
pub fn asks_past(kind: AlertKind, seen: Option<&Seen>, reading: &Reading<'_>) -> bool {
    if kind.is_of_a_day() {
        return reading.change.is_some_and(|change| change.abs() > AWAY);
    }
    let since = |seen: &Seen| {
        let days = reading.at.date() - seen.at.date();
        let change = reading.price.checked_sub(seen.price);
        let change = change.and_then(|change| change.checked_mul(Decimal::ONE_HUNDRED));
        let change = change.and_then(|change| change.checked_div(seen.price));
        let away = change.is_none_or(|change| change.abs() > AWAY);
        days > TimeDelta::zero() && (away || days > LONG)
    };
    kind.needs_history() || seen.is_some_and(since)
}

/// The condition on a price adjusted to the splits after `since` up to `today`, with the day of the
/// last one. `None`: there are none, or the value is not a price.
pub fn rescaled(
    condition: &Condition,
    since: NaiveDate,
    today: NaiveDate,
    splits: &[Split],
) -> Option<(Condition, NaiveDate)> {
    if !condition.kind.is_of_price() {
        return None;
    }
    let later = splits.iter();
    let later = later.filter(|split| since < split.date && split.date <= today);
    let last = later.clone().map(|split| split.date).max()?;
    let value = later.into_iter().try_fold(condition.value?, scaled)?;
    let condition = Condition {
        value: Some(value),
        ..*condition
    };
    Some((condition, last))
}

/// A price before a split, adjusted to it.
fn scaled(price: Decimal, split: &Split) -> Option<Decimal> {
    let exact = price
        .checked_mul(split.from.into())?
        .checked_div(split.to.into())?;
    let rounded = exact.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero);
    (!rounded.is_zero()).then(|| rounded.normalize())
}

/// true if a price and the history are on the same basis of splits. Alerts skip other prices until
/// the history contains their day.
pub fn is_comparable(reading: &Reading<'_>, splits: &[Split]) -> bool {
    let today = reading.at.date();
    let Some((last, close)) = reading.closes.last() else {
        return true;
    };
    if *last >= today {
        return true;
    }
    if today - *last > FEW {
        return false;
    }
    // The closes are adjusted to it already.
    if splits
        .iter()
        .any(|split| *last < split.date && split.date <= today)
    {
        return true;
    }
    let price = reading.price.to_f64().unwrap_or_default();
    (LEAST..=MOST).contains(&(price / close))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn split(date: &str, from: u32, to: u32) -> Split {
        let date = day(date);
        Split { date, from, to }
    }

    fn condition(kind: AlertKind, value: &str) -> Condition {
        Condition {
            kind,
            value: Some(value.parse().unwrap()),
            period: Some(14),
        }
    }

    fn reading<'a>(at: &str, price: &str, closes: &'a [(NaiveDate, f64)]) -> Reading<'a> {
        Reading {
            at: day(at).and_hms_opt(15, 30, 0).unwrap(),
            price: price.parse().unwrap(),
            change: None,
            closes,
        }
    }

    #[test]
    fn values_follow_the_shares() {
        let table = [split("2020-08-31", 1, 4), split("2020-09-02", 3, 1)];
        let above = condition(AlertKind::PriceAbove, "300");
        let on = |since: &str, today: &str| {
            let scaled = rescaled(&above, day(since), day(today), &table)?;
            Some((scaled.0.value.unwrap().to_string(), scaled.1.to_string()))
        };
        let (four, both) = ("2020-08-31".to_owned(), "2020-09-02".to_owned());
        assert_eq!(on("2020-08-28", "2020-08-28"), None);
        assert_eq!(on("2020-08-28", "2020-08-31"), Some(("75".into(), four)));
        assert_eq!(on("2020-08-31", "2020-09-01"), None, "it has seen it");
        assert_eq!(on("2020-08-28", "2020-09-09"), Some(("225".into(), both)));
        let rsi = condition(AlertKind::RsiAbove, "70");
        let since = (day("2020-08-28"), day("2020-09-09"));
        assert_eq!(rescaled(&rsi, since.0, since.1, &table), None);
    }

    #[test]
    fn only_what_can_be_of_other_shares_asks_the_past() {
        let seen = Seen {
            at: day("2020-08-28").and_hms_opt(15, 30, 0).unwrap(),
            price: 100.into(),
            stand: None,
        };
        let asks =
            |kind, at: &str, price: &str| asks_past(kind, Some(&seen), &reading(at, price, &[]));
        let above = AlertKind::PriceAbove;
        assert!(!asks(above, "2020-08-31", "109") && asks(above, "2020-08-31", "111"));
        assert!(asks(above, "2020-08-31", "25"));
        assert!(
            !asks(above, "2020-08-28", "25"),
            "no split comes within a day"
        );
        assert!(asks(above, "2020-09-10", "100"));
        assert!(asks(AlertKind::CrossesSma, "2020-08-28", "100"));
        assert!(!asks_past(above, None, &reading("2020-08-28", "100", &[])));
        let mut fell = reading("2020-08-28", "100", &[]);
        assert!(!asks_past(AlertKind::Falls, Some(&seen), &fell));
        fell.change = Some((-75).into());
        assert!(asks_past(AlertKind::Falls, Some(&seen), &fell));
    }

    #[test]
    fn prices_of_other_shares_wait_for_the_past() {
        let closes = [(day("2020-08-27"), 498.0), (day("2020-08-28"), 499.0)];
        let comparable = |at: &str, price: &str, splits: &[Split]| {
            is_comparable(&reading(at, price, &closes), splits)
        };
        assert!(comparable("2020-08-31", "505", &[]));
        assert!(!comparable("2020-08-31", "126", &[]));
        assert!(!comparable("2020-08-31", "998", &[]));
        // The close adjusted to the split is 124.75.
        assert!(comparable(
            "2020-08-31",
            "126",
            &[split("2020-08-31", 1, 4)]
        ));
        assert!(!comparable(
            "2020-08-31",
            "126",
            &[split("2020-06-01", 1, 4)]
        ));
        // The history contains its day.
        assert!(comparable("2020-08-28", "126", &[]));
        // An outdated history is not comparable.
        assert!(comparable("2020-09-04", "505", &[]));
        assert!(!comparable("2020-09-05", "505", &[]));
        assert!(is_comparable(&reading("2020-09-05", "505", &[]), &[]));
    }

    proptest! {
        /// For every ratio, an alert stays on its side of a price that follows the same split.
        #[test]
        fn a_split_moves_nothing_across(
            value in 1_u32..1_000_000, price in 1_u32..1_000_000, from in 1_u32..50, to in 1_u32..50,
        ) {
            let (value, price) = (Decimal::new(value.into(), 2), Decimal::new(price.into(), 2));
            let one = split("2020-08-31", from, to);
            let above = Condition {
                kind: AlertKind::PriceAbove,
                value: Some(value),
                period: None,
            };
            let found = rescaled(&above, day("2020-08-28"), day("2020-08-31"), &[one]);
            let after = found.unwrap().0.value.unwrap();
            let moved = price * Decimal::from(from) / Decimal::from(to);
            // Rounding is far smaller than the difference between two prices.
            if value != price {
                prop_assert_eq!(after < moved, value < price);
            }
        }
    }
}
