//! Indicators as a chart draws them.

use crate::markets::indicators::{Candle, Study};

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As a line.
    Line,
    /// As a dot on each bar.
    Dots,
    /// As bars up and down from zero.
    Signed,
}

/// A line of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Message key after `study-line-`; empty if the indicator has one line only.
    pub name: &'static str,
    pub look: Look,
    /// Values at the positions of the axis where they are drawn.
    pub values: Vec<Option<f64>>,
}

/// An indicator with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub study: Study,
    pub lines: Vec<Line>,
}

impl Drawn {
    /// Computes an indicator.
    pub fn of(study: Study, bars: &[Candle]) -> Self {
        let series = study.series(bars);
        let names = study.lines();
        let line = |(at, name): (usize, &&'static str)| {
            let later = study.shift(at);
            let values = series
                .iter()
                .map(|values| values.get(at).copied().flatten());
            Line {
                name: if names.len() == 1 { "" } else { name },
                look: match (study, *name) {
                    (Study::Sar(..), _) => Look::Dots,
                    (_, "histogram") => Look::Signed,
                    _ => Look::Line,
                },
                values: std::iter::repeat_n(None, later).chain(values).collect(),
            }
        };
        Self {
            study,
            lines: names.iter().enumerate().map(line).collect(),
        }
    }
}

/// Returns by how many days these indicators reach beyond the last bar.
#[cfg(any(feature = "hydrate", test))]
pub fn beyond(studies: &[Drawn], bars: usize) -> usize {
    let lines = studies.iter().flat_map(|drawn| &drawn.lines);
    let longest = lines.map(|line| line.values.len()).max();
    longest.unwrap_or(bars).saturating_sub(bars)
}

/// Returns the settings of an indicator: message key and value as text.
pub fn settings(study: Study) -> Vec<(&'static str, String)> {
    let text = study.to_string();
    let names: &[&str] = match study {
        Study::Bollinger(..) => &["period", "width"],
        Study::Vwap(_) => &["anchor"],
        Study::Ichimoku(..) => &["conversion", "base", "slow"],
        Study::Sar(..) => &["step", "most"],
        Study::Macd(..) => &["fast", "slow", "signal"],
        Study::Stochastic(..) => &["period", "smooth-k", "smooth-d"],
        Study::Obv => &[],
        _ => &["period"],
    };
    let mut values = text.split(':').skip(1);
    let value = |name: &&'static str| (*name, values.next().unwrap_or_default().to_owned());
    names.iter().map(value).collect()
}

/// Returns the indicator with other settings.
///
/// # Errors
/// `bad-study`: one of them is invalid.
pub fn with_settings(study: Study, values: &[String]) -> crate::shared::Result<Study> {
    let mut text = study.name().to_owned();
    for value in values {
        let value = value.trim();
        if !value.is_empty() {
            text.push(':');
            // Some readers type 2,5; the text form has a point.
            text.push_str(&value.replace(',', "."));
        }
    }
    text.parse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn bars(count: usize) -> Vec<Candle> {
        let first: NaiveDate = "2012-01-01".parse().unwrap();
        let bar = |(at, date): (usize, NaiveDate)| {
            let close = 100.0 + (at as f64 / 5.0).sin() * 10.0;
            Candle {
                date,
                open: close - 0.5,
                high: close + 1.0,
                low: close - 1.0,
                close,
                volume: 1000.0 + at as f64,
            }
        };
        first.iter_days().take(count).enumerate().map(bar).collect()
    }

    #[test]
    fn a_cloud_is_drawn_later_than_it_is_computed() {
        let bars = bars(100);
        let drawn = Drawn::of(Study::Ichimoku(9, 26, 52), &bars);
        let lengths: Vec<usize> = drawn.lines.iter().map(|line| line.values.len()).collect();
        assert_eq!(lengths, [100, 100, 126, 126]);
        assert_eq!(beyond(&[drawn], 100), 26);
        assert_eq!(beyond(&[], 100), 0);
    }

    #[test]
    fn settings_can_be_changed_one_by_one() {
        for study in Study::ALL {
            let values: Vec<String> = settings(study)
                .into_iter()
                .map(|(_, value)| value)
                .collect();
            assert_eq!(with_settings(study, &values).unwrap(), study, "{study}");
        }
        let changed = with_settings(Study::Bollinger(20, 2.0), &["10".into(), " 2,5 ".into()]);
        assert_eq!(changed.unwrap(), Study::Bollinger(10, 2.5));
        assert!(with_settings(Study::Sma(20), &["0".into()]).is_err());
        assert!(with_settings(Study::Rsi(14), &["NaN".into()]).is_err());
        assert_eq!(
            with_settings(Study::Vwap(None), &["2012-01-03".into()]).unwrap(),
            Study::Vwap(Some("2012-01-03".parse().unwrap()))
        );
    }
}
