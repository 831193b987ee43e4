//! REST: which instruments a community speaks of.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{Pulse, PulseOf, Service, Wanted};
use crate::accounts::Viewer;
use crate::platform::web::{Path, Query};
use crate::shared::Result;
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(pulse))
        .routes(routes!(pulse_of))
        .with_state(service)
}

/// Of what, and over which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// One of its channels; all that the asker may read when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    channel: Option<String>,
    /// The last `7`, `30` or `90` days; 30 when it is left out.
    #[param(example = "30")]
    days: Option<String>,
}

/// Where in the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Start {
    /// The `next` of the page before.
    #[param(example = "25")]
    skip: Option<String>,
}

/// Lists trending symbols of a community, ranked by members, 25 per page. A mention is a cashtag
/// (`$AAPL`) or a command to the stock bot, in a message that is not deleted. Days are in UTC.
#[utoipa::path(
    get,
    path = "/pulse",
    tag = "Pulse",
    params(Of, Start),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The symbols", body = Pulse),
        (status = 400, description = "Invalid community, channel, number of days or cursor"),
        (status = 404, description = "Channel not found"),
    )
)]
async fn pulse(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<Of>,
    Query(start): Query<Start>,
) -> Result<Json<Pulse>> {
    let wanted = wanted(of, start.skip);
    service.pulse(&viewer, &wanted).await.map(Json)
}

/// Returns the daily mentions of a symbol with its closing prices.
#[utoipa::path(
    get,
    path = "/pulse/{symbol}",
    tag = "Pulse",
    params(("symbol" = String, Path, description = "Symbol", example = "AAPL"), Of),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The days", body = PulseOf),
        (status = 400, description = "Invalid symbol, community, channel or number of days"),
        (status = 404, description = "Channel not found"),
    )
)]
async fn pulse_of(
    State(service): State<Service>,
    viewer: Viewer,
    Path(symbol): Path<String>,
    Query(of): Query<Of>,
) -> Result<Json<PulseOf>> {
    let wanted = wanted(of, None);
    service.pulse_of(&viewer, &symbol, &wanted).await.map(Json)
}

fn wanted(of: Of, skip: Option<String>) -> Wanted {
    Wanted {
        community: of.community,
        channel: of.channel,
        days: of.days,
        skip,
    }
}
