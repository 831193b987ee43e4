//! Seasons, accounts and orders, shared by server and browser. Money and quantities are exact
//! decimals, sent as strings.

use crate::accounts::Profile;
use crate::markets::Source;
use crate::portfolio::{Holding, as_written, rules::risk::Drawdown};
use crate::shared::{
    CommunityId, NotificationId, OrderId, PortfolioId, SeasonId, Timestamp, text_enum,
};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The currency of paper trading: that of its benchmark.
pub const CURRENCY: &str = "USD";

text_enum! {
    /// Side of an order.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Side {
        Buy = "buy",
        /// Sells shares that the account holds.
        Sell = "sell",
    }
}

text_enum! {
    /// Price condition of an order.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum OrderKind {
        /// Fills at the next price.
        Market = "market",
        /// Fills at the next price that meets its limit.
        Limit = "limit",
    }
}

text_enum! {
    /// State of an order.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum OrderState {
        /// Waits for a price.
        Open = "open",
        Filled = "filled",
        /// Canceled by its member.
        Canceled = "canceled",
        /// Its season ended.
        Expired = "expired",
        /// Rejected when its price came.
        Rejected = "rejected",
    }
}

text_enum! {
    /// Why an order was rejected.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Reason {
        /// Not enough cash at that price.
        Cash = "cash",
        /// Not enough shares.
        Units = "units",
        /// The account is full: too many trades or shares.
        Full = "full",
    }
}

/// A season of a community: one quarter of a year in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Season {
    /// Null: no member has joined yet.
    pub id: Option<SeasonId>,
    pub community: CommunityId,
    /// Year and quarter.
    #[cfg_attr(feature = "ssr", schema(example = "2026 Q4"))]
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// Starting cash of each account.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "100000"))]
    pub cash: Decimal,
    /// true while the season runs.
    pub running: bool,
    /// When its final leaderboard was stored; null: not yet.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub closed_at: Option<Timestamp>,
}

/// Seasons of a community, latest first; the running one is always included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Seasons {
    pub seasons: Vec<Season>,
}

/// A member's account in a season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PaperAccount {
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub joined_at: Timestamp,
    /// Portfolio with its transactions; read it like any portfolio.
    pub portfolio: PortfolioId,
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cash: Decimal,
    /// Cash that open orders reserve, at the prices that they saw or at their limits.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub reserved: Decimal,
    /// Cash and holdings at the latest prices; in a closed season, the final value.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// Return since joining, as a fraction: 0.1 is 10%.
    pub made: f64,
    /// Number of filled orders.
    pub trades: u32,
}

/// A member's account with its holdings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AccountPage {
    pub season: Season,
    /// Null: you have not joined the season.
    pub account: Option<PaperAccount>,
    /// Holdings, most valuable first; then sold ones.
    pub holdings: Vec<Holding>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Order {
    pub id: OrderId,
    /// Symbol, upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    pub side: Side,
    pub kind: OrderKind,
    /// Number of shares.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "10"))]
    pub quantity: Decimal,
    /// Worst acceptable price; null: any.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub limit: Option<Decimal>,
    pub state: OrderState,
    /// Why it was rejected.
    pub reason: Option<Reason>,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub placed_at: Timestamp,
    /// Last known price when it was placed; the order fills at a later one.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub seen_price: Decimal,
    /// Time of that price, in its market's zone.
    pub seen_at: NaiveDateTime,
    /// When it was filled, canceled, rejected or expired.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub done_at: Option<Timestamp>,
    /// Price at which it was filled or rejected.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Time of that price, in its market's zone.
    pub priced_at: Option<NaiveDateTime>,
    /// Data source of that price.
    pub source: Option<Source>,
}

/// Notification about an order that was filled, rejected or expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub symbol: String,
    pub side: Side,
    /// Number of shares.
    pub quantity: Decimal,
    /// Final state.
    pub state: OrderState,
    /// Why it was rejected.
    pub reason: Option<Reason>,
    /// Price at which it was filled or rejected.
    pub price: Option<Decimal>,
}

impl Ended {
    /// Kind of the notification.
    pub const KIND: &'static str = "paper.order";
}

/// A page of a member's orders, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderPage {
    pub orders: Vec<Order>,
    /// Cursor of the next page, for `before`; null: last page.
    pub next: Option<String>,
}

/// A placed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Placed {
    #[serde(flatten)]
    pub order: Order,
    /// false: no more prices come for this symbol (as after the end of the sample), so the order
    /// does not fill.
    pub moves: bool,
}

/// Input of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderInput {
    /// Symbol in any case, or a name that only one symbol has.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// `buy` or `sell`.
    #[cfg_attr(feature = "ssr", schema(value_type = Side))]
    pub side: String,
    /// `market` or `limit`.
    #[cfg_attr(feature = "ssr", schema(value_type = OrderKind))]
    pub kind: String,
    /// Number of shares.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "10"))]
    #[serde(default, deserialize_with = "as_written")]
    pub quantity: String,
    /// Worst acceptable price, for limit orders.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "430.5"))]
    #[serde(default, deserialize_with = "as_written")]
    pub limit: String,
}

/// Estimate of an order at the last known price; it fills at a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Symbol that the input means.
    pub symbol: String,
    /// Name of the symbol.
    pub name: Option<String>,
    /// Last known price.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub price: Decimal,
    /// Time of that price, in its market's zone.
    pub priced_at: NaiveDateTime,
    /// Data source of that price.
    pub source: Source,
    /// Quantity times that price, or times the limit.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub estimate: Decimal,
    /// false: no more prices come for this symbol.
    pub moves: bool,
}

/// Benchmark: symbols in equal parts, bought when the season's first member joined, and held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Market {
    pub symbols: Vec<String>,
    /// Day on which the season's first member joined.
    pub since: NaiveDate,
    /// Return as a fraction.
    pub made: f64,
}

/// A member on the leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = PaperRank))]
pub struct RankedMember {
    pub member: Profile,
    /// Equal returns share a rank; null: no trades.
    pub rank: Option<u32>,
    /// Value of the account.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// Return since joining, as a fraction.
    pub made: f64,
    /// Max drawdown within the season by daily closes, computed like that of any portfolio; null:
    /// none.
    pub drawdown: Option<Drawdown>,
    /// Number of filled orders.
    pub trades: u32,
}

/// The leaderboard of a season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Board {
    pub season: Season,
    /// The first 200 members, ranked ones first.
    pub ranking: Vec<RankedMember>,
    /// Number of members in the season.
    pub members: u32,
    /// Return of the benchmark; null: prices unknown.
    pub market: Option<Market>,
}

/// Data of the order ticket of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Latest first.
    pub seasons: Vec<Season>,
    /// true if the viewer has joined the running season.
    pub joined: bool,
    /// true if prices come from the sample, which has ended.
    pub ended: bool,
    /// The viewer's open order to edit.
    pub change: Option<Order>,
}

/// Data of a season's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperPage {
    /// The viewer's account.
    pub page: AccountPage,
    /// The viewer's open orders.
    pub open: Vec<Order>,
    /// The viewer's latest orders that are not open.
    pub done: Vec<Order>,
    pub board: Board,
    /// Value of the viewer's account at the end of each day of the season, oldest first.
    pub values: Vec<f64>,
    /// The viewer's latest unseen notification about an order.
    pub told: Option<NotificationId>,
}
