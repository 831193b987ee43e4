//! Portfolio types shared by server and browser. Money and quantities are exact decimals, sent as
//! strings.

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
use crate::shared::{PortfolioId, Timestamp, TransactionId, text_enum};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A portfolio of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Portfolio {
    pub id: PortfolioId,
    /// Unique within the account.
    pub name: String,
    /// Cost basis method.
    pub method: Method,
    /// Number of transactions.
    pub transactions: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// Feature that manages the portfolio, such as `paper`. Omitted: its owner manages it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

text_enum! {
    /// Type of a transaction, in display order.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Kind {
        Buy = "BUY",
        Sell = "SELL",
        /// Cash that a symbol paid.
        Dividend = "DIVIDEND",
        /// A charge outside of trades, for a symbol or for the portfolio.
        Fee = "FEE",
        /// Old shares replaced by new ones.
        Split = "SPLIT",
        /// Cash paid into the portfolio.
        Deposit = "DEPOSIT",
        /// Cash taken out of the portfolio.
        Withdrawal = "WITHDRAWAL",
    }
}

impl Kind {
    /// true if the kind has a symbol; optional for a fee.
    pub const fn takes_symbol(self) -> bool {
        !matches!(self, Self::Deposit | Self::Withdrawal)
    }

    /// true if the kind has a quantity and a price.
    pub const fn is_trade(self) -> bool {
        matches!(self, Self::Buy | Self::Sell)
    }
}

/// A transaction as entered. Fields that its kind does not use are omitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TransactionInput {
    /// `BUY`, `SELL`, `DIVIDEND`, `FEE`, `SPLIT`, `DEPOSIT` or `WITHDRAWAL`.
    #[cfg_attr(feature = "ssr", schema(value_type = Kind))]
    pub kind: String,
    /// Symbol, in any case. Optional for fees, omitted for deposits and withdrawals.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// Date, as 2024-12-31.
    #[cfg_attr(feature = "ssr", schema(format = Date, example = "2012-06-01"))]
    pub date: String,
    /// Shares bought or sold.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "10"))]
    #[serde(deserialize_with = "as_written")]
    pub quantity: String,
    /// Price per share.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "561.12"))]
    #[serde(deserialize_with = "as_written")]
    pub price: String,
    /// Fee of the trade.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "4.95"))]
    #[serde(deserialize_with = "as_written")]
    pub fee: String,
    /// Amount of a dividend, fee, deposit or withdrawal.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub amount: String,
    /// Split ratio: number of old shares.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub from: String,
    /// Split ratio: number of new shares.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub to: String,
    /// Note for the owner.
    #[cfg_attr(feature = "ssr", schema(max_length = 500))]
    pub note: String,
}

/// Converts a stored transaction back to input.
impl From<&Transaction> for TransactionInput {
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

/// A transaction of a portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Transaction {
    pub id: TransactionId,
    pub kind: Kind,
    /// Symbol, upper case. None: the transaction concerns only cash.
    pub symbol: Option<String>,
    pub date: NaiveDate,
    /// Shares bought or sold.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub quantity: Option<Decimal>,
    /// Price per share.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Fee of a trade.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub fee: Option<Decimal>,
    /// Amount of a dividend, fee, deposit or withdrawal.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub amount: Option<Decimal>,
    /// Old and new shares of a split.
    pub ratio: Option<(u32, u32)>,
    /// Note for the owner.
    pub note: String,
    /// Time of entry.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// true if its symbol was removed from the portfolio: the transaction does not count.
    pub removed: bool,
}

impl Transaction {
    /// Returns quantity × price of a trade, else the amount; without fees.
    pub fn total(&self) -> Option<Decimal> {
        match (self.quantity, self.price) {
            (Some(quantity), Some(price)) => quantity.checked_mul(price),
            _ => self.amount,
        }
    }
}

/// A page of a portfolio's transactions, latest date first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TransactionPage {
    pub transactions: Vec<Transaction>,
    /// Cursor of the next page. None: this is the last page.
    pub next: Option<String>,
}

/// A symbol that a portfolio holds or has held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Holding {
    /// Symbol, upper case.
    pub symbol: String,
    /// Name of the symbol.
    pub name: String,
    /// Sector: the English name of a known sector, or the owner's own text.
    pub sector: Option<String>,
    /// Shares held.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub quantity: Decimal,
    /// Cost basis of the shares held.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cost: Decimal,
    /// Cost basis per share held.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub average_price: Option<Decimal>,
    /// Last known price.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Date of `price`. None: it is the price of the last trade.
    pub price_date: Option<NaiveDate>,
    /// Data source of `price`. None: it is the price of the last trade.
    pub source: Option<Source>,
    /// Value of the shares held.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// Unrealized gain: `value - cost`.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub unrealized: Decimal,
    /// Realized gain: proceeds of sells minus their cost.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub realized: Decimal,
    /// Dividends received, minus fees charged outside of trades.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub dividends: Decimal,
    /// Change in value since the previous close.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub day_change: Option<Decimal>,
    /// Date of the oldest buy that is still held.
    pub since: Option<NaiveDate>,
}

