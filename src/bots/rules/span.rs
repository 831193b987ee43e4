//! Periods up to today: `5d`, `2w`, `6m`, `1y`.

use chrono::{Days, Months, NaiveDate};
use std::{fmt, str::FromStr};

/// A number of days, weeks, months or years; 10 years at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    count: u32,
    unit: char,
}

impl Span {
    /// Default of a price chart.
    pub const HALF_YEAR: Self = Self {
        count: 6,
        unit: 'm',
    };
    /// Default of a comparison.
    pub const YEAR: Self = Self {
        count: 1,
        unit: 'y',
    };
    /// Unit letters with their maximum.
    const UNITS: [(char, u32); 4] = [('d', 3_650), ('w', 520), ('m', 120), ('y', 10)];

    /// Returns the day that is one period before another.
    pub fn before(self, day: NaiveDate) -> NaiveDate {
        let before = match self.unit {
            'd' => day.checked_sub_days(Days::new(self.count.into())),
            'w' => day.checked_sub_days(Days::new(u64::from(self.count) * 7)),
            'm' => day.checked_sub_months(Months::new(self.count)),
            _ => day.checked_sub_months(Months::new(self.count * 12)),
        };
        before.unwrap_or(NaiveDate::MIN)
    }
}

/// Error: not a valid period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSpan;

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        let mut letters = text.chars();
        let unit = letters.next_back().ok_or(NoSpan)?.to_ascii_lowercase();
        let digits = letters.as_str();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let count: u32 = digits.parse().map_err(|_| NoSpan)?;
        let mut units = Self::UNITS.into_iter();
        let known = units.any(|(known, most)| known == unit && (1..=most).contains(&count));
        (plain && known)
            .then_some(Self { count, unit })
            .ok_or(NoSpan)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_go_back_by_the_calendar() {
        let day: NaiveDate = "2012-03-31".parse().unwrap();
        for (text, before) in [
            ("5d", "2012-03-26"),
            ("2W", "2012-03-17"),
            ("1m", "2012-02-29"),
            ("10y", "2002-03-31"),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.before(day).to_string(), before);
            assert_eq!(span.to_string(), text.to_lowercase());
        }
        for text in ["", "d", "0d", "11y", "+1d", "5", "5x", "½d"] {
            assert_eq!(text.parse::<Span>(), Err(NoSpan), "{text}");
        }
    }
}
