//! Alerts as both sides see them, and what members hear of them.

use crate::markets::Source;
use crate::portfolio::{as_written, as_written_to};
use crate::realtime::Event;
use crate::shared::{AccountId, AlertId, ChannelId, NoticeId, Timestamp};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most decimals of a value.
pub(super) const MAX_DECIMALS: u32 = 8;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What kind of thing is waited for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum AlertKind {
            $($(#[$doc])* $name,)*
        }

        impl AlertKind {
            /// All of them, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// The price comes from below a value to above it.
    PriceAbove = "price_above";
    /// The price comes from above a value to below it.
    PriceBelow = "price_below";
    /// The price is at least so many per cent above that of the day before.
    Rises = "rises";
    /// The price is at least so many per cent below that of the day before.
    Falls = "falls";
    /// Either of the two.
    Moves = "moves";
    /// Relative strength comes to above a value.
    RsiAbove = "rsi_above";
    /// Relative strength comes to below a value.
    RsiBelow = "rsi_below";
    /// The price comes to the other side of the mean of the last closes.
    CrossesSma = "crosses_sma";
    /// The price comes to the other side of the exponential mean.
    CrossesEma = "crosses_ema";
    /// MACD (12, 26, 9) comes to the other side of its signal.
    CrossesMacd = "crosses_macd";
}

impl AlertKind {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Does it ask for a value?
    pub const fn takes_value(self) -> bool {
        !matches!(
            self,
            Self::CrossesSma | Self::CrossesEma | Self::CrossesMacd
        )
    }

    /// The days that it looks at when nobody says how many; none: it looks at none.
    pub const fn usual_period(self) -> Option<u32> {
        match self {
            Self::RsiAbove | Self::RsiBelow => Some(14),
            Self::CrossesSma | Self::CrossesEma => Some(200),
            _ => None,
        }
    }

    /// Is it about a day's change?
    pub const fn is_of_a_day(self) -> bool {
        matches!(self, Self::Rises | Self::Falls | Self::Moves)
    }

    /// Is it about a price?
    pub const fn is_of_price(self) -> bool {
        matches!(self, Self::PriceAbove | Self::PriceBelow)
    }

    /// Does it need the past?
    pub const fn needs_history(self) -> bool {
        matches!(
            self,
            Self::RsiAbove
                | Self::RsiBelow
                | Self::CrossesSma
                | Self::CrossesEma
                | Self::CrossesMacd
        )
    }
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Condition {
    /// What kind it is.
    pub kind: AlertKind,
    /// A price, per cent, or a level of relative strength, as its kind asks for.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub value: Option<Decimal>,
    /// Days that an indicator looks at.
    pub period: Option<u32>,
}

/// Whether an alert is awake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It waits.
    Armed,
    /// It has told, and rests.
    Fired,
    /// Its time was over, and it rests.
    Expired,
}

impl AlertState {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Armed => "armed",
            Self::Fired => "fired",
            Self::Expired => "expired",
        }
    }
}

/// That the value of an alert is in other shares than when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = AlertAdjusted))]
pub struct Adjusted {
    /// The value as it was written.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub written: Decimal,
    /// The day of the last split since.
    pub split_on: NaiveDate,
}

/// Something about an instrument that somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Alert {
    pub id: AlertId,
    /// The instrument, upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// What is waited for.
    #[serde(flatten)]
    pub condition: Condition,
    /// Its value followed a split; none: it is as it was written.
    pub adjusted: Option<Adjusted>,
    /// The channel into which it is posted; none: its owner is told.
    pub channel_id: Option<ChannelId>,
    /// For its owner.
    pub note: String,
    /// Whether it is awake.
    pub state: AlertState,
    /// How many times it was armed.
    pub armed: i32,
    /// When it gives up.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
    /// The price that it saw last.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub seen_price: Option<Decimal>,
    /// When that was the price, in the market's zone.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub seen_at: Option<NaiveDateTime>,
    /// When it was made.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it fired last.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub fired_at: Option<Timestamp>,
}

