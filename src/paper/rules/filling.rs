//! Which price an order is filled at, and what fits into an account.
//!
//! Nobody may trade at a price that could be known when the order was placed. A quote counts for an
//! order when it is later than the one that was seen, and certain to be later than the order itself:
//! the time of a quote is that of its market, whose zone is not known exactly, so the earliest moment
//! that it can mean has to lie after the order. Where a source tells days and no times, it is the
//! first later day. The replay has a clock of its own, on which nothing is late.

use crate::markets::{Freshness, Quote};
use crate::paper::model::{Reason, Side};
use crate::shared::Timestamp;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_decimal::Decimal;

/// Delayed quotes are told in the time of Warsaw, which is at most so far ahead of UTC.
const AHEAD: TimeDelta = TimeDelta::hours(2);

/// When a quote's price was the price, in its market's zone: its day begins it where no time is
/// known.
pub fn seen_at(quote: &Quote) -> NaiveDateTime {
    quote.date.and_time(quote.time.unwrap_or(NaiveTime::MIN))
}

/// May an order be filled at this quote that was placed at that time, with a price before its eyes
/// of `seen` in the market's zone?
pub fn is_next(placed_at: Timestamp, seen: NaiveDateTime, quote: &Quote) -> bool {
    let at = seen_at(quote);
    if at <= seen {
        return false;
    }
    match (quote.source.freshness(), quote.time) {
        (Freshness::Sample, _) => false,
        (Freshness::Replay, _) => true,
        (Freshness::Delayed, Some(_)) => at
            .checked_sub_signed(AHEAD)
            .is_some_and(|earliest| earliest > placed_at.naive_utc()),
        _ => quote.date > placed_at.date_naive(),
    }
}

/// Is a price as good as the limit?
pub fn takes(side: Side, limit: Option<Decimal>, price: Decimal) -> bool {
    match (side, limit) {
        (_, None) => true,
        (Side::Buy, Some(limit)) => price <= limit,
        (Side::Sell, Some(limit)) => price >= limit,
    }
}

/// What units come to at a price; none: more than can be counted.
pub fn estimate(quantity: Decimal, price: Decimal) -> Option<Decimal> {
    quantity.checked_mul(price)
}

/// Does an order fit into an account that has so much cash and so many units of its instrument?
pub fn fits(
    side: Side,
    quantity: Decimal,
    price: Decimal,
    cash: Decimal,
    units: Decimal,
) -> Result<(), Reason> {
    match side {
        Side::Buy => match estimate(quantity, price) {
            Some(cost) if cost <= cash => Ok(()),
            _ => Err(Reason::Cash),
        },
        Side::Sell if quantity <= units => Ok(()),
        Side::Sell => Err(Reason::Units),
    }
}

/// The day that a trade is written down under: that of its price, so that splits are counted from
/// there on, and never one before the account's last (`not_before`). The days of a replay are long
/// gone: there it is `today`.
pub fn trade_day(quote: &Quote, today: NaiveDate, not_before: NaiveDate) -> NaiveDate {
    let day = match quote.source.freshness() {
        Freshness::Sample | Freshness::Replay => today,
        Freshness::Delayed | Freshness::EndOfDay => quote.date,
    };
    day.max(not_before)
}
