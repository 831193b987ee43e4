//! Server functions of the page of paper trading. Its forms work without JavaScript.

use super::{PaperPage, Placed, Preview, Ticket};
use crate::shared::json;
use crate::shared::{Error, NoticeId, OrderId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Draft, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::{ask, respond};
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// The seasons, whether the viewer takes part in the running one, and the open order that is to be
/// changed.
#[server(prefix = "/rpc", endpoint = "paper/ticket", output = json::Json)]
pub async fn load_ticket(change: Option<String>) -> Result<Ticket, Error> {
    let ticket = async {
        let (service, viewer) = ask::<Service>().await?;
        service.ticket(&viewer, change.as_deref()).await
    };
    respond(ticket.await)
}

/// A season: the viewer's account, orders, and the standing.
#[server(prefix = "/rpc", endpoint = "paper/page", output = json::Json)]
pub async fn load_paper(season: Option<String>) -> Result<PaperPage, Error> {
    let page = async {
        let (service, viewer) = ask::<Service>().await?;
        service.page(&viewer, season.as_deref()).await
    };
    respond(page.await)
}

/// Joins the running season.
#[server(prefix = "/rpc", endpoint = "paper/join", output = json::Json)]
pub async fn join_paper() -> Result<(), Error> {
    let joined = async {
        let (service, viewer) = ask::<Service>().await?;
        service.join(&viewer, None).await.map(drop)
    };
    respond(joined.await)
}

/// Places an order; in the place of an open one where that is named.
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
        let draft = Draft {
            symbol,
            side,
            kind,
            quantity,
            limit,
        };
        if replaces.is_empty() {
            return service.place(&viewer, None, &draft).await;
        }
        let replaced = replaces.parse().map_err(|_| Error::not_found())?;
        service.replace(&viewer, None, replaced, &draft).await
    };
    respond(under(&key, placed).await)
}

/// What an order would come to.
#[server(prefix = "/rpc", endpoint = "paper/preview", output = json::Json)]
pub async fn preview_order(
    symbol: String,
    side: String,
    kind: String,
    quantity: String,
    limit: String,
) -> Result<Preview, Error> {
    let preview = async {
        let (service, viewer) = ask::<Service>().await?;
        let draft = Draft {
            symbol,
            side,
            kind,
            quantity,
            limit,
        };
        service.preview(&viewer, &draft).await
    };
    respond(preview.await)
}

/// Takes an open order back.
#[server(prefix = "/rpc", endpoint = "paper/cancel", output = json::Json)]
pub async fn cancel_order(order: OrderId) -> Result<(), Error> {
    let gone = async {
        let (service, viewer) = ask::<Service>().await?;
        service.cancel(&viewer, order).await
    };
    respond(gone.await)
}

/// Notes that the viewer has seen what they were told of their orders, up to a notice.
#[server(prefix = "/rpc", endpoint = "paper/see", output = json::Json)]
pub async fn see_orders(up_to: NoticeId) -> Result<(), Error> {
    let seen = async {
        let (service, viewer) = ask::<Service>().await?;
        service.see(&viewer, up_to).await
    };
    respond(seen.await)
}
