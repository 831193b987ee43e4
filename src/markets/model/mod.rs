//! Instruments and quotes, shared by server and browser.

mod about;
mod chart;
mod drawing;
mod watchlist;

pub use about::{About, News, Year};
pub use chart::{Columns, InstrumentPage, Rated, Trade};
pub use drawing::{DRAWINGS, Drawing, DrawingsChanged, Shape};
pub use watchlist::{WatchPage, Watched, Watchlist};

use crate::shared::text_enum;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Data source of a price.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Source {
        /// Bundled public-domain data, which ends in 2013.
        Sample = "sample",
        /// The sample data, replayed as a moving market.
        Replay = "replay",
        /// Price files of the admin.
        Folder = "folder",
        /// stooq.com.
        Stooq = "stooq",
        /// alphavantage.co.
        AlphaVantage = "alpha_vantage",
        /// massive.com, formerly polygon.io.
        Massive = "massive",
    }
}

/// How recent the prices of a data source are at best. The day of a price says how old it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Delayed by some minutes.
    Delayed,
    /// Of the last completed day.
    EndOfDay,
    /// Old data, for trying things out.
    Sample,
    /// Old data, moving as if it were live.
    Replay,
}

impl Source {
    /// Returns how recent its prices are at best.
    pub const fn freshness(self) -> Freshness {
        match self {
            Self::Sample => Freshness::Sample,
            Self::Replay => Freshness::Replay,
            Self::Stooq => Freshness::Delayed,
            Self::Folder | Self::AlphaVantage | Self::Massive => Freshness::EndOfDay,
        }
    }
}

/// An instrument, as in the reference data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Symbol, upper case.
    pub symbol: String,
    pub name: String,
    /// Business sector, if known.
    pub sector: Option<Sector>,
}

/// The eleven sectors of the Global Industry Classification Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sector {
    /// Media and telecommunication.
    CommunicationServices,
    /// Goods and services that people can do without.
    ConsumerDiscretionary,
    /// Goods that people always need.
    ConsumerStaples,
    /// Oil, gas, coal.
    Energy,
    /// Banks, insurance.
    Financials,
    /// Medicine.
    HealthCare,
    /// Machines, transport.
    Industrials,
    /// Software, hardware.
    InformationTechnology,
    /// Chemicals, metals, paper.
    Materials,
    /// Land and buildings.
    RealEstate,
    /// Power, water.
    Utilities,
}

impl Sector {
    /// All sectors with their English names.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::CommunicationServices, "Communication Services"),
        (Self::ConsumerDiscretionary, "Consumer Discretionary"),
        (Self::ConsumerStaples, "Consumer Staples"),
        (Self::Energy, "Energy"),
        (Self::Financials, "Financials"),
        (Self::HealthCare, "Health Care"),
        (Self::Industrials, "Industrials"),
        (Self::InformationTechnology, "Information Technology"),
        (Self::Materials, "Materials"),
        (Self::RealEstate, "Real Estate"),
        (Self::Utilities, "Utilities"),
    ];

    /// Returns the sector with this English name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(_, known)| known.eq_ignore_ascii_case(name.trim()));
        found.map(|(sector, _)| sector)
    }

    /// Returns the English name, which the API uses.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(sector, _)| *sector == self)
            .map_or("", |(_, name)| name)
    }
}

/// Prices of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    pub date: NaiveDate,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    /// Number of shares traded.
    pub volume: u64,
}

/// A stock split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// First day on which prices are those of the new shares.
    pub date: NaiveDate,
    /// Number of old shares.
    pub from: u32,
    /// Number of new shares that replace them.
    pub to: u32,
}

/// A dividend of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dividend {
    /// Ex-dividend date: the first day on which a buyer does not get the dividend.
    pub date: NaiveDate,
    /// Payment date, if reported.
    #[serde(default)]
    pub pays: Option<NaiveDate>,
    /// Amount per share of that day, in the instrument's currency: not adjusted for later splits.
    pub amount: Decimal,
}

/// Company profile from a data source and the reference data; `None`: not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Symbol, upper case, as requested.
    pub symbol: String,
    pub name: Option<String>,
    pub sector: Option<Sector>,
    /// More specific than the sector, in the data source's English words.
    pub industry: Option<String>,
    pub exchange: Option<String>,
    /// Currency code.
    pub currency: Option<String>,
    /// What the company does, in the data source's English words.
    pub description: Option<String>,
    /// The company's website: `http` or `https`.
    pub homepage: Option<String>,
    /// Value of all its shares, in its currency.
    pub market_cap: Option<Decimal>,
    /// Price divided by the earnings per share of the last year.
    pub price_earnings: Option<Decimal>,
    /// Dividends of a year as a fraction of the price.
    pub dividend_yield: Option<Decimal>,
    /// Day on which the data source reported this.
    pub as_of: Option<NaiveDate>,
    /// Data source; `None`: only the reference data.
    pub source: Option<Source>,
}

