//! Date ranges that a reader selects for a chart.

use chrono::{Datelike, Months, NaiveDate};

/// Separator of list items; needs no escaping in URLs and cookies.
pub const BETWEEN: char = '~';

/// Date range that a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// This number of months up to the last day.
    Months(u32),
    /// Since January 1 of the last day's year.
    YearToDate,
    All,
    /// From one day to another.
    Days(NaiveDate, NaiveDate),
}

impl Range {
    /// Ranges with a button.
    pub const BUTTONS: [Self; 7] = [
        Self::Months(1),
        Self::Months(3),
        Self::Months(6),
        Self::YearToDate,
        Self::Months(12),
        Self::Months(60),
        Self::All,
    ];

    /// Default range.
    pub const USUAL: Self = Self::Months(12);

    /// Name in the URL.
    pub fn name(self) -> String {
        match self {
            Self::Months(months) if months % 12 == 0 => format!("{}y", months / 12),
            Self::Months(months) => format!("{months}m"),
            Self::YearToDate => "ytd".into(),
            Self::All => "all".into(),
            Self::Days(from, to) => format!("{from}{BETWEEN}{to}"),
        }
    }

    /// Parses the name of a button's range or of a range of days.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some((from, to)) = name.split_once(BETWEEN) {
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            return (from < to).then_some(Self::Days(from, to));
        }
        let mut known = Self::BUTTONS.into_iter();
        known.find(|range| range.name() == name)
    }

    /// Indexes of the first and the last of `days` in the range: at least two days if there are
    /// two.
    pub fn bounds(self, days: &[NaiveDate]) -> (usize, usize) {
        let last = days.len().saturating_sub(1);
        let Some(newest) = days.last().copied() else {
            return (0, 0);
        };
        let (from, to) = match self {
            Self::All => (None, newest),
            Self::Months(months) => (newest.checked_sub_months(Months::new(months)), newest),
            Self::YearToDate => (NaiveDate::from_ymd_opt(newest.year(), 1, 1), newest),
            Self::Days(from, to) => (Some(from), to),
        };
        let end = days.partition_point(|day| *day <= to).saturating_sub(1);
        let end = end.clamp(1.min(last), last);
        let start = from.map_or(0, |from| days.partition_point(|day| *day < from));
        (start.min(end.saturating_sub(1)), end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_ends_at_the_last_day() {
        let days: Vec<NaiveDate> = day("2010-01-01").iter_days().take(1000).collect();
        let last = days.len() - 1;
        assert_eq!(Range::All.bounds(&days), (0, last));
        let (from, to) = Range::Months(1).bounds(&days);
        assert_eq!((days[from], to), (day("2012-08-26"), last));
        let (from, _) = Range::YearToDate.bounds(&days);
        assert_eq!(days[from], day("2012-01-01"));
        let (from, to) = Range::Days(day("2010-02-01"), day("2010-03-01")).bounds(&days);
        assert_eq!(
            (days[from], days[to]),
            (day("2010-02-01"), day("2010-03-01"))
        );
    }

    proptest! {
        #[test]
        fn bounds_lie_within_the_days(count in 0_usize..40, from in 0_u64..80, length in 1_u64..80, months in 0_u32..80) {
            let first = day("2010-01-11");
            let days: Vec<NaiveDate> = first.iter_days().step_by(2).take(count).collect();
            let from = day("2010-01-01") + chrono::Days::new(from);
            for range in [Range::Days(from, from + chrono::Days::new(length)), Range::Months(months), Range::All, Range::YearToDate] {
                let (start, end) = range.bounds(&days);
                if count >= 2 {
                    prop_assert!(start < end && end < count);
                } else {
                    prop_assert_eq!((start, end), (0, 0));
                }
            }
        }
    }
}
