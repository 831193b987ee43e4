//! Cards of a portfolio or a trade as others see them in a channel: what things were like when they
//! were shared. A figure that its owner did not choose to show is not in them.

use crate::chat::Part;
use crate::markets::Source;
use crate::shared::{ChannelId, CommunityId, MessageId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What its owner shows beside per cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Showing {
    /// What the portfolio is called.
    pub name: bool,
    /// Units.
    pub quantities: bool,
    /// Money.
    pub amounts: bool,
}

/// A portfolio as it was shared. Figures are per cents unless they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioShare {
    /// The same in English, which stands in the message's text for programs.
    pub text: String,
    /// What it is called, where that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its largest positions, the most valuable first.
    pub lines: Vec<ShareLine>,
    /// How many smaller ones there are, and what part they are together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<(usize, Decimal)>,
    /// What part is cash, where it keeps any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<Decimal>,
    /// The first day of its returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The simple return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simple: Option<Decimal>,
    /// The time-weighted return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_weighted: Option<Decimal>,
    /// The position that gained most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<(String, Decimal)>,
    /// The one that gained least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<(String, Decimal)>,
    /// The day of its oldest price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Where that price is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Positions without a price: they are worth what their last trades say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpriced: Option<usize>,
    /// What it is worth in money, where that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// What is held is worth so much more than it has cost, where that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain: Option<Decimal>,
}

impl PortfolioShare {
    /// The kind of the part.
    pub const KIND: &'static str = "portfolio.share";
    /// Most positions that have a line of their own.
    pub const LINES: usize = 8;
}

/// A position of a [`PortfolioShare`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLine {
    /// The instrument.
    pub symbol: String,
    /// What part of the whole it is.
    pub percent: Decimal,
    /// Units, where they are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// What they are worth, where that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

/// A purchase or a sale as it was shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeShare {
    /// The same in English, which stands in the message's text for programs.
    pub text: String,
    /// Was it bought? Else sold.
    pub bought: bool,
    /// The instrument.
    pub symbol: String,
    /// The day.
    pub date: NaiveDate,
    /// Money for each.
    pub price: Decimal,
    /// The same for one of today's shares, where splits came since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Decimal>,
    /// How many per cent the price has moved since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Decimal>,
    /// The price when it was shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Decimal>,
    /// The day of that price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Where it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Units, where they are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// The money that went with it, where that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
}

impl TradeShare {
    /// The kind of the part.
    pub const KIND: &'static str = "portfolio.trade";
}

/// A card before it is shared, and where it can be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePreview {
    /// What others will see.
    pub part: Part,
    /// The channels in which the viewer may write, with their names.
    pub channels: Vec<(ChannelId, String)>,
}

/// Where a card stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Shared {
    /// The message that carries it.
    pub message_id: MessageId,
    /// Its number in the channel.
    pub seq: i64,
    /// The channel.
    pub channel_id: ChannelId,
    /// The community of the channel.
    pub community_id: CommunityId,
}
