//! Server functions of the paper trading page. Its forms work without JavaScript.

use super::{PaperPage, Placed, Preview, Ticket};
use crate::shared::json;
use crate::shared::{Error, OrderId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{OrderInput, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::ask;
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// Loads the seasons, whether the viewer has joined the running one, and the open order to edit.
#[server(prefix = "/rpc", endpoint = "paper/ticket", output = json::Json)]
pub async fn load_ticket(change: Option<String>) -> Result<Ticket, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.ticket(&viewer, change.as_deref()).await
}

/// Loads a season: the viewer's account and orders, and the leaderboard.
#[server(prefix = "/rpc", endpoint = "paper/page", output = json::Json)]
pub async fn load_paper(season: Option<String>) -> Result<PaperPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.page(&viewer, season.as_deref()).await
}

/// Joins the running season.
#[server(prefix = "/rpc", endpoint = "paper/join", output = json::Json)]
pub async fn join_paper() -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.join(&viewer, None).await.map(drop)
}

/// Places an order, or replaces the open order that is named.
#[server(prefix = "/rpc", endpoint = "paper/place", output = json::Json)]
pub async fn place_order(
    symbol: String,
    side: String,
    kind: String,
    quantity: String,
    limit: String,
    #[server(default)] replaces: String,
    #[server(default)] key: String,
) -> Result<Placed, Error> {
    let placed = async {
        let (service, viewer) = ask::<Service>().await?;
        let input = OrderInput {
            symbol,
            side,
            kind,
            quantity,
            limit,
        };
        if replaces.is_empty() {
            return service.place(&viewer, None, &input).await;
        }
        let replaced = replaces.parse().map_err(|_| Error::not_found())?;
        service.replace(&viewer, None, replaced, &input).await
    };
    under(&key, placed).await
}

/// Estimates an order at the last known price.
#[server(prefix = "/rpc", endpoint = "paper/preview", output = json::Json)]
pub async fn preview_order(
    symbol: String,
    side: String,
    kind: String,
    quantity: String,
    limit: String,
) -> Result<Preview, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let input = OrderInput {
        symbol,
        side,
        kind,
        quantity,
        limit,
    };
    service.preview(&viewer, &input).await
}

/// Cancels an open order.
#[server(prefix = "/rpc", endpoint = "paper/cancel", output = json::Json)]
pub async fn cancel_order(order: OrderId) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.cancel(&viewer, order).await
}