/// News item about an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    pub title: String,
    /// Address of the article: `http` or `https`.
    pub url: String,
    pub publisher: String,
    pub published_at: DateTime<Utc>,
    pub summary: Option<String>,
    /// Sentiment for this instrument, as rated by the data source.
    pub sentiment: Option<Sentiment>,
    /// Data source of the news item.
    pub source: Source,
}

/// Sentiment of a news item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    Positive,
    Neutral,
    Negative,
}

/// Price history of an instrument, oldest day first. Prices from before a split are adjusted to
/// today's shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Trading days.
    pub bars: Vec<Bar>,
    /// Splits that the prices are adjusted for, oldest first; `None`: the data source does not
    /// report them, though its prices are adjusted too.
    pub splits: Option<Vec<Split>>,
    pub source: Source,
}

/// Daily closes as `f64`, adjusted for splits as in a [`History`].
#[derive(Clone, Debug, PartialEq)]
pub struct Closes {
    /// Days with their closes, oldest first.
    pub days: Vec<(NaiveDate, f64)>,
    /// Splits that the closes are adjusted for, as in a [`History`].
    pub splits: Option<Vec<Split>>,
    pub source: Source,
}

impl History {
    /// Returns the last day.
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.bars.last().map(|bar| bar.date)
    }
}

/// Last known price of an instrument. Never shown without its source and date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Symbol, upper case, as requested: `AAPL.US`.
    pub symbol: String,
    /// In the instrument's currency.
    pub price: Decimal,
    pub open: Option<Decimal>,
    pub high: Option<Decimal>,
    pub low: Option<Decimal>,
    /// Close of the previous day, if reported.
    pub previous_close: Option<Decimal>,
    /// Number of shares traded on the day.
    pub volume: Option<u64>,
    /// Day of the price.
    pub date: NaiveDate,
    /// Time of the price in the market's time zone, if reported.
    pub time: Option<NaiveTime>,
    pub source: Source,
}

/// Returns the currency code of an instrument's prices, if the market determines it. Prices in
/// London are in pence, `GBX`.
pub fn currency(symbol: &str, source: Source) -> Option<&'static str> {
    // These data sources have US prices, the last two for symbols without a market.
    match source {
        Source::Sample | Source::Replay | Source::Massive => return Some("USD"),
        Source::AlphaVantage if !symbol.contains('.') => return Some("USD"),
        // Its indices (`^SPX`) have no currency.
        Source::Stooq if !symbol.contains(['.', '^']) => return Some("USD"),
        _ => {}
    }
    let (_, market) = symbol.rsplit_once('.')?;
    match market {
        "US" => Some("USD"),
        "UK" => Some("GBX"),
        "DE" => Some("EUR"),
        "JP" => Some("JPY"),
        "HK" => Some("HKD"),
        "HU" => Some("HUF"),
        _ => None,
    }
}

impl Quote {
    /// Returns the last price of some days, oldest first; `None`: no days.
    pub fn of_bars(symbol: &str, bars: &[Bar], source: Source) -> Option<Self> {
        let (last, before) = bars.split_last()?;
        Some(Self {
            symbol: symbol.to_owned(),
            price: last.close,
            open: Some(last.open),
            high: Some(last.high),
            low: Some(last.low),
            previous_close: before.last().map(|bar| bar.close),
            volume: Some(last.volume),
            date: last.date,
            time: None,
            source,
        })
    }

    /// Returns the change since the previous close, if known.
    pub fn change(&self) -> Option<Decimal> {
        self.previous_close?;
        self.price.checked_sub(self.previous_close?)
    }

    /// Returns the currency code of the price, as [`currency`] does.
    pub fn currency(&self) -> Option<&'static str> {
        currency(&self.symbol, self.source)
    }

    /// Returns the change since the previous close in %, if that is known and not zero.
    pub fn change_percent(&self) -> Option<Decimal> {
        self.change()?
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.previous_close?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_go_by_one_name() {
        for &source in Source::ALL {
            assert_eq!(Source::named(source.as_str()), Some(source));
            let written = serde_json::to_value(source).unwrap();
            assert_eq!(written, source.as_str());
        }
        assert_eq!(Source::named("auto"), None);
    }

    #[test]
    fn the_market_determines_the_currency() {
        for (symbol, source, code) in [
            ("AAPL", Source::Sample, Some("USD")),
            ("AAPL", Source::AlphaVantage, Some("USD")),
            ("AAPL", Source::Stooq, Some("USD")),
            ("AAPL.US", Source::Stooq, Some("USD")),
            ("^SPX", Source::Stooq, None),
            ("SAP.DE", Source::Stooq, Some("EUR")),
            ("AAPL", Source::Folder, None),
        ] {
            assert_eq!(currency(symbol, source), code, "{symbol} {source:?}");
        }
    }
}
