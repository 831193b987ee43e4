//! What members are told of their orders: each once, in the transaction that ends it.

use super::Service;
use crate::accounts::Viewer;
use crate::alerts::News;
use crate::paper::model::{Ended, Order, OrderState, Reason};
use crate::shared::{AccountId, Error, NoticeId, Result};
use rust_decimal::Decimal;

/// What there is to tell of an order that has ended.
pub(super) fn news(
    account: AccountId,
    order: &Order,
    (state, reason): (OrderState, Option<Reason>),
    price: Option<Decimal>,
) -> Result<News> {
    let ended = Ended {
        symbol: order.symbol.clone(),
        side: order.side,
        quantity: order.quantity,
        state,
        reason,
        price,
    };
    Ok(News {
        account,
        kind: Ended::KIND,
        subject: order.id.0,
        body: serde_json::to_value(ended).map_err(Error::internal)?,
    })
}

impl Service {
    /// Notes that the viewer has seen what they were told of their orders, up to a notice.
    pub async fn see(&self, viewer: &Viewer, up_to: NoticeId) -> Result<()> {
        let alerts = &self.inner.alerts;
        alerts.see_kind(viewer, Ended::KIND, up_to).await
    }
}
