//! Instruments and quotes as both sides see them.

mod about;
mod chart;
mod drawing;
mod watchlist;

pub use about::{About, News, Year};
pub use chart::{Columns, InstrumentPage, Rated, Trade};
pub use drawing::{Drawing, DrawingsChanged, Shape};
pub use watchlist::{WatchPage, Watched, Watchlist};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Where a price came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The bundled public-domain data, which ends in 2013.
    Sample,
    /// The same, played as a moving market.
    Replay,
    /// Files of the operator.
    Folder,
    /// stooq.com.
    Stooq,
    /// alphavantage.co.
    AlphaVantage,
    /// massive.com, formerly polygon.io.
    Massive,
}

/// How new the prices of a source are at best. The day of a price says how old it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Of some minutes ago.
    Delayed,
    /// Of the last day that has ended.
    EndOfDay,
    /// Old, for trying things out.
    Sample,
    /// Old, and moving as if it were now.
    Replay,
}

impl Source {
    const ALL: [Self; 6] = [
        Self::Sample,
        Self::Replay,
        Self::Folder,
        Self::Stooq,
        Self::AlphaVantage,
        Self::Massive,
    ];

    /// The one with this name on the wire.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Replay => "replay",
            Self::Folder => "folder",
            Self::Stooq => "stooq",
            Self::AlphaVantage => "alpha_vantage",
            Self::Massive => "massive",
        }
    }

    /// How new its prices are at best.
    pub const fn freshness(self) -> Freshness {
        match self {
            Self::Sample => Freshness::Sample,
            Self::Replay => Freshness::Replay,
            Self::Stooq => Freshness::Delayed,
            Self::Folder | Self::AlphaVantage | Self::Massive => Freshness::EndOfDay,
        }
    }
}

/// What is traded, as reference data know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// The code, upper case.
    pub symbol: String,
    /// What it is called.
    pub name: String,
    /// The business that it is in, where that is known.
    pub sector: Option<Sector>,
}

/// The eleven sectors of the Global Industry Classification Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sector {
    /// Media and telecommunication.
    CommunicationServices,
    /// What people buy when they can afford it.
    ConsumerDiscretionary,
    /// What people always buy.
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
    /// All of them, with their English names.
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

    /// The sector with this English name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(_, known)| known.eq_ignore_ascii_case(name.trim()));
        found.map(|(sector, _)| sector)
    }

    /// The English name: what programs get.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(sector, _)| *sector == self)
            .map_or("", |(_, name)| name)
    }
}

/// The prices of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The day.
    pub date: NaiveDate,
    /// The first price.
    pub open: Decimal,
    /// The highest.
    pub high: Decimal,
    /// The lowest.
    pub low: Decimal,
    /// The last.
    pub close: Decimal,
    /// Units traded.
    pub volume: u64,
}

/// Shares that became more or fewer, on the first day of the new count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The first day on which prices are those of the new shares.
    pub date: NaiveDate,
    /// So many old shares ...
    pub from: u32,
    /// ... became so many.
    pub to: u32,
}

/// Money that a share paid its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dividend {
    /// The first day on which whoever buys gets none of it.
    pub date: NaiveDate,
    /// The day on which it was paid, where that is told.
    #[serde(default)]
    pub pays: Option<NaiveDate>,
    /// So much for each share as it was then, in the instrument's currency: not adjusted for splits
    /// that came later.
    pub amount: Decimal,
}

