//! Instruments and quotes as both sides see them.

mod watchlist;

pub use watchlist::{WatchPage, Watched, Watchlist};

use super::rules::indicators::Candle;
use super::rules::ratings::{Rating, Record};
use chrono::{Datelike, NaiveDate, NaiveTime};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// Where a price came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The bundled public-domain data, which ends in 2013.
    Sample,
    /// stooq.com.
    Stooq,
}

impl Source {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Stooq => "stooq",
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
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(_, known)| known.eq_ignore_ascii_case(name.trim()));
        found.map(|(sector, _)| sector)
    }

    /// The English name: what programs get.
    #[must_use]
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

/// An instrument's past, oldest day first. Prices are comparable: those from before a split are
/// those of today's shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The days on which it was traded.
    pub bars: Vec<Bar>,
    /// The splits that are taken out of them, oldest first, where the source tells of them.
    pub splits: Vec<Split>,
    /// Where it came from.
    pub source: Source,
}

/// What an instrument's page shows before its chart is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentPage {
    /// What the reference data know of it.
    pub instrument: Option<Instrument>,
    /// Its last known price.
    pub quote: Quote,
    /// Its last days, oldest first.
    pub recent: Vec<Bar>,
}

/// A rating and its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// The rating; none: there are no prices.
    pub rating: Option<Rating>,
    /// How such ratings did before; none: the past is too short.
    pub record: Option<Record>,
    /// The day whose close is rated.
    pub as_of: Option<NaiveDate>,
    /// Where the prices came from.
    pub source: Source,
}

/// What a member bought or sold on a day, as a mark on a chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The day.
    pub date: NaiveDate,
    /// The price, of today's shares.
    pub price: f64,
    /// Bought; else sold.
    pub bought: bool,
}

/// A past in columns, oldest day first: what the browser computes charts and indicators from. Figures
/// to look at; money is counted elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Columns {
    /// Days since 1970-01-01.
    pub days: Vec<i32>,
    /// The first prices.
    pub open: Vec<f64>,
    /// The highest.
    pub high: Vec<f64>,
    /// The lowest.
    pub low: Vec<f64>,
    /// The last.
    pub close: Vec<f64>,
    /// Units traded.
    pub volume: Vec<u64>,
    /// The splits that are taken out of them.
    pub splits: Vec<Split>,
    /// Where they came from.
    pub source: Source,
}

/// Days from the beginning of our era to 1970-01-01.
const EPOCH: i32 = 719_163;

impl From<&History> for Columns {
    fn from(history: &History) -> Self {
        let bars = &history.bars;
        let figures = |of: fn(&Bar) -> Decimal| -> Vec<f64> {
            let figure = |bar: &Bar| of(bar).to_f64().unwrap_or(f64::NAN);
            bars.iter().map(figure).collect()
        };
        let day = |bar: &Bar| bar.date.num_days_from_ce() - EPOCH;
        Self {
            days: bars.iter().map(day).collect(),
            open: figures(|bar| bar.open),
            high: figures(|bar| bar.high),
            low: figures(|bar| bar.low),
            close: figures(|bar| bar.close),
            volume: bars.iter().map(|bar| bar.volume).collect(),
            splits: history.splits.clone(),
            source: history.source,
        }
    }
}

impl Columns {
    /// One bar after the other.
    #[must_use]
    pub fn candles(&self) -> Vec<Candle> {
        let candle = |(at, day): (usize, &i32)| {
            Some(Candle {
                date: NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH)?)?,
                open: *self.open.get(at)?,
                high: *self.high.get(at)?,
                low: *self.low.get(at)?,
                close: *self.close.get(at)?,
                volume: *self.volume.get(at)? as f64,
            })
        };
        let days = self.days.iter().enumerate();
        days.filter_map(candle).collect()
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

impl Quote {
    /// Change against the day before, where that is known.
    #[must_use]
    pub fn change(&self) -> Option<Decimal> {
        self.previous_close?;
        self.price.checked_sub(self.previous_close?)
    }

    /// The code of the currency of the price, where the market tells it. Prices in London are in
    /// pence, `GBX`.
    #[must_use]
    pub fn currency(&self) -> Option<&'static str> {
        if self.source == Source::Sample {
            // The bundled data is of the United States.
            return Some("USD");
        }
        let (_, market) = self.symbol.rsplit_once('.')?;
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

    /// Change against the day before in per cent, where that is known and not from zero.
    #[must_use]
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
    fn columns_keep_every_bar() {
        let price = |text: &str| text.parse::<Decimal>().unwrap();
        let bar = |day: &str, close: &str| Bar {
            date: day.parse().unwrap(),
            open: price("1.5"),
            high: price("3"),
            low: price("1.25"),
            close: price(close),
            volume: 7,
        };
        let history = History {
            bars: vec![bar("1969-12-31", "2.5"), bar("2013-03-01", "2.75")],
            splits: Vec::new(),
            source: Source::Sample,
        };
        let columns = Columns::from(&history);
        assert_eq!(columns.days, [-1, 15_765]);
        let candles: Vec<Candle> = history.bars.iter().map(Candle::from).collect();
        assert_eq!(columns.candles(), candles);
    }
}
