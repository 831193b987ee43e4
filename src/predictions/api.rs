//! REST: predictions of a community and their leaderboard.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{Created, Filter, Leaderboard, PredictionInput, PredictionPage, Service};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{PredictionId, Result};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(predictions, create_prediction))
        .routes(routes!(prediction_leaderboard))
        .routes(routes!(withdraw_prediction))
        .with_state(service)
}

/// Lists a community's predictions, newest first, 50 per page.
#[utoipa::path(
    get,
    path = "/predictions",
    tag = "Predictions",
    params(Filter),
    responses(
        (status = 200, description = "The predictions", body = PredictionPage),
        (status = 400, description = "Invalid community, author, symbol, state or cursor"),
        (status = 404, description = "Community not found"),
    )
)]
async fn predictions(
    State(service): State<Service>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Json<PredictionPage>> {
    service.page(&viewer, &filter).await.map(Json)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Returns the leaderboard of a community's predictions, Rialto's rating included. Ranked by edge:
/// the lower bound of the 95% Wilson interval of the hit rate, minus the base rate of the same
/// symbols and directions. Overlapping predictions count in part. A rank needs at least 10 counted
/// predictions.
#[utoipa::path(
    get,
    path = "/predictions/leaderboard",
    tag = "Predictions",
    params(Of),
    responses(
        (status = 200, description = "The leaderboard", body = Leaderboard),
        (status = 400, description = "Invalid community"),
        (status = 404, description = "Community not found"),
    )
)]
async fn prediction_leaderboard(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<Of>,
) -> Result<Json<Leaderboard>> {
    let found = service.leaderboard(&viewer, of.community.as_deref()).await;
    found.map(Json)
}

/// A prediction in a community.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPrediction {
    /// Community id; default: the Lobby.
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    #[serde(flatten)]
    input: PredictionInput,
}

/// Creates a prediction. It starts at the next open and is scored at the close of the last trading
/// day within its horizon. If `moves` is false, no price will come and it cannot be scored.
#[utoipa::path(
    post,
    path = "/predictions",
    tag = "Predictions",
    request_body = NewPrediction,
    responses(
        (status = 201, description = "The prediction", body = Created),
        (status = 400, description = "Invalid prediction"),
        (status = 404, description = "Community or symbol not found"),
        (status = 409, description = "Too many open predictions"),
    )
)]
async fn create_prediction(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewPrediction>,
) -> Result<(StatusCode, Json<Created>)> {
    let made = service.make(&viewer, new.community.as_deref(), &new.input);
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Withdraws your prediction, within two minutes.
#[utoipa::path(
    delete,
    path = "/predictions/{prediction}",
    tag = "Predictions",
    responses(
        (status = 204, description = "Withdrawn"),
        (status = 404, description = "Prediction not found"),
        (status = 409, description = "Older than two minutes"),
    )
)]
async fn withdraw_prediction(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PredictionId>,
) -> Result<StatusCode> {
    service.take_back(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
