//! The notification about an order that has ended, once, in the transaction that ends it.

use crate::notifications::NewNotification;
use crate::paper::model::{Ended, Order, OrderState, Reason};
use crate::shared::{AccountId, Result};
use rust_decimal::Decimal;

/// Notification about an order that has ended.
pub(super) fn notification(
    account: AccountId,
    order: &Order,
    (state, reason): (OrderState, Option<Reason>),
    price: Option<Decimal>,
) -> Result<NewNotification> {
    let ended = Ended {
        symbol: order.symbol.clone(),
        side: order.side,
        quantity: order.quantity,
        state,
        reason,
        price,
    };
    NewNotification::new(account, Ended::KIND, order.id.to_string(), &ended)
}
