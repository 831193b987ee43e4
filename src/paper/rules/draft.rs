//! What somebody wrote, as an order.

use crate::paper::model::{Draft, OrderKind, Side};
use crate::portfolio::rules::{price_above_zero, units};
use crate::shared::{Error, Result};
use rust_decimal::Decimal;

/// An order that can be placed; which instrument is meant is found out elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it does.
    pub side: Side,
    /// Units.
    pub quantity: Decimal,
    /// The worst price that it takes; none: any.
    pub limit: Option<Decimal>,
}

impl Checked {
    /// At which price.
    pub const fn kind(&self) -> OrderKind {
        match self.limit {
            Some(_) => OrderKind::Limit,
            None => OrderKind::Market,
        }
    }
}

/// Reads what somebody wrote; the error names the field. The limit of a market order is passed over.
///
/// # Errors
/// `symbol-missing`, `bad-side`, `bad-order-kind`, `bad-figure`.
pub fn check(draft: &Draft) -> Result<Checked> {
    if draft.symbol.trim().is_empty() {
        return Err(Error::bad_request("symbol-missing", "Symbol missing").with("field", "symbol"));
    }
    let side = Side::named(&draft.side).ok_or_else(|| {
        Error::bad_request("bad-side", "Invalid side: use buy or sell").with("field", "side")
    })?;
    let kind = OrderKind::named(&draft.kind).ok_or_else(|| {
        Error::bad_request("bad-order-kind", "Invalid kind: use market or limit")
            .with("field", "kind")
    })?;
    let quantity = units(&draft.quantity)?;
    let limit = match kind {
        OrderKind::Market => None,
        OrderKind::Limit => Some(price_above_zero("limit", &draft.limit)?),
    };
    Ok(Checked {
        side,
        quantity,
        limit,
    })
}
