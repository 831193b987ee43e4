//! Notifications about orders: each once, in the transaction that ends the order.

use super::Service;
use crate::accounts::Viewer;
use crate::alerts::NewNotification;
use crate::paper::model::{Ended, Order, OrderState, Reason};
use crate::shared::{AccountId, Error, NotificationId, Result};
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
    Ok(NewNotification {
        account,
        kind: Ended::KIND,
        subject: order.id.0,
        body: serde_json::to_value(ended).map_err(Error::internal)?,
    })
}

impl Service {
    /// Marks the viewer's notifications about orders as seen, up to the given one.
    pub async fn see(&self, viewer: &Viewer, up_to: NotificationId) -> Result<()> {
        let alerts = &self.inner.alerts;
        alerts.see_kind(viewer, Ended::KIND, up_to).await
    }
}
