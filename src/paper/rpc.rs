//! Server functions of the page of paper trading. Its forms work without JavaScript.

use super::{PaperPage, Placed, Preview, Ticket};
use crate::shared::json;
use crate::shared::{Error, OrderId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Draft, Service};
#[cfg(feature = "ssr")]
use crate::{
    accounts::{
        Viewer,
        guard::{provided, respond, viewer},
    },
    shared::Result,
};

#[cfg(feature = "ssr")]
async fn ask() -> Result<(Service, Viewer)> {
    let viewer = viewer().await?;
    Ok((provided()?, viewer))
}

/// The seasons, and whether the viewer takes part in the running one.
#[server(prefix = "/rpc", endpoint = "paper/ticket", output = json::Json)]
pub async fn load_ticket() -> Result<Ticket, Error> {
    let ticket = async {
        let (service, viewer) = ask().await?;
        service.ticket(&viewer).await
    };
    respond(ticket.await)
}

/// A season: the viewer's account, orders, and the standing.
#[server(prefix = "/rpc", endpoint = "paper/page", output = json::Json)]
pub async fn load_paper(season: Option<String>) -> Result<PaperPage, Error> {
    let page = async {
        let (service, viewer) = ask().await?;
        service.page(&viewer, season.as_deref()).await
    };
    respond(page.await)
}

/// Joins the running season.
#[server(prefix = "/rpc", endpoint = "paper/join", output = json::Json)]
pub async fn join_paper() -> Result<(), Error> {
    let joined = async {
        let (service, viewer) = ask().await?;
        service.join(&viewer, None).await.map(drop)
    };
    respond(joined.await)
}

/// Places an order.
#[server(prefix = "/rpc", endpoint = "paper/place", output = json::Json)]
pub async fn place_order(
    symbol: String,
    side: String,
    kind: String,
    quantity: String,
    limit: String,
) -> Result<Placed, Error> {
    let placed = async {
        let (service, viewer) = ask().await?;
        let draft = Draft {
            symbol,
            side,
            kind,
            quantity,
            limit,
        };
        service.place(&viewer, None, &draft).await
    };
    respond(placed.await)
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
        let (service, viewer) = ask().await?;
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
        let (service, viewer) = ask().await?;
        service.cancel(&viewer, order).await
    };
    respond(gone.await)
}
