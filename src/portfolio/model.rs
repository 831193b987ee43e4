//! Portfolios as both sides see them. Money and units are exact decimals, texts on the wire.

mod dividends;
mod imports;
mod shared;
mod written;

pub use dividends::{
    ChosenDividend, Dividends, HoldingDividends, OfferedDividend, PaidDividends, TakenDividends,
};
pub use imports::{Hindered, Hindrance, Import, Imports, Origin, PastImport, Planned, Problem};
pub use shared::{PortfolioShare, ShareLine, SharePreview, Shared, Showing, TradeShare};

#[cfg(feature = "ssr")]
pub(super) use written::Written;
pub use written::{as_written, as_written_to};

use super::rules::ledger::{Lot, Method, Sale};
use super::rules::risk::Drawdown;
use crate::markets::Source;
use crate::shared::{PortfolioId, Timestamp, TransactionId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A portfolio of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Portfolio {
    pub id: PortfolioId,
    /// Unique among those of its account.
    pub name: String,
    /// How sales are given a cost.
    pub method: Method,
    /// How many transactions it holds.
    pub transactions: i64,
    /// When it was made.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// What writes into it in its owner's place, such as `paper`; left out: its owner does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_by: Option<String>,
}

/// What a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Units bought.
    Buy,
    /// Units sold.
    Sell,
    /// Money that an instrument paid.
    Dividend,
    /// Money that was charged, for an instrument or for nothing in particular.
    Fee,
    /// Old units that became new ones.
    Split,
    /// Money put in.
    Deposit,
    /// Money taken out.
    Withdrawal,
}

impl Kind {
    /// All of them, as they are offered.
    pub const ALL: [Self; 7] = [
        Self::Buy,
        Self::Sell,
        Self::Dividend,
        Self::Fee,
        Self::Split,
        Self::Deposit,
        Self::Withdrawal,
    ];

    /// Its name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "BUY",
            Self::Sell => "SELL",
            Self::Dividend => "DIVIDEND",
            Self::Fee => "FEE",
            Self::Split => "SPLIT",
            Self::Deposit => "DEPOSIT",
            Self::Withdrawal => "WITHDRAWAL",
        }
    }

    /// The kind with this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str().eq_ignore_ascii_case(name.trim()))
    }

    /// Does it concern an instrument? A fee may.
    pub const fn takes_symbol(self) -> bool {
        !matches!(self, Self::Deposit | Self::Withdrawal)
    }

    /// Does it say how many units for which price?
    pub const fn is_trade(self) -> bool {
        matches!(self, Self::Buy | Self::Sell)
    }
}

/// A transaction as somebody writes it down. What its kind does not ask for is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = TransactionDraft))]
#[serde(default)]
pub struct Draft {
    /// Its kind: `BUY`, `SELL`, `DIVIDEND`, `FEE`, `SPLIT`, `DEPOSIT` or `WITHDRAWAL`.
    #[cfg_attr(feature = "ssr", schema(value_type = Kind))]
    pub kind: String,
    /// The instrument, in any case; of a fee it may be left out, of deposits and withdrawals it is.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// The day, as 2024-12-31.
    #[cfg_attr(feature = "ssr", schema(format = Date, example = "2012-06-01"))]
    pub date: String,
    /// Units bought or sold.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "10"))]
    #[serde(deserialize_with = "as_written")]
    pub quantity: String,
    /// Money for each.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "561.12"))]
    #[serde(deserialize_with = "as_written")]
    pub price: String,
    /// Money that the trade cost beside.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "4.95"))]
    #[serde(deserialize_with = "as_written")]
    pub fee: String,
    /// Money of what is no trade.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub amount: String,
    /// Old units of a split.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub from: String,
    /// New units of a split.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub to: String,
    /// For its owner.
    #[cfg_attr(feature = "ssr", schema(max_length = 500))]
    pub note: String,
}

/// A transaction as it would be written down again.
impl From<&Transaction> for Draft {
    fn from(of: &Transaction) -> Self {
        let text = |figure: Option<Decimal>| {
            figure
                .map(|figure| figure.normalize().to_string())
                .unwrap_or_default()
        };
        let (from, to) = of
            .ratio
            .map(|(from, to)| (from.to_string(), to.to_string()))
            .unwrap_or_default();
        Self {
            kind: of.kind.as_str().into(),
            symbol: of.symbol.clone().unwrap_or_default(),
            date: of.date.to_string(),
            quantity: text(of.quantity),
            price: text(of.price),
            fee: text(of.fee),
            amount: text(of.amount),
            from,
            to,
            note: of.note.clone(),
        }
    }
}

/// Something that happened in a portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Transaction {
    pub id: TransactionId,
    /// What it was.
    pub kind: Kind,
    /// The instrument, upper case.
    pub symbol: Option<String>,
    /// The day.
    pub date: NaiveDate,
    /// Units of a trade.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub quantity: Option<Decimal>,
    /// Money for each.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Money that a trade cost beside.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub fee: Option<Decimal>,
    /// Money of what is no trade.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub amount: Option<Decimal>,
    /// Old and new units of a split.
    pub ratio: Option<(u32, u32)>,
    /// For its owner.
    pub note: String,
    /// When it was written down.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// Its position left the portfolio: it counts no more.
    pub removed: bool,
}

impl Transaction {
    /// The money that went with it, fees apart.
    pub fn total(&self) -> Option<Decimal> {
        match (self.quantity, self.price) {
            (Some(quantity), Some(price)) => quantity.checked_mul(price),
            _ => self.amount,
        }
    }
}

