//! Splits: one share becomes several, and earlier prices are adjusted.

use crate::markets::model::{Bar, Split};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// Decimals of an adjusted price; traded prices have four at most.
const DIGITS: u32 = 6;

/// Returns the splits up to `today`, oldest first, one per day. Announced splits have changed no
/// share yet.
pub fn table(found: impl IntoIterator<Item = Split>, today: NaiveDate) -> Vec<Split> {
    let come = |split: &Split| split.date <= today;
    let mut table: Vec<Split> = found.into_iter().filter(come).collect();
    table.sort_by_key(|split| split.date);
    table.dedup_by_key(|split| split.date);
    table
}

/// Adjusts prices from before a split: divides them and multiplies volumes. Both lists are oldest
/// first.
pub fn take_out(bars: &mut [Bar], splits: &[Split]) {
    let mut later = splits.iter().rev().peekable();
    let (mut from, mut to) = (1_u64, 1_u64);
    for bar in bars.iter_mut().rev() {
        while let Some(split) = later.next_if(|split| bar.date < split.date) {
            from = from.saturating_mul(split.from.into());
            to = to.saturating_mul(split.to.into());
        }
        if from == to {
            continue;
        }
        for price in [&mut bar.open, &mut bar.high, &mut bar.low, &mut bar.close] {
            *price = scaled(*price, from, to).unwrap_or(*price);
        }
        let volume = scaled(bar.volume.into(), to, from).and_then(|volume| volume.to_u64());
        bar.volume = volume.unwrap_or(bar.volume);
    }
}

/// Converts a price of one day to a share of a later day: divides it by the splits after `day`, up
/// to and including `later`.
pub fn as_of(price: Decimal, day: NaiveDate, later: NaiveDate, splits: &[Split]) -> Decimal {
    let between = splits
        .iter()
        .filter(|split| day < split.date && split.date <= later);
    let (from, to) = between.fold((1_u64, 1_u64), |(from, to), split| {
        (
            from.saturating_mul(split.from.into()),
            to.saturating_mul(split.to.into()),
        )
    });
    if from == to {
        return price;
    }
    scaled(price, from, to).unwrap_or(price)
}

/// Returns the smallest whole numbers of a ratio of shares, old to new; `None`: not a valid ratio.
pub fn ratio(old: Decimal, new: Decimal) -> Option<(u32, u32)> {
    let (old, new) = (old.normalize(), new.normalize());
    let digits = old.scale().max(new.scale());
    let power = 10_u64.checked_pow(digits)?;
    let whole = |figure: Decimal| figure.checked_mul(power.into())?.to_u64();
    let (old, new) = (whole(old)?, whole(new)?);
    let (mut common, mut rest) = (old, new);
    while rest > 0 {
        (common, rest) = (rest, common % rest);
    }
    let smallest = |figure: u64| u32::try_from(figure.checked_div(common)?).ok();
    let (old, new) = (smallest(old)?, smallest(new)?);
    (old > 0 && new > 0 && old != new).then_some((old, new))
}

