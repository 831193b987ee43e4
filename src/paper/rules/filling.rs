//! Which price fills an order, and what fits into an account.
//!
//! An order never fills at a price that could be known when it was placed. A quote counts if it is
//! later than the one that the order saw, and certainly later than the order itself. Quotes have
//! the local time of their market, whose zone is not known exactly, so the earliest moment that the
//! time can mean must be after the order. If a source has days but no times, the first later day
//! counts. A replay has its own clock: any later quote counts.

use crate::markets::{Freshness, Quote};
use crate::paper::model::{Order, Reason, Side};
use crate::shared::Timestamp;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_decimal::Decimal;

/// Delayed quotes are in Warsaw time, which is at most this far ahead of UTC.
const AHEAD: TimeDelta = TimeDelta::hours(2);

/// Time of a quote in its market's zone; without a time, the start of its day.
pub fn seen_at(quote: &Quote) -> NaiveDateTime {
    quote.date.and_time(quote.time.unwrap_or(NaiveTime::MIN))
}

/// true if this quote may fill an order that was placed at `placed_at` and saw a price of the time
/// `seen`, in the market's zone.
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

/// true if a price meets the limit.
pub fn takes(side: Side, limit: Option<Decimal>, price: Decimal) -> bool {
    match (side, limit) {
        (_, None) => true,
        (Side::Buy, Some(limit)) => price <= limit,
        (Side::Sell, Some(limit)) => price >= limit,
    }
}

/// Quantity times price; none: overflow.
pub fn estimate(quantity: Decimal, price: Decimal) -> Option<Decimal> {
    quantity.checked_mul(price)
}

/// Cash that open orders reserve.
pub fn reserved(open: &[Order]) -> Decimal {
    let buys = open.iter().filter(|order| order.side == Side::Buy);
    let each = buys.filter_map(|order| estimate(order.quantity, expected(order)));
    each.sum()
}

/// Expected price of an order.
pub fn expected(order: &Order) -> Decimal {
    order.limit.unwrap_or(order.seen_price)
}

/// Checks that an account has enough cash or shares of the symbol for an order.
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

/// Day of a trade: that of its price, so that splits count from there, but not one before `first`.
pub fn trade_day(quote: &Quote, first: NaiveDate) -> NaiveDate {
    quote.date.max(first)
}
