//! Positions of the labels on the axes of days and values.

use super::t;
use chrono::{Datelike, NaiveDate};
use std::ops::RangeInclusive;

/// A label on an axis of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Index of the day.
    pub at: usize,
    /// The year at its first day, the month name at its first day, else the day of the month.
    pub label: String,
}

/// Interval between labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Day,
    /// The first day of each week.
    Week,
    /// The first day of each period of this number of months.
    Months(i32),
}

/// From the narrowest to the widest.
const STEPS: [Step; 10] = [
    Step::Day,
    Step::Week,
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
];

impl Step {
    /// Returns the narrowest step with at most `most` labels among the visible days (`seen`).
    pub fn of(days: &[NaiveDate], seen: RangeInclusive<usize>, most: usize) -> Self {
        let seen = days.get(seen).unwrap_or(days);
        let fits = |step: &Step| step.places(seen).count() <= most.max(1);
        STEPS.into_iter().find(fits).unwrap_or(Self::Months(600))
    }

    /// Labels of all days at this step.
    pub fn ticks(self, days: &[NaiveDate]) -> Vec<Tick> {
        self.places(days)
            .map(|(at, before, day)| Tick {
                at,
                label: label(before, day),
            })
            .collect()
    }

    /// The days on which a period begins, each with its index and the previous day.
    fn places(self, days: &[NaiveDate]) -> impl Iterator<Item = (usize, NaiveDate, NaiveDate)> {
        let pairs = days.iter().zip(days.iter().skip(1)).enumerate();
        pairs.filter_map(move |(at, (before, day))| {
            (self.period(*before) != self.period(*day)).then_some((at + 1, *before, *day))
        })
    }

    fn period(self, day: NaiveDate) -> i32 {
        match self {
            Self::Day => day.num_days_from_ce(),
            // `num_days_from_ce` counts from a Monday.
            Self::Week => (day.num_days_from_ce() - 1).div_euclid(7),
            Self::Months(months) => {
                (day.year() * 12 + day.month0().cast_signed()).div_euclid(months)
            }
        }
    }
}

fn label(before: NaiveDate, day: NaiveDate) -> String {
    if before.year() != day.year() {
        day.year().to_string()
    } else if before.month() != day.month() {
        t(&format!("month-short-{}", day.month()))
    } else {
        day.day().to_string()
    }
}

/// Usual number of steps between the lowest and the highest value.
pub const VALUES: f64 = 6.0;

/// Returns round values between two unequal ones, with at most `steps` steps between them. A step is
/// 1, 2 or 5 times a power of ten.
pub fn of_values(low: f64, high: f64, steps: f64) -> Vec<f64> {
    let rough = (high - low) / steps;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn working(from: &str, count: usize) -> Vec<NaiveDate> {
        let working = |day: &NaiveDate| day.weekday().num_days_from_monday() < 5;
        day(from).iter_days().filter(working).take(count).collect()
    }

    fn labels(days: &[NaiveDate], most: usize) -> Vec<String> {
        let step = Step::of(days, 0..=days.len() - 1, most);
        let ticks = step.ticks(days);
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn each_month_and_year_is_named_once() {
        let year = working("2011-08-24", 262);
        assert_eq!(
            labels(&year, 12),
            [
                "Sep", "Oct", "Nov", "Dec", "2012", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"
            ]
        );
        assert_eq!(labels(&year, 5), ["Oct", "2012", "Apr", "Jul"]);
        let month = working("2012-02-20", 21);
        assert_eq!(labels(&month, 5), ["27", "5", "12", "19"]);
        assert_eq!(
            labels(&working("2012-02-28", 5), 5),
            ["29", "Mar", "2", "5"]
        );
        let long = working("2000-03-01", 3270);
        assert_eq!(
            labels(&long, 7),
            ["2002", "2004", "2006", "2008", "2010", "2012"]
        );
    }

    #[test]
    fn the_step_is_of_what_is_in_view() {
        let long = working("2000-03-01", 3270);
        assert_eq!(Step::of(&long, 3000..=3020, 6), Step::Week);
        assert_eq!(Step::of(&long, 0..=3269, 6), Step::Months(24));
        // A range outside the days falls back to all days.
        assert_eq!(Step::of(&long, 9000..=9001, 6), Step::Months(24));
        assert_eq!(Step::of(&[], 0..=0, 6).ticks(&[]), []);
    }

    proptest! {
        #[test]
        fn labels_are_few_and_in_order(start in 0_u64..20_000, count in 1_usize..4000, gap in 1_usize..9, most in 1_usize..14) {
            let first = day("1980-01-01") + Days::new(start);
            let days: Vec<NaiveDate> = first.iter_days().step_by(gap).take(count).collect();
            let step = Step::of(&days, 0..=count - 1, most);
            let ticks = step.ticks(&days);
            // The widest step is 50 years.
            prop_assert!(ticks.len() <= most.max(2));
            prop_assert!(ticks.is_sorted_by_key(|tick| tick.at));
            prop_assert!(ticks.iter().all(|tick| tick.at < count));
        }

        #[test]
        fn values_are_round_and_within(low in -1e6_f64..1e6, by in 1e-3_f64..1e6) {
            let high = low + by;
            let values = of_values(low, high, VALUES);
            prop_assert!(values.len() >= 2 && values.len() <= 8, "{values:?}");
            prop_assert!(values.is_sorted());
            prop_assert!(values.iter().all(|one| *one >= low - by * 1e-9 && *one <= high + by * 1e-9));
        }
    }

    #[test]
    fn no_values_where_there_is_no_room() {
        assert!(of_values(5.0, 5.0, VALUES).is_empty());
        assert!(of_values(f64::NAN, 5.0, VALUES).is_empty());
        assert_eq!(
            of_values(-0.05, 0.25, VALUES),
            [-0.05, 0.0, 0.05, 0.1, 0.15000000000000002, 0.2, 0.25]
        );
    }
}
