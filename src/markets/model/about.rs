//! Section below an instrument's chart.

use crate::markets::{Bar, Details, Headline, History, Source};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Company profile, range of a year and news of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// `None`: not known.
    pub details: Option<Details>,
    /// true if a data source that could have the profile is unavailable.
    pub away: bool,
    /// `None`: less than a year of history is known.
    pub year: Option<Year>,
    pub news: News,
}

/// News about an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// No data source has news.
    NoSource,
    /// A data source with news is unavailable.
    Away,
    /// Newest first; empty: the data source has no news about it.
    Known(Vec<Headline>),
}

/// Price range of an instrument in 52 weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    pub low: Decimal,
    pub high: Decimal,
    /// Last day of the year.
    pub as_of: NaiveDate,
    pub source: Source,
}

impl Year {
    /// Returns the 52 weeks up to the last known day; `None`: less history is known.
    pub fn of(history: &History) -> Option<Self> {
        let (first, last) = (history.bars.first()?, history.bars.last()?);
        let before = last.date.checked_sub_days(Days::new(52 * 7))?;
        if first.date > before {
            return None;
        }
        let from = history.bars.partition_point(|bar| bar.date <= before);
        let year: &[Bar] = history.bars.get(from..)?;
        Some(Self {
            low: year.iter().map(|bar| bar.low).min()?,
            high: year.iter().map(|bar| bar.high).max()?,
            as_of: last.date,
            source: history.source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(days: u64, step: usize) -> History {
        let first: NaiveDate = "2010-01-01".parse().unwrap();
        let end = first + Days::new(days);
        let days = first
            .iter_days()
            .step_by(step)
            .take_while(|day| *day <= end);
        let bar = |(at, date): (usize, NaiveDate)| {
            let close = Decimal::from(at + 10);
            Bar {
                date,
                open: close,
                high: close + Decimal::ONE,
                low: close - Decimal::ONE,
                close,
                volume: 0,
            }
        };
        History {
            bars: days.enumerate().map(bar).collect(),
            splits: None,
            source: Source::Sample,
        }
    }

    #[test]
    fn a_year_is_told_when_a_year_is_known() {
        assert_eq!(Year::of(&history(363, 1)), None);
        // The first day is not among the 364 days that end with the last.
        let year = Year::of(&history(364, 1)).unwrap();
        assert_eq!(
            (year.low, year.high),
            (Decimal::from(10), Decimal::from(375))
        );
        assert_eq!(year.as_of.to_string(), "2010-12-31");
        let weeks = Year::of(&history(700, 7)).unwrap();
        assert_eq!(
            (weeks.low, weeks.high),
            (Decimal::from(58), Decimal::from(111))
        );
        let none = History {
            bars: Vec::new(),
            ..history(1, 1)
        };
        assert_eq!(Year::of(&none), None);
    }
}