/// Some transactions of a portfolio, the latest day first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TransactionPage {
    /// The transactions.
    pub transactions: Vec<Transaction>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An instrument that a portfolio holds or has held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Holding {
    /// The instrument, upper case.
    pub symbol: String,
    /// What it is called.
    pub name: String,
    /// Its business: the English name of a sector, or what its owner wrote.
    pub sector: Option<String>,
    /// Units.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub quantity: Decimal,
    /// What they have cost.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cost: Decimal,
    /// What each of them has cost.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub average_price: Option<Decimal>,
    /// The last known price.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// The day of that price.
    pub price_date: Option<NaiveDate>,
    /// Where it came from; none: it is that of the last trade.
    pub source: Option<Source>,
    /// What they are worth.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// What they are worth more than they have cost.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub unrealised: Decimal,
    /// What sales have brought more than what was sold had cost.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub realised: Decimal,
    /// What it has paid, less the fees that it was charged beside trades.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub dividends: Decimal,
    /// How much the last day of prices moved it.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub day_change: Option<Decimal>,
    /// The oldest purchase of what is held.
    pub since: Option<NaiveDate>,
}

/// A portfolio with what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PortfolioPage {
    pub portfolio: Portfolio,
    /// What is held, the most valuable first; then what was sold.
    pub holdings: Vec<Holding>,
    /// Cash, where the portfolio keeps any: when it has deposits or withdrawals.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub cash: Option<Decimal>,
    /// Holdings and cash.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
}

/// An account's portfolios, and what one of them holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// All of them, the oldest first.
    pub portfolios: Vec<Portfolio>,
    /// The one that is shown; none: there is none yet.
    pub page: Option<PortfolioPage>,
}

/// Some lots and sales of one instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The instrument.
    pub holding: Holding,
    /// How sales are given a cost.
    pub method: Method,
    /// What is held, oldest first.
    pub lots: Vec<Lot>,
    /// Where the next page of lots begins.
    #[serde(default)]
    pub lots_next: Option<String>,
    /// What was sold, the latest first, without the lots that it took from.
    pub sales: Vec<Sale>,
    /// Where the next page of sales begins.
    #[serde(default)]
    pub sales_next: Option<String>,
}

/// How a portfolio did, from its first transaction to the last known day. Returns are parts of one:
/// 0.1 is ten per cent. What is not defined is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Performance {
    /// The first day; none: there is no transaction.
    pub from: Option<NaiveDate>,
    /// The last.
    pub to: Option<NaiveDate>,
    /// Days between the two.
    pub days: i64,
    /// Whether cash is part of the value.
    pub keeps_cash: bool,
    /// What it is worth.
    pub value: f64,
    /// All that was put in.
    pub put_in: f64,
    /// All that was taken out.
    pub taken_out: f64,
    /// `(value + taken out - put in) / put in`.
    pub simple: Option<f64>,
    /// The product of its daily returns, less one.
    pub time_weighted: Option<f64>,
    /// The same for a year; of a year or more.
    pub time_weighted_yearly: Option<f64>,
    /// The yearly rate of the money in it (XIRR).
    pub money_weighted: Option<f64>,
    /// Deviation of daily returns, of a year.
    pub volatility: Option<f64>,
    /// Return over deviation, of a year, without a riskless rate.
    pub sharpe: Option<f64>,
    /// Return over deviation below nothing, of a year.
    pub sortino: Option<f64>,
    /// The deepest fall from a peak.
    pub drawdown: Option<Drawdown>,
    /// The return that one day in twenty is worse than.
    pub value_at_risk: Option<f64>,
    /// Returns that the time-weighted return is the product of.
    pub returns: usize,
    /// Those of them that are of a day, of which risk is computed.
    pub daily_returns: usize,
    /// The most that was spent beyond the cash that there was: it counts as put in.
    pub lacking: f64,
    /// The same money in another instrument.
    pub benchmark: Option<Benchmark>,
    /// Its course: each day of the last year, and of the time before what a chart can show.
    pub course: Vec<Point>,
    /// Instruments without prices: those of their last trades are taken.
    pub without_prices: Vec<String>,
    /// Instruments that were held before their prices begin, which for many sources is a few years
    /// ago: until then those of their trades are taken. The day of the change counts in the returns
    /// and is left out of what is computed from daily ones: `volatility`, `sharpe`, `sortino`,
    /// `value_at_risk` and `beta`.
    pub priced_since: Vec<PricedSince>,
}

/// The first day of which an instrument has a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PricedSince {
    /// The instrument, upper case.
    pub symbol: String,
    /// The day.
    pub date: NaiveDate,
}

/// The same money in another instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Benchmark {
    pub symbol: String,
    /// What the same money would be worth in it; none: its prices do not reach as far, or more was
    /// taken out than there would have been.
    pub value: Option<f64>,
    /// Its own return over the same days.
    pub time_weighted: Option<f64>,
    /// How much of its daily move the portfolio makes.
    pub beta: Option<f64>,
}

/// A portfolio on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Point {
    /// The day.
    pub date: NaiveDate,
    /// What it was worth.
    pub value: f64,
    /// What had been put in until then, less what was taken out.
    pub put_in: f64,
    /// What 1 of the first day had become.
    pub index: f64,
    /// What the same money was worth in the benchmark.
    pub benchmark: Option<f64>,
    /// What 1 of the first day had become in the benchmark; none before its prices begin.
    pub benchmark_index: Option<f64>,
}