fn scaled(figure: Decimal, by: u64, over: u64) -> Option<Decimal> {
    let exact = figure.checked_mul(by.into())?.checked_div(over.into())?;
    let rounded = exact.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero);
    Some(rounded.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2005, 2, day).unwrap()
    }

    fn bar(date: NaiveDate, close: &str, volume: u64) -> Bar {
        let close: Decimal = close.parse().unwrap();
        Bar {
            date,
            open: close,
            high: close + Decimal::ONE,
            low: close - Decimal::ONE,
            close,
            volume,
        }
    }

    fn split(date: NaiveDate, from: u32, to: u32) -> Split {
        Split { date, from, to }
    }

    fn closes(bars: &[Bar]) -> Vec<String> {
        bars.iter().map(|bar| bar.close.to_string()).collect()
    }

    #[test]
    fn prices_from_before_are_divided() {
        let mut bars = [
            bar(day(24), "88.93", 10),
            bar(day(25), "88.99", 20),
            bar(day(28), "44.86", 30),
        ];
        take_out(&mut bars, &[split(day(28), 1, 2)]);
        assert_eq!(closes(&bars), ["44.465", "44.495", "44.86"]);
        assert_eq!(bars[1].high.to_string(), "44.995");
        assert_eq!(bars.each_ref().map(|bar| bar.volume), [20, 40, 30]);
    }

    #[test]
    fn a_price_counts_the_splits_up_to_another_day() {
        let splits = [
            split(day(7), 1, 2),
            split(day(14), 3, 1),
            split(day(21), 1, 5),
        ];
        let price = |from, to| {
            let exact = as_of("60".parse().unwrap(), day(from), day(to), &splits);
            exact.to_string()
        };
        assert_eq!(price(1, 6), "60");
        assert_eq!(price(1, 7), "30", "from the day of the split on");
        assert_eq!(
            price(7, 13),
            "60",
            "which is known to the price of that day"
        );
        assert_eq!(price(1, 20), "90");
        assert_eq!(price(1, 28), "18");
        assert_eq!(price(28, 1), "60");
    }

    #[test]
    fn an_announced_split_is_in_no_table() {
        let found = [
            split(day(20), 1, 2),
            split(day(3), 1, 3),
            split(day(3), 1, 4),
        ];
        assert_eq!(table(found, day(19)), [split(day(3), 1, 3)]);
        let dates = table(found, day(20)).into_iter().map(|split| split.date);
        assert_eq!(dates.collect::<Vec<_>>(), [day(3), day(20)]);
    }

    proptest! {
        /// A price adjusted by splits is that of its adjusted bar.
        #[test]
        fn a_price_is_that_of_its_bar(
            cents in 1_i64..10_000_000, at in 1_u32..28,
            splits in prop::collection::btree_map(1_u32..28, (1_u32..9, 1_u32..9), 0..4),
        ) {
            let splits: Vec<_> = splits
                .into_iter()
                .map(|(on, (from, to))| Split { date: day(on), from, to })
                .collect();
            let close = Decimal::new(cents, 2);
            let mut bars = [bar(day(at), &close.to_string(), 1)];
            take_out(&mut bars, &splits);
            prop_assert_eq!(bars[0].close, as_of(close, day(at), day(28), &splits));
        }
    }

    #[test]
    fn ratios_in_whole_shares() {
        for (old, new, expected) in [
            ("1", "2.0000", Some((1, 2))),
            ("1", "1.5", Some((2, 3))),
            ("1", "0.125", Some((8, 1))),
            ("10", "4", Some((5, 2))),
            ("1", "1", None),
            ("1", "0", None),
            ("0", "2", None),
            ("1", "-2", None),
            ("1", "99999999999", None),
        ] {
            let ratio = ratio(old.parse().unwrap(), new.parse().unwrap());
            assert_eq!(ratio, expected, "{old} {new}");
        }
    }

    #[test]
    fn several_add_up_and_a_reverse_one_multiplies() {
        let mut bars = [
            bar(day(1), "70", 9),
            bar(day(3), "10", 9),
            bar(day(7), "30", 9),
        ];
        let splits = [
            Split {
                date: day(2),
                from: 1,
                to: 7,
            },
            Split {
                date: day(5),
                from: 3,
                to: 1,
            },
        ];
        take_out(&mut bars, &splits);
        assert_eq!(closes(&bars), ["30", "30", "30"]);
        assert_eq!(bars.each_ref().map(|bar| bar.volume), [21, 3, 9]);
    }

    #[test]
    fn what_cannot_be_divided_to_the_end_is_rounded() {
        let mut bars = [bar(day(1), "10", 1)];
        let splits = [Split {
            date: day(2),
            from: 1,
            to: 3,
        }];
        take_out(&mut bars, &splits);
        assert_eq!(closes(&bars), ["3.333333"]);
    }
}
