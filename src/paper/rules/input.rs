//! Parses the input of an order.

use crate::paper::model::{OrderInput, OrderKind, Side};
use crate::portfolio::rules::{price_above_zero, units};
use crate::shared::{Error, Result};
use rust_decimal::Decimal;

/// A valid order; its symbol is found elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub side: Side,
    /// Number of shares.
    pub quantity: Decimal,
    /// Worst acceptable price; none: any.
    pub limit: Option<Decimal>,
}

impl Checked {
    /// Limit order if there is a limit, else market order.
    pub const fn kind(&self) -> OrderKind {
        match self.limit {
            Some(_) => OrderKind::Limit,
            None => OrderKind::Market,
        }
    }
}

/// Parses an order; the error names the field. Ignores the limit of a market order.
///
/// # Errors
/// `symbol-missing`, `bad-side`, `bad-order-kind`, `bad-number`.
pub fn check(input: &OrderInput) -> Result<Checked> {
    if input.symbol.trim().is_empty() {
        return Err(Error::bad_request("symbol-missing", "Symbol missing").with("field", "symbol"));
    }
    let side = Side::named(&input.side.trim().to_ascii_lowercase()).ok_or_else(|| {
        Error::bad_request("bad-side", "Invalid side: use buy or sell").with("field", "side")
    })?;
    let kind = OrderKind::named(&input.kind.trim().to_ascii_lowercase()).ok_or_else(|| {
        Error::bad_request("bad-order-kind", "Invalid kind: use market or limit")
            .with("field", "kind")
    })?;
    let quantity = units(&input.quantity)?;
    let limit = match kind {
        OrderKind::Market => None,
        OrderKind::Limit => Some(price_above_zero("limit", &input.limit)?),
    };
    Ok(Checked {
        side,
        quantity,
        limit,
    })
}
