//! How a reader wants a chart: kind, scale, range, indicators, what it is compared with.
//!
//! All of it is one line, `kind=line&range=5y&studies=sma:20~rsi:14`: the query of the page's address,
//! so that a chart can be handed on, and without what belongs to one instrument a cookie, so that
//! the next chart looks like the last. What cannot be read is as if it were not there.

use crate::markets::Symbol;
use crate::markets::indicators::Study;
use crate::markets::view::in_address;
use crate::ui::choices;
use chrono::{Datelike, Months, NaiveDate};

/// Most indicators of a chart.
pub const MAX_STUDIES: usize = 8;
/// Most instruments beside the first.
pub const MAX_COMPARED: usize = 4;
/// Between the parts of a list: nothing that addresses or cookies would have to escape.
const BETWEEN: char = '~';

choices! {
    /// How prices are drawn.
    Kind {
        /// Open, high, low and close of each day.
        Candles = "candles",
        /// The closes.
        Line = "line",
        /// The closes, filled.
        Area = "area",
    }
}

choices! {
    /// How prices are laid on the axis.
    Scale {
        /// Equal steps are equal sums.
        Linear = "linear",
        /// Equal steps are equal parts.
        Log = "log",
    }
}

/// Which stretch of the past is shown at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// So many months up to the last day.
    Months(u32),
    /// Since the beginning of the last day's year.
    YearToDate,
    /// Everything.
    All,
    /// From one day to another.
    Days(NaiveDate, NaiveDate),
}

impl Range {
    /// Those that have a button.
    pub const BUTTONS: [Self; 7] = [
        Self::Months(1),
        Self::Months(3),
        Self::Months(6),
        Self::YearToDate,
        Self::Months(12),
        Self::Months(60),
        Self::All,
    ];

    /// What a new reader sees.
    const USUAL: Self = Self::Months(12);

    /// Its name in the address.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Months(months) if months % 12 == 0 => format!("{}y", months / 12),
            Self::Months(months) => format!("{months}m"),
            Self::YearToDate => "ytd".into(),
            Self::All => "all".into(),
            Self::Days(from, to) => format!("{from}{BETWEEN}{to}"),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        if let Some((from, to)) = name.split_once(BETWEEN) {
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            return (from < to).then_some(Self::Days(from, to));
        }
        let mut known = Self::BUTTONS.into_iter();
        known.find(|range| range.name() == name)
    }

    /// The first and the last of these days that it shows: at least two, where there are.
    #[must_use]
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

/// All that a reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSettings {
    /// How prices are drawn.
    pub kind: Kind,
    /// How they are laid on the axis.
    pub scale: Scale,
    /// What is shown at first.
    pub range: Range,
    /// Whether volumes stand below the prices.
    pub volume: bool,
    /// Indicators, in the order of their choice.
    pub studies: Vec<Study>,
    /// Symbols of other instruments: then everything is in per cent since the first day shown.
    pub compare: Vec<String>,
}

impl Default for ChartSettings {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            scale: Scale::default(),
            range: Range::USUAL,
            volume: true,
            studies: Vec::new(),
            compare: Vec::new(),
        }
    }
}