/// An alert as somebody writes it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = AlertDraft))]
#[serde(default)]
pub struct Draft {
    /// The instrument, in any case, or its name.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// What kind of thing is waited for.
    #[cfg_attr(feature = "ssr", schema(value_type = AlertKind))]
    pub kind: String,
    /// A price, per cent, or a level of relative strength; what a kind does not ask for is left
    /// out.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "450"))]
    #[serde(deserialize_with = "value_as_written")]
    pub value: String,
    /// Days that an indicator looks at: 14 for RSI and 200 for means when it is left out.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub period: String,
    /// The channel into which it is posted; empty: its owner is told.
    pub channel: String,
    /// For its owner.
    #[cfg_attr(feature = "ssr", schema(max_length = 200))]
    pub note: String,
    /// The last day on which it is awake (UTC), as 2030-12-31; empty: for ever.
    #[cfg_attr(feature = "ssr", schema(example = "2030-12-31"))]
    pub expires: String,
}

/// Reads a value as it was written; a number of JSON with as many decimals as are kept.
fn value_as_written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    as_written_to(from, MAX_DECIMALS)
}

/// What becomes of the post of an alert that fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// There is none: its owner is told.
    None,
    /// It is to be posted.
    Waiting,
    /// It is posted.
    Posted,
    /// Its owner may not write there any more, or the channel is gone.
    Refused,
}

impl Posting {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Posted => "posted",
            Self::Refused => "refused",
        }
    }
}

/// What somebody was told by an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    /// The alert, which may be gone by now.
    pub alert_id: AlertId,
    /// The instrument.
    pub symbol: String,
    /// What was waited for.
    pub condition: Condition,
    /// The price at which it fired.
    pub price: Decimal,
    /// When that was the price, in the market's zone.
    pub price_at: NaiveDateTime,
    /// Where it came from.
    pub source: Source,
    /// The note of the alert.
    pub note: String,
    /// What becomes of its post.
    pub posting: Posting,
    /// When it was told.
    pub created_at: Timestamp,
    /// Did its owner see it?
    pub seen: bool,
}

/// What somebody was told by a feature that stands above this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiding {
    pub id: NoticeId,
    /// What kind it is: who has made it knows what its body holds.
    pub kind: String,
    /// What a sentence is made of, in the reader's language.
    pub body: Value,
    /// When it was told.
    pub created_at: Timestamp,
    /// Did its owner see it?
    pub seen: bool,
}

/// What the page of alerts shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsPage {
    /// The viewer's alerts, the newest first.
    pub alerts: Vec<Alert>,
    /// What they were told, the latest first.
    pub notices: Vec<Notice>,
    /// What other features told them, the latest first.
    pub tidings: Vec<Tiding>,
    /// Channels into which they may post, with their names.
    pub channels: Vec<(ChannelId, String)>,
}

/// Who looks, and how much they were told and have not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub account: AccountId,
    /// Notices that they have not seen.
    pub unseen: u32,
}

/// An alert of this account fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertFired {
    /// What its owner is told.
    pub notice: Notice,
}

impl Event for AlertFired {
    const KIND: &'static str = "alerts.fired";
}

/// A feature told this account something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub tiding: Tiding,
}

impl Event for Told {
    const KIND: &'static str = "alerts.told";
}

/// This account has seen its notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsSeen {
    /// How many are left.
    pub unseen: u32,
}

impl Event for AlertsSeen {
    const KIND: &'static str = "alerts.seen";
}

/// What hangs on the message of an alert in a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredPart {
    /// The instrument.
    pub symbol: String,
    /// What was waited for.
    #[serde(flatten)]
    pub condition: Condition,
    /// The price at which it fired.
    pub price: Decimal,
    /// When that was the price, in the market's zone.
    pub price_at: NaiveDateTime,
    /// Where it came from.
    pub source: Source,
    /// Whose alert it is: their name.
    pub by: String,
}

impl FiredPart {
    /// The kind of the part.
    pub const KIND: &'static str = "alerts.fired";
}
