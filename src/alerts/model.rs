//! Alerts as both sides see them.

use crate::markets::Source;
use crate::portfolio::{as_written, as_written_to};
use crate::shared::{AlertId, ChannelId, Timestamp};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Maximum number of decimal places of a value.
pub(super) const MAX_DECIMALS: u32 = 8;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Type of a condition.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum AlertKind {
            $($(#[$doc])* $name,)*
        }

        impl AlertKind {
            /// All kinds, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Name in the API and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// The price rises from below a value to above it.
    PriceAbove = "price_above";
    /// The price falls from above a value to below it.
    PriceBelow = "price_below";
    /// The price is at least this percentage above the previous close.
    Rises = "rises";
    /// The price is at least this percentage below the previous close.
    Falls = "falls";
    /// The price is at least this percentage above or below the previous close.
    Moves = "moves";
    /// RSI rises above a value.
    RsiAbove = "rsi_above";
    /// RSI falls below a value.
    RsiBelow = "rsi_below";
    /// The price crosses its simple moving average.
    CrossesSma = "crosses_sma";
    /// The price crosses its exponential moving average.
    CrossesEma = "crosses_ema";
    /// MACD (12, 26, 9) crosses its signal line.
    CrossesMacd = "crosses_macd";
}

impl AlertKind {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// true if the condition has a value.
    pub const fn takes_value(self) -> bool {
        !matches!(
            self,
            Self::CrossesSma | Self::CrossesEma | Self::CrossesMacd
        )
    }

    /// Default period in days. None: the kind has no period.
    pub const fn usual_period(self) -> Option<u32> {
        match self {
            Self::RsiAbove | Self::RsiBelow => Some(14),
            Self::CrossesSma | Self::CrossesEma => Some(200),
            _ => None,
        }
    }

    /// true if the condition is about a day's change.
    pub const fn is_of_a_day(self) -> bool {
        matches!(self, Self::Rises | Self::Falls | Self::Moves)
    }

    /// true if the value is a price.
    pub const fn is_of_price(self) -> bool {
        matches!(self, Self::PriceAbove | Self::PriceBelow)
    }

    /// true if the condition needs the price history.
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

/// Condition of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Condition {
    /// Type of the condition.
    pub kind: AlertKind,
    /// A price, a percentage or an RSI level, depending on the kind.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub value: Option<Decimal>,
    /// Period of the indicator in days.
    pub period: Option<u32>,
}

/// State of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Active.
    Armed,
    /// Triggered; inactive.
    Fired,
    /// Expired; inactive.
    Expired,
}

impl AlertState {
    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Armed => "armed",
            Self::Fired => "fired",
            Self::Expired => "expired",
        }
    }
}

/// An adjustment of an alert's value to a split after it was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = AlertAdjusted))]
pub struct Adjusted {
    /// The value as entered.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub written: Decimal,
    /// Day of the last split since then.
    pub split_on: NaiveDate,
}

/// A price alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Alert {
    pub id: AlertId,
    /// The symbol in upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// Triggers the alert when it becomes true.
    #[serde(flatten)]
    pub condition: Condition,
    /// Set if the value was adjusted to a split. None: the value is as entered.
    pub adjusted: Option<Adjusted>,
    /// Channel that the alert is posted in. None: only its owner is notified.
    pub channel_id: Option<ChannelId>,
    /// A note for the owner.
    pub note: String,
    pub state: AlertState,
    /// Number of times it was activated.
    pub armed: i32,
    /// When it expires.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
    /// The last price that the condition was checked with.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub seen_price: Option<Decimal>,
    /// Time of that price in the market's time zone.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub seen_at: Option<NaiveDateTime>,
    /// When it was created.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it last triggered.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub fired_at: Option<Timestamp>,
}

/// A new alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AlertInput {
    /// The symbol in any case, or the name of the company.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// Type of the condition.
    #[cfg_attr(feature = "ssr", schema(value_type = AlertKind))]
    pub kind: String,
    /// A price, a percentage or an RSI level. Omit it if the kind has none.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value, example = "450"))]
    #[serde(deserialize_with = "value_as_written")]
    pub value: String,
    /// Period of the indicator in days. Default: 14 for RSI, 200 for moving averages.
    #[cfg_attr(feature = "ssr", schema(value_type = serde_json::Value))]
    #[serde(deserialize_with = "as_written")]
    pub period: String,
    /// Channel to post the alert in. Empty: only you are notified.
    pub channel: String,
    /// A note for the owner.
    #[cfg_attr(feature = "ssr", schema(max_length = 200))]
    pub note: String,
    /// The last day on which it is active (UTC), such as 2030-12-31. Empty: it does not expire.
    #[cfg_attr(feature = "ssr", schema(example = "2030-12-31"))]
    pub expires: String,
}

/// Reads a value as text; rounds a JSON number to the decimal places that are stored.
fn value_as_written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    as_written_to(from, MAX_DECIMALS)
}

/// State of a triggered alert's post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// No post: only the owner is notified.
    None,
    /// Not posted yet.
    Waiting,
    /// Posted.
    Posted,
    /// The owner can no longer write in the channel, or the channel is gone.
    Refused,
}

/// Body of the notification of a triggered alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertNotification {
    /// The alert, which may be deleted.
    pub alert_id: AlertId,
    pub symbol: String,
    #[serde(flatten)]
    pub condition: Condition,
    /// The price that triggered the alert.
    pub price: Decimal,
    /// Time of the price in the market's time zone.
    pub price_at: NaiveDateTime,
    /// Data source of the price.
    pub source: Source,
    /// The alert's note.
    pub note: String,
    /// State of its post.
    pub posting: Posting,
}

impl AlertNotification {
    /// Kind of the notification.
    pub const KIND: &'static str = "alerts.triggered";
}

/// Content of the alerts page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsPage {
    /// The viewer's alerts, newest first.
    pub alerts: Vec<Alert>,
    /// Channels that the viewer can see, with their names.
    pub channels: Vec<(ChannelId, String)>,
}

/// Card under the message of a triggered alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCard {
    pub symbol: String,
    #[serde(flatten)]
    pub condition: Condition,
    /// The price that triggered the alert.
    pub price: Decimal,
    /// Time of the price in the market's time zone.
    pub price_at: NaiveDateTime,
    /// Data source of the price.
    pub source: Source,
    /// Username of the alert's owner.
    pub by: String,
}

impl AlertCard {
    /// The kind of the card.
    pub const KIND: &'static str = "alerts.fired";
}