/// What a source and the reference data tell of an instrument; what nobody told is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The code, upper case, as it was asked for.
    pub symbol: String,
    /// What it is called.
    pub name: Option<String>,
    /// The business that it is in.
    pub sector: Option<Sector>,
    /// The same more closely, in the source's English words.
    pub industry: Option<String>,
    /// Where it is traded.
    pub exchange: Option<String>,
    /// The code of its currency.
    pub currency: Option<String>,
    /// What it does, in the source's English words.
    pub description: Option<String>,
    /// Its own site: `http` or `https`.
    pub homepage: Option<String>,
    /// What all its shares are worth, in its currency.
    pub market_cap: Option<Decimal>,
    /// The price in years of what a share earned in the last one.
    pub price_earnings: Option<Decimal>,
    /// What a share pays in a year, as a part of its price.
    pub dividend_yield: Option<Decimal>,
    /// The day on which the source told this.
    pub as_of: Option<NaiveDate>,
    /// Who told; none: the reference data alone.
    pub source: Option<Source>,
}

/// Something that was written about an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// What it is called.
    pub title: String,
    /// Where it can be read: `http` or `https`.
    pub url: String,
    /// Who published it.
    pub publisher: String,
    pub published_at: DateTime<Utc>,
    /// What it says, in short.
    pub summary: Option<String>,
    /// How the source takes it to sound for this instrument.
    pub sentiment: Option<Sentiment>,
    /// Who passed it on.
    pub source: Source,
}

/// How something sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// Good.
    Positive,
    /// Neither.
    Neutral,
    /// Bad.
    Negative,
}

/// An instrument's past, oldest day first. Prices are comparable: those from before a split are
/// those of today's shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The days on which it was traded.
    pub bars: Vec<Bar>,
    /// The splits that are taken out of them, oldest first; none: the source does not tell of any.
    /// Prices are without splits all the same.
    pub splits: Option<Vec<Split>>,
    /// Where it came from.
    pub source: Source,
}

/// What an instrument's days closed at, as figures of the processor, comparable as in a [`History`].
#[derive(Clone, Debug, PartialEq)]
pub struct Closes {
    /// Each day with its price, the oldest first.
    pub days: Vec<(NaiveDate, f64)>,
    /// The splits that are taken out of them, as in a [`History`].
    pub splits: Option<Vec<Split>>,
    /// Where they came from.
    pub source: Source,
}

impl History {
    /// The day that it goes up to.
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.bars.last().map(|bar| bar.date)
    }
}

/// The last known price of an instrument. Never shown without its source and date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The code, upper case, as it was asked for: `AAPL.US`.
    pub symbol: String,
    /// The price, in the instrument's currency.
    pub price: Decimal,
    /// Open of the day.
    pub open: Option<Decimal>,
    /// High of the day.
    pub high: Option<Decimal>,
    /// Low of the day.
    pub low: Option<Decimal>,
    /// Close of the day before, where the source has it.
    pub previous_close: Option<Decimal>,
    /// Units traded on the day.
    pub volume: Option<u64>,
    /// The day of the price.
    pub date: NaiveDate,
    /// The time of the price in the market's zone, where the source has it.
    pub time: Option<NaiveTime>,
    /// Where it came from.
    pub source: Source,
}

/// The code of the currency of an instrument's prices, where the market tells it. Prices in London are
/// in pence, `GBX`.
pub fn currency(symbol: &str, source: Source) -> Option<&'static str> {
    // The bundled data is of the United States, and so are codes without a market there.
    match source {
        Source::Sample | Source::Replay | Source::Massive => return Some("USD"),
        Source::AlphaVantage if !symbol.contains('.') => return Some("USD"),
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
    /// The last price that some days know, oldest first; none: there is no day.
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

    /// Change against the day before, where that is known.
    pub fn change(&self) -> Option<Decimal> {
        self.previous_close?;
        self.price.checked_sub(self.previous_close?)
    }

    /// The code of the currency of the price, as of [`currency`].
    pub fn currency(&self) -> Option<&'static str> {
        currency(&self.symbol, self.source)
    }

    /// Change against the day before in per cent, where that is known and not from zero.
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
        for source in Source::ALL {
            assert_eq!(Source::named(source.as_str()), Some(source));
            let written = serde_json::to_value(source).unwrap();
            assert_eq!(written, source.as_str());
        }
        assert_eq!(Source::named("auto"), None);
    }
}
