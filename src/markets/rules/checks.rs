//! Limits of prices. Everything that a data source sends is checked here before it is shown.

use crate::markets::model::{Bar, Quote};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

/// No instrument costs this much: such a price is an error.
pub const ABSURD: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// Returns the price if it is valid: above zero and below [`ABSURD`].
pub fn price(figure: Decimal) -> Option<Decimal> {
    (figure > Decimal::ZERO && figure < ABSURD).then_some(figure)
}

/// true if a day can have these prices.
pub fn is_bar(bar: &Bar) -> bool {
    let inside = |price| bar.low <= price && price <= bar.high;
    // Open and close are between low and high, and so within the limits. Comparisons are what takes
    // time when days are read.
    let positive = bar.low.is_sign_positive() && !bar.low.is_zero();
    positive && bar.high < ABSURD && inside(bar.open) && inside(bar.close)
}

/// Returns the valid days, oldest first, each once and none after [`latest`], and the number of
/// dropped ones. Of two bars of the same day the first counts.
pub fn bars(found: impl IntoIterator<Item = Option<Bar>>, today: NaiveDate) -> (Vec<Bar>, usize) {
    let mut count = 0_usize;
    let counted = found.into_iter().inspect(|_| count += 1).flatten();
    let bars = in_order(counted.filter(is_bar).collect(), |bar| bar.date, today);
    let dropped = count - bars.len();
    (bars, dropped)
}

/// Returns the last valid day: a market can be a day ahead of us.
pub fn latest(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}

/// Does the same with days that are valid, or with what was read of them.
pub fn in_order<T>(
    mut days: Vec<T>,
    date: impl Fn(&T) -> NaiveDate + Copy,
    today: NaiveDate,
) -> Vec<T> {
    let latest = latest(today);
    days.retain(|day| date(day) <= latest);
    days.sort_by_key(date);
    days.dedup_by_key(|day| date(day));
    days
}

/// Returns a quote with consistent values: prices of the day that do not fit its price are removed,
/// and the flag says whether any were. `None`: its day is after [`latest`].
pub fn quote(mut quote: Quote, today: NaiveDate) -> Option<(Quote, bool)> {
    // All later quotes would seem older than such a price.
    if quote.date > latest(today) {
        return None;
    }
    let checked = |figure: Option<Decimal>| figure.and_then(price);
    let before = (quote.open, quote.high, quote.low, quote.previous_close);
    quote.previous_close = checked(quote.previous_close);
    let low = checked(quote.low);
    let high = checked(quote.high);
    let open = checked(quote.open);
    let fits = |figure: Option<Decimal>| {
        figure.is_none_or(|figure| {
            low.is_none_or(|low| low <= figure) && high.is_none_or(|high| figure <= high)
        })
    };
    let all = fits(Some(quote.price)) && fits(open) && fits(low) && fits(high);
    (quote.open, quote.high, quote.low) = if all {
        (open, high, low)
    } else {
        (None, None, None)
    };
    let after = (quote.open, quote.high, quote.low, quote.previous_close);
    Some((quote, before != after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markets::Source;
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
    }

    fn bar(date: NaiveDate, prices: [i64; 4]) -> Bar {
        let [open, high, low, close] = prices.map(Decimal::from);
        Bar {
            date,
            open,
            high,
            low,
            close,
            volume: 1,
        }
    }

    #[test]
    fn days_that_cannot_have_been_are_dropped() {
        let good = bar(day(2), [10, 12, 9, 11]);
        let found = vec![
            Some(bar(day(9), [10, 12, 9, 11])),
            Some(good.clone()),
            Some(bar(day(2), [10, 12, 9, 12])),
            None,
            Some(bar(day(3), [10, 8, 9, 9])),
            Some(bar(day(3), [13, 12, 9, 9])),
            Some(bar(day(3), [10, 12, -9, 9])),
            Some(bar(day(3), [10, 2_000_000_000, 9, 9])),
            Some(bar(day(20), [10, 12, 9, 11])),
        ];
        let (kept, dropped) = bars(found, day(10));
        assert_eq!(kept, [good, bar(day(9), [10, 12, 9, 11])]);
        assert_eq!(dropped, 7);
    }

    fn of(price: i64, figures: [Option<i64>; 4]) -> Quote {
        let [open, high, low, previous_close] = figures.map(|figure| figure.map(Decimal::from));
        Quote {
            symbol: "A".into(),
            price: price.into(),
            open,
            high,
            low,
            previous_close,
            volume: None,
            date: day(1),
            time: None,
            source: Source::Massive,
        }
    }

    #[test]
    fn figures_of_a_day_fit_its_price() {
        let good = of(10, [Some(9), Some(11), Some(8), Some(7)]);
        let quote = |found| quote(found, day(1)).unwrap();
        assert_eq!(quote(good.clone()), (good, false));
        let (kept, changed) = quote(of(12, [Some(9), Some(11), Some(8), Some(-7)]));
        assert_eq!((kept, changed), (of(12, [None; 4]), true));
        let (kept, _) = quote(of(10, [Some(-1), Some(11), None, Some(7)]));
        assert_eq!(kept, of(10, [None, Some(11), None, Some(7)]));
    }

    #[test]
    fn a_price_is_of_no_day_to_come() {
        let figures = [None; 4];
        let of = |date| Quote {
            date,
            ..of(10, figures)
        };
        assert!(
            quote(of(day(6)), day(5)).is_some(),
            "a market ahead of ours"
        );
        assert_eq!(quote(of(day(7)), day(5)), None);
        assert_eq!(quote(of(NaiveDate::MAX), day(5)), None);
        assert!(quote(of(NaiveDate::MAX), NaiveDate::MAX).is_some());
    }

    proptest! {
        #[test]
        fn what_stays_can_have_been(rows in prop::collection::vec(
            (1_u32..28, prop::array::uniform4(-3_i64..20)), 0..40)) {
            let found = rows.iter().map(|&(date, prices)| Some(bar(day(date), prices)));
            let (kept, dropped) = bars(found, day(20));
            prop_assert_eq!(kept.len() + dropped, rows.len());
            prop_assert!(kept.iter().all(is_bar));
            prop_assert!(kept.iter().is_sorted_by(|one, next| one.date < next.date));
            prop_assert!(kept.iter().all(|bar| bar.date <= day(21)));
        }
    }
}