/// A portfolio with its holdings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PortfolioPage {
    pub portfolio: Portfolio,
    /// Holdings, largest value first; then symbols that are no longer held.
    pub holdings: Vec<Holding>,
    /// Cash. None: the portfolio has no deposits or withdrawals, so it keeps no cash.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub cash: Option<Decimal>,
    /// Value of the holdings and the cash.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
}

/// The portfolios of an account, and one of them with its holdings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Oldest first.
    pub portfolios: Vec<Portfolio>,
    /// The portfolio shown. None: the account has no portfolio.
    pub page: Option<PortfolioPage>,
    /// The market's day under replay. None: the market follows the clock of the world.
    pub today: Option<NaiveDate>,
}

/// A page of the lots and sells of one symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    pub holding: Holding,
    /// Cost basis method.
    pub method: Method,
    /// Lots still held, oldest first.
    pub lots: Vec<Lot>,
    /// Cursor of the next page of lots.
    #[serde(default)]
    pub lots_next: Option<String>,
    /// Sells, latest first, without the lots that they took from.
    pub sales: Vec<Sale>,
    /// Cursor of the next page of sells.
    #[serde(default)]
    pub sales_next: Option<String>,
}

/// Performance of a portfolio from its first transaction to the last known day. Returns are
/// fractions: 0.1 is 10%. Undefined numbers are null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Performance {
    /// First day. None: the portfolio has no transactions.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Days from `from` to `to`.
    pub days: i64,
    /// true if cash is part of the value.
    pub keeps_cash: bool,
    /// Value on the last day.
    pub value: f64,
    /// Sum of all money put in.
    pub put_in: f64,
    /// Sum of all money taken out.
    pub taken_out: f64,
    /// `(value + taken_out - put_in) / put_in`.
    pub simple: Option<f64>,
    /// Time-weighted return of the latest record: the product of `1 + return` over its days, minus 1.
    pub time_weighted: Option<f64>,
    /// Annualized time-weighted return. None: the latest record is shorter than a year.
    pub time_weighted_yearly: Option<f64>,
    /// Records, oldest first: times in which something was held every day. Time-weighted return,
    /// risk and `beta` are those of the last one. At most the 100 latest.
    pub records: Vec<Record>,
    /// Money-weighted return per year (XIRR).
    pub money_weighted: Option<f64>,
    /// Annualized standard deviation of the daily returns.
    pub volatility: Option<f64>,
    /// Annualized Sharpe ratio with a risk-free rate of 0.
    pub sharpe: Option<f64>,
    /// Annualized Sortino ratio with a risk-free rate of 0.
    pub sortino: Option<f64>,
    /// Max drawdown. None: the portfolio never fell.
    pub drawdown: Option<Drawdown>,
    /// Historical value at risk of one day at 95%: 1 day in 20 has a lower return.
    pub value_at_risk: Option<f64>,
    /// Number of returns in the time-weighted return.
    pub returns: usize,
    /// Number of these returns that cover a single day. Risk is computed from them.
    pub daily_returns: usize,
    /// Largest amount spent beyond the available cash. It counts as money put in.
    pub lacking: f64,
    /// The same money in another symbol.
    pub benchmark: Option<Benchmark>,
    /// Value history: each day of the last year, and a sample of the days before.
    pub history: Vec<Point>,
    /// Symbols without prices. They are valued at the prices of their last trades.
    pub without_prices: Vec<String>,
    /// Symbols held before their price history begins; many data sources have only a few years.
    /// Until then they are valued at the prices of their trades. The day of the change counts in
    /// the returns, but not in `volatility`, `sharpe`, `sortino`, `value_at_risk` and `beta`.
    pub priced_since: Vec<PricedSince>,
}

/// A time in which something was held every day. A day without holdings ends it, and so does a loss
/// of everything (GIPS: such a record is not linked with a later one).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = PerformanceRecord))]
pub struct Record {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Days from `from` to `to`.
    pub days: i64,
    pub time_weighted: f64,
    /// Annualized time-weighted return. None: shorter than a year, or everything was lost.
    pub time_weighted_yearly: Option<f64>,
}

/// First day on which a symbol has a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PricedSince {
    /// Symbol, upper case.
    pub symbol: String,
    pub date: NaiveDate,
}

/// The same money in another symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Benchmark {
    pub symbol: String,
    /// Value of the same money in the benchmark. None: its price history begins too late, or more
    /// was taken out than it would have been worth.
    pub value: Option<f64>,
    /// Return of the benchmark over the days of the latest record.
    pub time_weighted: Option<f64>,
    /// Beta of the portfolio against the benchmark.
    pub beta: Option<f64>,
}

/// Value of a portfolio on one day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Point {
    pub date: NaiveDate,
    /// Value at the end of the day.
    pub value: f64,
    /// Net contributions so far: money put in minus money taken out.
    pub put_in: f64,
    /// Value of 1 invested on the first day of the record, time-weighted.
    pub index: f64,
    /// Value of the same money in the benchmark.
    pub benchmark: Option<f64>,
    /// Value of 1 invested in the benchmark on the first day. None: before its price history
    /// begins.
    pub benchmark_index: Option<f64>,
}
