//! Server functions for drawings on charts.

use crate::markets::Drawing;
use crate::shared::{AccountId, DrawingId, Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{accounts::guard::ask, markets::Drawings};

/// Returns the viewer's drawings on a chart, with the viewer's account and its change count.
#[server(prefix = "/rpc", endpoint = "drawings/of", output = json::Json)]
pub async fn load_drawings(symbol: String) -> Result<(AccountId, i64, Vec<Drawing>), Error> {
    let (service, viewer) = ask::<Drawings>().await?;
    let drawings = service.of(&viewer, &symbol).await?;
    Ok((viewer.account, viewer.rev, drawings))
}

/// Saves drawings of the viewer; existing ones do not change.
#[server(prefix = "/rpc", endpoint = "drawings/keep", input = server_fn::codec::Json, output = json::Json)]
pub async fn save_drawings(symbol: String, drawings: Vec<Drawing>) -> Result<(), Error> {
    let (service, viewer) = ask::<Drawings>().await?;
    service.save(&viewer, &symbol, drawings).await
}

/// Deletes a drawing.
#[server(prefix = "/rpc", endpoint = "drawings/remove", output = json::Json)]
pub async fn remove_drawing(drawing: DrawingId) -> Result<(), Error> {
    let (service, viewer) = ask::<Drawings>().await?;
    service.remove(&viewer, None, drawing).await
}
