//! Seasons, accounts and orders as both sides see them. Money and units are exact decimals, texts
//! on the wire.

use crate::accounts::Profile;
use crate::markets::Source;
use crate::portfolio::{Holding, as_written, rules::risk::Drawdown};
use crate::shared::{CommunityId, NoticeId, OrderId, PortfolioId, SeasonId, Timestamp};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// The name on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What has this name, in any case.
            pub fn named(name: &str) -> Option<Self> {
                let all = [$(Self::$variant),+];
                let mut all = all.into_iter();
                all.find(|one| one.as_str().eq_ignore_ascii_case(name.trim()))
            }
        }
    };
}

named! {
    /// What an order does.
    Side {
        /// It buys.
        Buy = "buy",
        /// It sells what is held.
        Sell = "sell",
    }
}

named! {
    /// At which price.
    OrderKind {
        /// At the next one, whatever it is.
        Market = "market",
        /// At the next one that is as good as its limit.
        Limit = "limit",
    }
}

named! {
    /// How far an order is.
    OrderState {
        /// It waits for a price.
        Open = "open",
        /// It was carried out.
        Filled = "filled",
        /// Its member took it back.
        Cancelled = "cancelled",
        /// Its season ended.
        Expired = "expired",
        /// Its price came and it could not be.
        Refused = "refused",
    }
}

named! {
    /// Why an order was refused.
    Reason {
        /// At that price there was not enough cash.
        Cash = "cash",
        /// There were not as many units.
        Units = "units",
        /// The account cannot take it: too many trades or units.
        Full = "full",
    }
}

/// A season of a community: a quarter of a year in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Season {
    /// Which; null: nobody has joined it yet.
    pub id: Option<SeasonId>,
    pub community: CommunityId,
    /// The year and the quarter.
    #[cfg_attr(feature = "ssr", schema(example = "2026 Q4"))]
    pub name: String,
    /// Its first day.
    pub begins: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// What everybody begins with.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "100000"))]
    pub cash: Decimal,
    /// Is it the one of now?
    pub running: bool,
    /// When its final standing was taken; null: not yet.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub closed_at: Option<Timestamp>,
}

/// The seasons of a community, the latest first: the running one is always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Seasons {
    /// The seasons.
    pub seasons: Vec<Season>,
}

/// What a member has in a season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PaperAccount {
    /// When they joined.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub joined_at: Timestamp,
    /// The portfolio with its transactions: read it where portfolios are read.
    pub portfolio: PortfolioId,
    /// Cash.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cash: Decimal,
    /// The part of it that open orders would take at the prices that they saw, or at their limits.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub reserved: Decimal,
    /// Cash and positions at the last known prices; of a closed season as it was closed.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// What that is more than it began with, a part of one: 0.1 is ten per cent.
    pub made: f64,
    /// Orders that were filled.
    pub trades: u32,
}

/// A member's account with what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AccountPage {
    /// The season.
    pub season: Season,
    /// Null: the asker has not joined it.
    pub account: Option<PaperAccount>,
    /// What is held, the most valuable first; then what was sold.
    pub holdings: Vec<Holding>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Order {
    pub id: OrderId,
    /// The instrument, upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// What it does.
    pub side: Side,
    /// At which price.
    pub kind: OrderKind,
    /// Units.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "10"))]
    pub quantity: Decimal,
    /// The worst price that it takes; null: any.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub limit: Option<Decimal>,
    /// How far it is.
    pub state: OrderState,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// When it was placed.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub placed_at: Timestamp,
    /// The last price that was known then: it is filled at a later one.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub seen_price: Decimal,
    /// When that was the price, in its market's zone.
    pub seen_at: NaiveDateTime,
    /// When it was filled, cancelled, refused or came to its end.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub done_at: Option<Timestamp>,
    /// The price that it was filled or refused at.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// When that was the price, in its market's zone.
    pub priced_at: Option<NaiveDateTime>,
    /// Where that came from.
    pub source: Option<Source>,
}

/// What a member is told of an order that came to its end without them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The instrument.
    pub symbol: String,
    /// What the order does.
    pub side: Side,
    /// Units.
    pub quantity: Decimal,
    /// How it ended.
    pub state: OrderState,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// The price that it met.
    pub price: Option<Decimal>,
}

impl Ended {
    /// The kind of what is told.
    pub const KIND: &'static str = "paper.order";
}

/// Some orders of a member, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<Order>,
    /// Where the rest begins, for `before`; null: these are all.
    pub next: Option<String>,
}

/// An order that was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Placed {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// Will a next price come? False: the prices of this instrument have come to their end, as those
    /// of the sample have; the order waits in vain.
    pub moves: bool,
}

/// An order as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = OrderDraft))]
pub struct Draft {
    /// The code in any case, or the only name that is meant.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// `buy` or `sell`.
    #[cfg_attr(feature = "ssr", schema(value_type = Side))]
    pub side: String,
    /// `market` or `limit`.
    #[cfg_attr(feature = "ssr", schema(value_type = OrderKind))]
    pub kind: String,
    /// Units.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "10"))]
    #[serde(default, deserialize_with = "as_written")]
    pub quantity: String,
    /// The worst price that is taken; of a limit order.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "430.5"))]
    #[serde(default, deserialize_with = "as_written")]
    pub limit: String,
}

/// What an order would come to at the last known price; it is filled at a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The instrument that is meant.
    pub symbol: String,
    /// What it is called.
    pub name: Option<String>,
    /// The last known price.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub price: Decimal,
    /// When that was the price, in its market's zone.
    pub priced_at: NaiveDateTime,
    /// Where it came from.
    pub source: Source,
    /// What the units come to at that price, or at the limit.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub estimate: Decimal,
    /// Will a next price come?
    pub moves: bool,
}

/// What is taken for the market: some instruments in equal parts, bought as the season's first
/// member joined and held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Market {
    /// The instruments.
    pub symbols: Vec<String>,
    /// Since when.
    pub since: NaiveDate,
    /// What it made, a part of one.
    pub made: f64,
}

/// A member's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = PaperStanding))]
pub struct Standing {
    pub member: Profile,
    /// The place, shared by those who made the same; null: they have not traded.
    pub rank: Option<u32>,
    /// What the account is worth.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub value: Decimal,
    /// What it made since joining, a part of one.
    pub made: f64,
    /// Its deepest fall from a peak within the season, from close to close, as the performance of its
    /// portfolio has it; null: it has not fallen.
    pub drawdown: Option<Drawdown>,
    /// Orders that were filled.
    pub trades: u32,
}

/// The standing of a season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Board {
    /// The season.
    pub season: Season,
    /// The first 200, those with places first.
    pub standings: Vec<Standing>,
    /// How many take part.
    pub members: u32,
    /// What holding the market made; null: its prices are not known.
    pub market: Option<Market>,
}

/// What the order ticket of a community needs to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The seasons, the latest first.
    pub seasons: Vec<Season>,
    /// Has the viewer joined the running one?
    pub joined: bool,
    /// Are the prices those of the sample, after which none come?
    pub ended: bool,
    /// The open order of theirs that the ticket is to change.
    pub change: Option<Order>,
}

/// A season as its page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperPage {
    /// The viewer's account.
    pub page: AccountPage,
    /// Their open orders.
    pub open: Vec<Order>,
    /// Their last orders that are done.
    pub done: Vec<Order>,
    /// The standing.
    pub board: Board,
    /// What their account was worth at the end of each day of the season, the oldest first.
    pub course: Vec<f64>,
    /// The latest that the viewer was told of their orders and has not seen.
    pub told: Option<NoticeId>,
}
