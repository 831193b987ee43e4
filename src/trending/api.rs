//! REST: trending symbols of a community.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{Service, Trending, TrendingSymbol, Wanted};
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
        .routes(routes!(trending))
        .routes(routes!(trending_symbol))
        .with_state(service)
}

/// Community, channel and days of a request.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// Channel id; default: all channels of the community that you can read.
    #[param(value_type = Option<uuid::Uuid>)]
    channel: Option<String>,
    /// Number of days: `7`, `30` or `90`; default: 30.
    #[param(example = "30")]
    days: Option<String>,
}

/// Position in the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Start {
    /// The `next` of the previous page.
    #[param(example = "25")]
    skip: Option<String>,
}

/// Lists trending symbols of a community, ranked by members, 25 per page. A mention is a cashtag
/// (`$AAPL`) or a command to the stock bot, in a message that is not deleted. Days are in UTC.
#[utoipa::path(
    get,
    path = "/trending",
    tag = "Trending",
    params(Of, Start),
    responses(
        (status = 200, description = "The symbols", body = Trending),
        (status = 400, description = "Invalid community, channel, number of days or cursor"),
        (status = 404, description = "Channel not found"),
    )
)]
async fn trending(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<Of>,
    Query(start): Query<Start>,
) -> Result<Json<Trending>> {
    let wanted = wanted(of, start.skip);
    service.trending(&viewer, &wanted).await.map(Json)
}

/// Returns the daily mentions of a symbol with its closing prices.
#[utoipa::path(
    get,
    path = "/trending/{symbol}",
    tag = "Trending",
    params(Of),
    responses(
        (status = 200, description = "The days", body = TrendingSymbol),
        (status = 400, description = "Invalid symbol, community, channel or number of days"),
        (status = 404, description = "Channel not found"),
    )
)]
async fn trending_symbol(
    State(service): State<Service>,
    viewer: Viewer,
    Path(symbol): Path<String>,
    Query(of): Query<Of>,
) -> Result<Json<TrendingSymbol>> {
    let wanted = wanted(of, None);
    service
        .trending_symbol(&viewer, &symbol, &wanted)
        .await
        .map(Json)
}

fn wanted(of: Of, skip: Option<String>) -> Wanted {
    Wanted {
        community: of.community,
        channel: of.channel,
        days: of.days,
        skip,
    }
}
