//! Return, volatility and max drawdown of closes, for one symbol or a comparison.

use crate::portfolio::rules::risk;
use chrono::NaiveDate;

/// Maximum number of points of a line.
pub const POINTS: usize = 60;

/// A line that starts at 100, with its statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The same number in each line, at most [`POINTS`].
    pub points: Vec<f64>,
    /// Total return as a fraction.
    pub total: f64,
    /// Annualized volatility; None: fewer than 20 days.
    pub volatility: Option<f64>,
    /// Max drawdown as a fraction, 0 or negative.
    pub fall: f64,
}

/// Closes by day, oldest first.
pub type Closes = Vec<(NaiveDate, f64)>;

/// Returns the range that all histories cover: from the first common day on or after `back` of the
/// last day, to the last common day.
pub fn common(
    all: &[Closes],
    back: impl Fn(NaiveDate) -> NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let last = |closes: &Closes| closes.last().map(|(day, _)| *day);
    let to = all.iter().map(last).min()??;
    let from = back(to);
    let first = |closes: &Closes| {
        let at = closes.partition_point(|(day, _)| *day < from);
        closes.get(at).map(|(day, _)| *day)
    };
    let firsts: Option<Vec<_>> = all.iter().map(first).collect();
    let from = firsts?.into_iter().max()?;
    (from < to).then_some((from, to))
}

/// Computes the line of closes between two days.
pub fn line(closes: &Closes, from: NaiveDate, to: NaiveDate) -> Option<Line> {
    let start = closes
        .partition_point(|(day, _)| *day <= from)
        .checked_sub(1)?;
    let end = closes.partition_point(|(day, _)| *day <= to);
    let shown = closes.get(start..end)?;
    let (_, first) = *shown.first().filter(|(_, close)| *close > 0.0)?;
    let (_, last) = *shown.last()?;
    let (days, wanted) = ((to - from).num_days(), POINTS as i64 - 1);
    let steps = days.clamp(1, wanted);
    let point = |step: i64| {
        let day = from + chrono::TimeDelta::days(days * step / steps);
        let at = shown.partition_point(|(known, _)| *known <= day);
        let (_, close) = shown.get(at.checked_sub(1)?)?;
        // Rounded to the precision that a chart can show.
        Some((close / first * 100_000.0).round() / 1_000.0)
    };
    let returns: Vec<f64> = shown
        .windows(2)
        .filter_map(|two| match two {
            [(_, before), (_, after)] if *before > 0.0 => Some(after / before - 1.0),
            _ => None,
        })
        .collect();
    let enough = returns.len() >= risk::FEWEST;
    let mut peak = first;
    let fall = shown.iter().fold(0.0_f64, |fall, (_, close)| {
        peak = peak.max(*close);
        fall.min(close / peak - 1.0)
    });
    Some(Line {
        points: (0..=steps).map(point).collect::<Option<_>>()?,
        total: last / first - 1.0,
        volatility: enough.then(|| risk::volatility(&returns)).flatten(),
        fall,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn closes(from: &str, prices: &[f64]) -> Closes {
        day(from).iter_days().zip(prices.iter().copied()).collect()
    }

    #[test]
    fn lines_begin_at_a_hundred_on_the_same_day() {
        let one = closes("2012-01-01", &[10.0, 12.0, 9.0, 15.0]);
        let two = closes("2012-01-02", &[50.0, 40.0, 60.0, 70.0]);
        let all = [one, two];
        let found = common(&all, |to| to - Days::new(30));
        assert_eq!(found, Some((day("2012-01-02"), day("2012-01-04"))));
        let (from, to) = found.unwrap();
        let lines: Vec<_> = all.iter().map(|one| line(one, from, to).unwrap()).collect();
        assert_eq!(lines[0].points, [100.0, 75.0, 125.0]);
        assert_eq!(lines[1].points, [100.0, 80.0, 120.0]);
        assert!((lines[0].total - 0.25).abs() < 1e-12);
        assert!((lines[0].fall + 0.25).abs() < 1e-12);
        assert_eq!(lines[0].volatility, None, "too few days");
        assert_eq!(common(&all, |to| to), None, "one day is no course");
        assert_eq!(common(&[], |to| to), None);
        assert_eq!(
            common(&[Vec::new(), all[0].clone()], |to| to - Days::new(9)),
            None
        );
    }

    proptest! {
        #[test]
        fn a_line_is_bounded(
            prices in prop::collection::vec(0.01_f64..1_000.0, 2..900), back in 1_u64..900,
        ) {
            let one = closes("2005-01-01", &prices);
            let (from, to) = common(std::slice::from_ref(&one), |to| to - Days::new(back)).unwrap();
            let line = line(&one, from, to).unwrap();
            prop_assert!((2..=POINTS).contains(&line.points.len()));
            prop_assert_eq!(line.points[0], 100.0);
            let end = line.points.last().unwrap() / 100.0 - 1.0;
            prop_assert!((end - line.total).abs() < 1e-4);
            prop_assert!((-1.0..=0.0).contains(&line.fall) && line.fall <= line.total + 1e-12);
        }
    }
}
