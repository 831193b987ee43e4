//! REST: a community's calls and the records of those who make them.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{Call, CallPage, Draft, Filter, Leaderboard, Service};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{CallId, Result};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(calls, make_call))
        .routes(routes!(call_leaderboard))
        .routes(routes!(take_back_call))
        .with_state(service)
}

/// Which calls are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of which community; the Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// An account's id, or `engine` for Rialto's own.
    #[param(example = "engine")]
    author: Option<String>,
    /// An instrument's code.
    #[param(example = "AAPL")]
    symbol: Option<String>,
    /// `open`, `scored` or `void`.
    #[param(example = "open")]
    state: Option<String>,
    /// The `next` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<String>,
}

/// Lists a community's predictions, newest first, 50 per page.
#[utoipa::path(
    get,
    path = "/calls",
    tag = "Calls",
    params(Wanted),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The predictions", body = CallPage),
        (status = 400, description = "Invalid author, symbol, state or cursor"),
        (status = 404, description = "Community not found"),
    )
)]
async fn calls(
    State(service): State<Service>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<CallPage>> {
    let filter = Filter {
        community: wanted.community,
        author: wanted.author,
        symbol: wanted.symbol,
        state: wanted.state,
        before: wanted.before,
    };
    service.page(&viewer, &filter).await.map(Json)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Returns the leaderboard of a community's predictions, Rialto's rating included. Ranked by edge:
/// the lower bound of the 95% Wilson interval of the hit rate, minus the base rate of the same
/// symbols and directions. Overlapping predictions count in part. A rank needs at least 10 counted
/// predictions.
#[utoipa::path(
    get,
    path = "/calls/leaderboard",
    tag = "Calls",
    params(Of),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The leaderboard", body = Leaderboard),
        (status = 404, description = "Community not found"),
    )
)]
async fn call_leaderboard(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<Of>,
) -> Result<Json<Leaderboard>> {
    let found = service.leaderboard(&viewer, of.community.as_deref()).await;
    found.map(Json)
}

/// A call in a community.
#[derive(Debug, Deserialize, ToSchema)]
struct NewCall {
    /// The Lobby when it is left out.
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    #[serde(flatten)]
    draft: Draft,
}

/// Creates a prediction. It starts at the next open and is scored at the close of the last trading
/// day within its horizon.
#[utoipa::path(
    post,
    path = "/calls",
    tag = "Calls",
    request_body = NewCall,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The prediction", body = Call),
        (status = 400, description = "Invalid prediction"),
        (status = 404, description = "Community or symbol not found"),
        (status = 409, description = "Too many open predictions"),
    )
)]
async fn make_call(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewCall>,
) -> Result<(StatusCode, Json<Call>)> {
    let made = service.make(&viewer, new.community.as_deref(), &new.draft);
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Withdraws your prediction, within two minutes.
#[utoipa::path(
    delete,
    path = "/calls/{call}",
    tag = "Calls",
    params(("call" = Uuid, Path, description = "Prediction id")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Withdrawn"),
        (status = 404, description = "Prediction not found"),
        (status = 409, description = "Older than two minutes"),
    )
)]
async fn take_back_call(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<CallId>,
) -> Result<StatusCode> {
    service.take_back(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
