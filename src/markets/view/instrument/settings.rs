//! A reader's settings of a chart: kind, scale, range, indicators, compared symbols.
//!
//! All of it is one line, `kind=line&range=5y&studies=sma:20~rsi:14`: the query of the page's
//! address, so that a chart can be shared, and without what belongs to one instrument a cookie, so
//! that the next chart looks like the last. Invalid settings are ignored.

use crate::markets::Symbol;
use crate::markets::indicators::Study;
use crate::markets::view::in_address;
use crate::ui::choices;
use crate::ui::range::{BETWEEN, Range};

/// Maximum number of indicators on a chart.
pub const MAX_STUDIES: usize = 8;
/// Maximum number of compared instruments.
pub const MAX_COMPARED: usize = 4;

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
    /// How prices are scaled on the axis.
    Scale {
        /// Equal distances are equal amounts.
        Linear = "linear",
        /// Equal distances are equal ratios.
        Log = "log",
    }
}

/// All settings of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSettings {
    pub kind: Kind,
    pub scale: Scale,
    /// Range shown at first.
    pub range: Range,
    /// Whether volumes are shown.
    pub volume: bool,
    /// Indicators, in the order in which they were chosen.
    pub studies: Vec<Study>,
    /// Symbols of compared instruments: with any, everything is in % since the first visible day.
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
    /// Reads the cookie, then the address, which takes precedence.
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

    /// Adds an indicator, unless it is there already or there are too many.
    pub fn add(&mut self, study: Study) {
        if self.studies.len() < MAX_STUDIES && !self.studies.contains(&study) {
            self.studies.push(study);
        }
    }

    /// Adds an instrument to compare with, likewise.
    pub fn beside(&mut self, symbol: &str) {
        if self.compare.len() < MAX_COMPARED && !self.compare.iter().any(|one| one == symbol) {
            self.compare.push(symbol.to_owned());
        }
    }

    /// Returns the query of the page's address.
    pub fn query(&self) -> String {
        let mut query = self.pairs(self.range);
        if !self.compare.is_empty() {
            let list = self.compare.join(&BETWEEN.to_string());
            query.push(format!("compare={}", in_address(&list)));
        }
        query.join("&")
    }

    /// Returns the cookie for the next chart.
    pub fn cookie(&self) -> String {
        let range = match self.range {
            Range::Days(..) => Range::USUAL,
            range => range,
        };
        // A day chosen for one instrument means nothing to another.
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
    use chrono::NaiveDate;
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

    proptest! {
        #[test]
        fn any_address_is_survived(text in ".{0,60}", name in "kind|scale|range|volume|studies|compare") {
            let settings = ChartSettings::read(Some(&text), |known| (known == name).then(|| text.clone()));
            prop_assert!(settings.studies.len() <= MAX_STUDIES);
            prop_assert_eq!(back(&settings), settings);
        }
    }
}
