//! Cards of a portfolio or a trade in a channel, with the values at the time of sharing. A card
//! contains no number that its owner did not choose to show.

use crate::chat::Card;
use crate::markets::Source;
use crate::shared::{ChannelId, CommunityId, MessageId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What the owner shows besides percentages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Showing {
    /// The portfolio's name.
    pub name: bool,
    /// Quantities of shares.
    pub quantities: bool,
    /// Amounts of money.
    pub amounts: bool,
}

/// A portfolio as it was shared. Numbers are percentages unless stated otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioShare {
    /// The card in English, included in the message text for programs.
    pub text: String,
    /// Name of the portfolio, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Largest holdings, largest value first.
    pub lines: Vec<ShareLine>,
    /// Number of further holdings, and their total weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<(usize, Decimal)>,
    /// Weight of the cash. None: the portfolio keeps no cash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<Decimal>,
    /// First day of the returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day of the returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Simple return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simple: Option<Decimal>,
    /// Time-weighted return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_weighted: Option<Decimal>,
    /// Symbol with the highest unrealized gain in % of its cost, and that gain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<(String, Decimal)>,
    /// Symbol with the lowest unrealized gain in % of its cost, and that gain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<(String, Decimal)>,
    /// Date of the oldest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Data source of the oldest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Number of holdings without a quote, valued at the prices of their last trades.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpriced: Option<usize>,
    /// Value in money, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// Unrealized gain in money, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain: Option<Decimal>,
}

impl PortfolioShare {
    /// Kind of the card.
    pub const KIND: &'static str = "portfolio.share";
    /// Maximum number of holdings listed individually.
    pub const LINES: usize = 8;
}

/// A holding in a [`PortfolioShare`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLine {
    pub symbol: String,
    /// Weight in the portfolio.
    pub percent: Decimal,
    /// Shares held, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// Value in money, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

/// A buy or sell as it was shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeShare {
    /// The card in English, included in the message text for programs.
    pub text: String,
    /// true for a buy, false for a sell.
    pub bought: bool,
    pub symbol: String,
    pub date: NaiveDate,
    /// Price per share.
    pub price: Decimal,
    /// `price` adjusted for later splits. None: the splits do not change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Decimal>,
    /// Change of the price since the trade, in %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Decimal>,
    /// Price when the card was shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Decimal>,
    /// Date of `now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Data source of `now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Quantity, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// Quantity × price, if shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
}

impl TradeShare {
    /// Kind of the card.
    pub const KIND: &'static str = "portfolio.trade";
}

/// A card before it is shared, and the channels it can be shared in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePreview {
    /// The card as others will see it.
    pub part: Card,
    /// Channels that the viewer can write in, with their names.
    pub channels: Vec<(ChannelId, String)>,
}

/// The message of a shared card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Shared {
    /// Message that contains the card.
    pub message_id: MessageId,
    /// Sequence number of the message in the channel.
    pub seq: i64,
    pub channel_id: ChannelId,
    /// Community of the channel.
    pub community_id: CommunityId,
}
