//! Server functions of what members draw on charts.

use crate::markets::Drawing;
use crate::shared::{AccountId, DrawingId, Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    accounts::guard::{ask, respond},
    markets::Drawings,
};

/// What the viewer drew on the chart of an instrument, and who that is.
#[server(prefix = "/rpc", endpoint = "drawings/of", output = json::Json)]
pub async fn load_drawings(symbol: String) -> Result<(AccountId, Vec<Drawing>), Error> {
    let drawings = async {
        let (service, viewer) = ask::<Drawings>().await?;
        Ok((viewer.account, service.of(&viewer, &symbol).await?))
    };
    respond(drawings.await)
}

/// Keeps what the viewer drew; what is kept already stays as it is.
#[server(prefix = "/rpc", endpoint = "drawings/keep", input = server_fn::codec::Json, output = json::Json)]
pub async fn keep_drawings(symbol: String, drawings: Vec<Drawing>) -> Result<(), Error> {
    let kept = async {
        let (service, viewer) = ask::<Drawings>().await?;
        service.keep(&viewer, &symbol, drawings).await
    };
    respond(kept.await)
}

/// Takes a drawing away.
#[server(prefix = "/rpc", endpoint = "drawings/remove", output = json::Json)]
pub async fn remove_drawing(drawing: DrawingId) -> Result<(), Error> {
    let removed = async {
        let (service, viewer) = ask::<Drawings>().await?;
        service.remove(&viewer, None, drawing).await
    };
    respond(removed.await)
}
