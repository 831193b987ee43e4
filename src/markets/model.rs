//! Instruments and quotes as both sides see them.

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Where a price came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Change against the day before in per cent, where that is known and not from zero.
    #[must_use]
    pub fn change_percent(&self) -> Option<Decimal> {
        self.change()?
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.previous_close?)
    }
}
