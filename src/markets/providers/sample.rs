//! The bundled sample: real daily prices of five companies until 2013-03-01, public domain (see
//! NOTICE). Always available, and always old: every quote carries its date.

use super::{Bar, History, MarketData, ProviderFailure, Quote, Source, Split, Symbol, splits};
use async_trait::async_trait;
use chrono::NaiveDate;
use flate2::read::GzDecoder;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock},
};

static PACKED: &[u8] = include_bytes!("../data/sample_daily.csv.gz");

/// All bars by ticker, oldest first, unadjusted. Unpacked on first use.
static BARS: LazyLock<Result<HashMap<String, Vec<Bar>>, csv::Error>> = LazyLock::new(unpack);

/// The same, adjusted for splits.
static HISTORIES: LazyLock<HashMap<&str, Arc<History>>> = LazyLock::new(histories);

/// A split of one of the five: ticker, year, month and day of the first trade in new shares, and
/// the number of new shares for an old one.
type OwnSplit = (&'static str, i32, u32, u32, u32);

/// All splits of those years. The file does not mark them; its adjusted closes do.
const SPLITS: [OwnSplit; 3] = [
    ("AAPL", 2000, 6, 21, 2),
    ("AAPL", 2005, 2, 28, 2),
    ("MSFT", 2003, 2, 18, 2),
];

/// A row of the file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    ticker: String,
    date: NaiveDate,
    open: Decimal,
    high: Decimal,
    low: Decimal,
    close: Decimal,
    volume: u64,
}

/// The bundled prices as a data source.
pub struct Sample;

#[async_trait]
impl MarketData for Sample {
    async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure> {
        let bars = bars()?.get(ticker(symbol));
        // The two days are comparable: none of the five was split on its last day.
        Ok(bars.and_then(|bars| Quote::of_bars(symbol.as_str(), bars, Source::Sample)))
    }

    async fn history(&self, symbol: &Symbol) -> Result<Option<Arc<History>>, ProviderFailure> {
        bars()?;
        Ok(history(symbol))
    }

    fn source(&self) -> Source {
        Source::Sample
    }
}

/// Returns the history of a symbol, adjusted for splits.
pub(super) fn history(symbol: &Symbol) -> Option<Arc<History>> {
    HISTORIES.get(ticker(symbol)).cloned()
}

/// Returns all days on which one of the five was traded, in order.
pub(super) fn days() -> impl Iterator<Item = NaiveDate> {
    let all = HISTORIES.values().flat_map(|history| &history.bars);
    let days: BTreeSet<NaiveDate> = all.map(|bar| bar.date).collect();
    days.into_iter()
}

fn bars() -> Result<&'static HashMap<String, Vec<Bar>>, ProviderFailure> {
    BARS.as_ref().map_err(|error| {
        tracing::error!(error.cause = %error, "reading the bundled prices failed");
        ProviderFailure::Unusable("bundled prices")
    })
}

/// Returns the ticker of a symbol in the file: without the suffix of the US market, and as in 2013.
fn ticker(symbol: &Symbol) -> &str {
    let code = symbol.as_str();
    match code.strip_suffix(".US").unwrap_or(code) {
        "META" => "FB",
        ticker => ticker,
    }
}

fn histories() -> HashMap<&'static str, Arc<History>> {
    let all = bars().ok().into_iter().flatten();
    let history = |(ticker, bars): (&'static String, &Vec<Bar>)| {
        let own = SPLITS.iter().filter(|(of, ..)| of == ticker);
        let splits: Vec<Split> = own
            .filter_map(|&(_, year, month, day, to)| {
                let date = NaiveDate::from_ymd_opt(year, month, day)?;
                Some(Split { date, from: 1, to })
            })
            .collect();
        let mut bars = bars.clone();
        splits::take_out(&mut bars, &splits);
        let source = Source::Sample;
        let history = History {
            bars,
            splits: Some(splits),
            source,
        };
        (ticker.as_str(), Arc::new(history))
    };
    all.map(history).collect()
}

fn unpack() -> Result<HashMap<String, Vec<Bar>>, csv::Error> {
    let mut bars: HashMap<String, Vec<Bar>> = HashMap::new();
    for row in csv::Reader::from_reader(GzDecoder::new(PACKED)).deserialize() {
        let row: Row = row?;
        bars.entry(row.ticker).or_default().push(Bar {
            date: row.date,
            open: row.open,
            high: row.high,
            low: row.low,
            close: row.close,
            volume: row.volume,
        });
    }
    Ok(bars)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn quote(code: &str) -> Option<Quote> {
        Sample.quote(&code.parse().unwrap()).await.unwrap()
    }

    #[test]
    fn the_file_is_whole() {
        let bars = BARS.as_ref().unwrap();
        let mut counts: Vec<_> = bars.iter().map(|(t, b)| (t.as_str(), b.len())).collect();
        counts.sort_unstable();
        assert_eq!(
            counts,
            [
                ("AAPL", 3270),
                ("FB", 196),
                ("GOOG", 2148),
                ("IBM", 3270),
                ("MSFT", 3270)
            ]
        );
        for bars in bars.values() {
            assert!(bars.is_sorted_by_key(|bar| bar.date));
            assert_eq!(bars.last().unwrap().date.to_string(), "2013-03-01");
        }
    }

    #[tokio::test]
    async fn the_last_close_with_its_date() {
        let quote = quote("aapl.us").await.unwrap();
        assert_eq!(quote.symbol, "AAPL.US");
        assert_eq!(quote.price.to_string(), "430.47");
        assert_eq!(quote.previous_close.unwrap().to_string(), "441.4");
        assert_eq!(quote.change().unwrap().to_string(), "-10.93");
        assert_eq!(quote.volume, Some(19_730_300));
        assert_eq!(quote.date.to_string(), "2013-03-01");
        assert_eq!(quote.source, Source::Sample);
    }

    /// The file's adjusted closes also account for dividends, which change little in a day.
    #[tokio::test]
    async fn a_split_is_no_fall() {
        for (ticker, year, month, day, _) in SPLITS {
            let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let history = Sample
                .history(&ticker.parse().unwrap())
                .await
                .unwrap()
                .unwrap();
            let at = history
                .bars
                .iter()
                .position(|bar| bar.date == date)
                .unwrap();
            let [before, after] = [at - 1, at].map(|at| history.bars[at].close);
            let change = (after / before).to_string().parse::<f64>().unwrap();
            assert!((0.9..1.1).contains(&change), "{ticker} {date}: {change}");
            let raw = &BARS.as_ref().unwrap()[ticker];
            assert!(raw[at - 1].close > raw[at].close * Decimal::new(15, 1));
            assert_eq!(raw.last().unwrap(), history.bars.last().unwrap());
        }
    }

    #[tokio::test]
    async fn other_names_of_the_same() {
        let facebook = quote("FB").await.unwrap();
        let meta = quote("meta.us").await.unwrap();
        assert_eq!(meta.price, facebook.price);
        assert_eq!(meta.symbol, "META.US");
        assert!(quote("APPL.US").await.is_none());
        assert!(quote("AAPL.DE").await.is_none());
    }
}
