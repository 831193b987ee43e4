//! Limits of a portfolio, and the errors of several actions.

use crate::portfolio::rules::ledger::{Impossible, MOST_SPLITS};
use crate::shared::{Error, Kind};

/// Maximum number of transactions per account, in all portfolios that its owner manages.
pub(super) const MAX_TRANSACTIONS: i64 = 200_000;

/// Maximum number of symbols per portfolio, held or not: a page asks for the price of each.
pub(super) const MAX_INSTRUMENTS: usize = 1_000;

pub(super) fn too_many_transactions() -> Error {
    Error::conflict(
        "too-many-transactions",
        format!("Too many transactions: at most {MAX_TRANSACTIONS}"),
    )
    .with("max", MAX_TRANSACTIONS)
}

/// Too many other changes of the portfolio at once.
pub(super) fn busy() -> Error {
    Error::new(
        Kind::Unavailable,
        "portfolio-busy",
        "Another change to this portfolio is running; try again in a moment",
    )
}

pub(super) fn too_many_instruments() -> Error {
    Error::conflict(
        "too-many-instruments",
        format!("Too many symbols: at most {MAX_INSTRUMENTS} per portfolio"),
    )
    .with("max", MAX_INSTRUMENTS)
    .with("field", "symbol")
}

pub(super) fn kept() -> Error {
    Error::conflict(
        "portfolio-managed",
        "This portfolio belongs to paper trading",
    )
}

pub(super) fn impossible(symbol: &str, why: &Impossible) -> Error {
    match why {
        Impossible::Oversold {
            date, held, asked, ..
        } => {
            let (held, asked) = (held.normalize(), asked.normalize());
            Error::new(
                Kind::Conflict,
                "oversold",
                format!("You held {held} {symbol} on {date}, not {asked}"),
            )
            .with("date", date)
            .with("held", held)
            .with("asked", asked)
            .with("symbol", symbol)
            .with("field", "quantity")
        }
        Impossible::TooMany { date } => Error::new(
            Kind::Conflict,
            "too-many-units",
            format!("Quantity of {symbol} too large from {date} on"),
        )
        .with("date", date)
        .with("symbol", symbol)
        .with("field", "quantity"),
        Impossible::TooFew { date } => Error::new(
            Kind::Conflict,
            "too-few-units",
            format!("Quantity of {symbol} too small from {date} on"),
        )
        .with("date", date)
        .with("symbol", symbol)
        .with("field", "quantity"),
        Impossible::TooManySplits => Error::new(
            Kind::Conflict,
            "too-many-splits",
            format!("Too many splits of {symbol}: at most {MOST_SPLITS}"),
        )
        .with("max", MOST_SPLITS)
        .with("symbol", symbol)
        .with("field", "kind"),
    }
}

/// true if [`impossible`] returned the error.
pub(super) fn is_impossible(error: &Error) -> bool {
    let codes = [
        "oversold",
        "too-many-units",
        "too-few-units",
        "too-many-splits",
    ];
    codes.contains(&error.code.as_ref())
}
