//! Days over which mentions are counted.

use crate::shared::{Error, Result};
use chrono::{Days, NaiveDate};

/// Spans that can be requested, in days.
pub const SPANS: [u32; 3] = [7, 30, 90];
/// Default span, in days.
pub const SPAN: u32 = 30;

/// The days of a request, and the same number of days before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// First of the days before.
    pub before: NaiveDate,
}

impl Span {
    /// Returns the last `days` days up to `to`.
    pub fn up_to(to: NaiveDate, days: u32) -> Self {
        let back = |count: u32| to.checked_sub_days(Days::new(count.into())).unwrap_or(to);
        Self {
            from: back(days.saturating_sub(1)),
            to,
            before: back((2 * days).saturating_sub(1)),
        }
    }

    /// Last of the days before.
    pub fn before_to(&self) -> NaiveDate {
        self.from.pred_opt().unwrap_or(self.from)
    }

    /// Every day, oldest first.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }
}

/// Parses the number of days; default: [`SPAN`].
///
/// # Errors
/// `bad-days`.
pub fn days(text: Option<&str>) -> Result<u32> {
    let Some(text) = text else { return Ok(SPAN) };
    let days = text.parse().ok().filter(|days| SPANS.contains(days));
    days.ok_or_else(|| Error::bad_request("bad-days", "days must be 7, 30 or 90"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_some_spans() {
        assert_eq!(days(None), Ok(30));
        assert_eq!(days(Some("7")), Ok(7));
        for bad in ["", "0", "8", "x", "-7", "7.0", "99999999999999"] {
            assert_eq!(days(Some(bad)).unwrap_err().code, "bad-days", "{bad}");
        }
    }

    proptest! {
        #[test]
        fn both_spans_have_as_many_days(day in -100_000..100_000_i32, span in prop::sample::select(&SPANS)) {
            let to = NaiveDate::from_num_days_from_ce_opt(730_000 + day).unwrap();
            let found = Span::up_to(to, span);
            prop_assert_eq!(found.days().count(), span as usize);
            prop_assert_eq!(found.days().last(), Some(to));
            let before = found.before_to() - found.before;
            prop_assert_eq!(before.num_days() + 1, i64::from(span));
        }
    }
}