impl ChartSettings {
    /// What the cookie keeps, and over it what the address says.
    #[must_use]
    pub fn read(cookie: Option<&str>, query: impl Fn(&str) -> Option<String>) -> Self {
        let mut settings = Self::default();
        let kept = cookie.unwrap_or_default();
        for (name, value) in kept.split('&').filter_map(|pair| pair.split_once('=')) {
            settings.set(name, value);
        }
        for name in ["kind", "scale", "range", "volume", "studies", "compare"] {
            if let Some(value) = query(name) {
                settings.set(name, &value);
            }
        }
        settings
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            "kind" => self.kind = Kind::parse(value).unwrap_or(self.kind),
            "scale" => self.scale = Scale::parse(value).unwrap_or(self.scale),
            "range" => self.range = Range::parse(value).unwrap_or(self.range),
            "volume" => self.volume = value != "off",
            "studies" => {
                self.studies.clear();
                let read = |text: &str| text.parse::<Study>().ok();
                value
                    .split(BETWEEN)
                    .filter_map(read)
                    .for_each(|study| self.add(study));
            }
            "compare" => {
                self.compare.clear();
                let read = |text: &str| text.parse::<Symbol>().ok();
                value
                    .split(BETWEEN)
                    .filter_map(read)
                    .for_each(|symbol| self.beside(symbol.as_str()));
            }
            _ => {}
        }
    }

    /// One more indicator, unless it is there already or there are too many.
    pub fn add(&mut self, study: Study) {
        if self.studies.len() < MAX_STUDIES && !self.studies.contains(&study) {
            self.studies.push(study);
        }
    }

    /// One more instrument to compare with, likewise.
    pub fn beside(&mut self, symbol: &str) {
        if self.compare.len() < MAX_COMPARED && !self.compare.iter().any(|one| one == symbol) {
            self.compare.push(symbol.to_owned());
        }
    }

    /// The query of the page's address.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = self.pairs(self.range);
        if !self.compare.is_empty() {
            let list = self.compare.join(&BETWEEN.to_string());
            query.push(format!("compare={}", in_address(&list)));
        }
        query.join("&")
    }

    /// What the next chart begins with.
    #[must_use]
    pub fn cookie(&self) -> String {
        let range = match self.range {
            Range::Days(..) => Range::USUAL,
            range => range,
        };
        // Days of one instrument mean nothing to another.
        let mut settings = self.clone();
        for study in &mut settings.studies {
            if let Study::Vwap(anchor) = study {
                *anchor = None;
            }
        }
        settings.pairs(range).join("&")
    }

    fn pairs(&self, range: Range) -> Vec<String> {
        let studies: Vec<String> = self.studies.iter().map(ToString::to_string).collect();
        vec![
            format!("kind={}", self.kind.as_str()),
            format!("scale={}", self.scale.as_str()),
            format!("range={}", range.name()),
            format!("volume={}", if self.volume { "on" } else { "off" }),
            format!("studies={}", studies.join(&BETWEEN.to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn back(settings: &ChartSettings) -> ChartSettings {
        let query = settings.query();
        let query = query.replace("%5E", "^").replace("%3D", "=");
        ChartSettings::read(None, |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn the_address_brings_back_what_was_chosen() {
        let settings = ChartSettings {
            kind: Kind::Area,
            scale: Scale::Log,
            range: Range::Days(day("2010-01-01"), day("2011-02-03")),
            volume: false,
            studies: vec![
                "sma:50".parse().unwrap(),
                "bollinger:20:2.5".parse().unwrap(),
            ],
            compare: vec!["MSFT".into(), "^SPX".into(), "EURUSD=X".into()],
        };
        assert_eq!(back(&settings), settings);
        assert_eq!(back(&ChartSettings::default()), ChartSettings::default());
    }

    #[test]
    fn a_cookie_keeps_what_fits_every_instrument() {
        let settings = ChartSettings {
            range: Range::Days(day("2010-01-01"), day("2011-02-03")),
            studies: vec!["vwap:2012-01-03".parse().unwrap()],
            compare: vec!["MSFT".into()],
            ..ChartSettings::default()
        };
        let next = ChartSettings::read(Some(&settings.cookie()), |_| None);
        assert_eq!(next.range, Range::USUAL);
        assert_eq!(next.studies, [Study::Vwap(None)]);
        assert!(next.compare.is_empty());
        assert!(!settings.cookie().contains([';', ',', ' ', '"']));
    }

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        let read = |query: &'static [(&'static str, &'static str)]| {
            ChartSettings::read(None, |name| {
                let found = query.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let usual = ChartSettings::default();
        assert_eq!(
            read(&[("kind", "pie"), ("range", "2011-01-01~2010-01-01")]),
            usual
        );
        assert_eq!(read(&[("studies", "sma:0~nothing~rsi:999999")]), usual);
        assert_eq!(read(&[("compare", "a b~../x~<script>")]), usual);
        let many = read(&[("compare", "a~b~c~d~e~f~a")]);
        assert_eq!(many.compare, ["A", "B", "C", "D"]);
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

        #[test]
        fn any_address_is_survived(text in ".{0,60}", name in "kind|scale|range|volume|studies|compare") {
            let settings = ChartSettings::read(Some(&text), |known| (known == name).then(|| text.clone()));
            prop_assert!(settings.studies.len() <= MAX_STUDIES);
            prop_assert_eq!(back(&settings), settings);
        }
    }
}
