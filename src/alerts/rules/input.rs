//! Parses and checks new alerts.

use crate::alerts::model::{AlertInput, AlertKind, Condition, MAX_DECIMALS};
use crate::markets::indicators::MAX_PERIOD;
use crate::portfolio::rules::figure;
use crate::shared::{ChannelId, Error, Result, Timestamp};
use chrono::{Days, NaiveDate, NaiveTime};
use rust_decimal::Decimal;

/// Maximum number of characters of a note.
const MAX_NOTE: usize = 200;
/// Maximum price, and maximum percentage.
const MAX_PRICE: i64 = 1_000_000_000_000;
const MAX_PERCENT: i64 = 1_000;

/// A checked alert without its symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub condition: Condition,
    /// Channel to post it in.
    pub channel: Option<ChannelId>,
    pub note: String,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
}

/// Parses a new alert; `field` in the error's details names the invalid field.
///
/// # Errors
/// `bad-alert-kind`, `bad-alert-value`, `bad-alert-period`, `not-found` for an invalid channel id,
/// `note-too-long`, `bad-date`, `expiry-past`.
pub fn check(input: &AlertInput, now: Timestamp) -> Result<Checked> {
    let kind = AlertKind::named(input.kind.trim()).ok_or_else(|| {
        Error::bad_request("bad-alert-kind", "Unknown kind of alert").with("field", "kind")
    })?;
    let value = match input.value.trim() {
        "" => None,
        text => Some(figure(text).ok_or_else(|| bad_value(kind))?),
    };
    let period = match input.period.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| bad_period())?),
    };
    let note = input.note.trim().to_owned();
    if note.chars().count() > MAX_NOTE {
        return Err(Error::bad_request(
            "note-too-long",
            format!("Note too long: at most {MAX_NOTE} characters"),
        )
        .with("max", MAX_NOTE)
        .with("field", "note"));
    }
    let channel = match input.channel.trim() {
        "" => None,
        text => {
            let id = text.parse::<ChannelId>();
            Some(id.map_err(|_| Error::not_found().with("field", "channel"))?)
        }
    };
    Ok(Checked {
        condition: condition(kind, value, period)?,
        channel,
        note,
        expires_at: expiry(input.expires.trim(), now)?,
    })
}

/// Checks the value and the period of a condition. Ignores what its kind does not use.
pub(super) fn condition(
    kind: AlertKind,
    value: Option<Decimal>,
    period: Option<u32>,
) -> Result<Condition> {
    let value = match (kind.takes_value(), value) {
        (false, _) => None,
        (true, Some(value)) if can_be(kind, value) => Some(value.normalize()),
        (true, _) => return Err(bad_value(kind)),
    };
    let period = match (kind.usual_period(), period) {
        (None, _) => None,
        (usual, None) => usual,
        (_, Some(days)) if (2..=MAX_PERIOD).contains(&(days as usize)) => Some(days),
        _ => return Err(bad_period()),
    };
    Ok(Condition {
        kind,
        value,
        period,
    })
}

fn can_be(kind: AlertKind, value: Decimal) -> bool {
    let most = match kind {
        // Less than 100, because RSI never exceeds 100.
        AlertKind::RsiAbove | AlertKind::RsiBelow => Decimal::from(100) - Decimal::new(1, 8),
        _ if kind.is_of_a_day() => Decimal::from(MAX_PERCENT),
        _ => Decimal::from(MAX_PRICE),
    };
    value > Decimal::ZERO && value <= most && value.normalize().scale() <= MAX_DECIMALS
}

fn bad_value(kind: AlertKind) -> Error {
    let most = match kind {
        AlertKind::RsiAbove | AlertKind::RsiBelow => 100,
        _ if kind.is_of_a_day() => MAX_PERCENT,
        _ => MAX_PRICE,
    };
    Error::bad_request(
        "bad-alert-value",
        format!("Invalid number: above 0, up to {most}, with up to {MAX_DECIMALS} decimals"),
    )
    .with("max", most)
    .with("digits", MAX_DECIMALS)
    .with("field", "value")
}

fn bad_period() -> Error {
    Error::bad_request(
        "bad-alert-period",
        format!("Invalid period: 2 to {MAX_PERIOD} days"),
    )
    .with("max", MAX_PERIOD)
    .with("field", "period")
}

/// Parses a day and returns its end, which must be in the future.
fn expiry(text: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let end = text
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.checked_add_days(Days::new(1)))
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let end = end.ok_or_else(|| {
        Error::bad_request("bad-date", "Invalid date: use the form 2030-12-31")
            .with("field", "expires")
    })?;
    if end <= now {
        return Err(Error::bad_request("expiry-past", "Date in the past").with("field", "expires"));
    }
    Ok(Some(end))
}
