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

/// A community's calls, the newest first, 50 at a time.
#[utoipa::path(
    get,
    path = "/calls",
    tag = "Calls",
    params(Wanted),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The calls", body = CallPage),
        (status = 400, description = "No author, symbol, state or place looks like this"),
        (status = 404, description = "The asker is in no such community"),
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

/// Of which community.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// How well the authors of a community's calls do, Rialto among them. They are ranked by the lower
/// end of the 95 % interval (Wilson) of their hit rate, less the rate that was to be expected of the
/// same instruments and directions; calls that overlap count as what does not. Under 10 calls that
/// do not overlap nobody is ranked: that is too few to tell.
#[utoipa::path(
    get,
    path = "/calls/leaderboard",
    tag = "Calls",
    params(Of),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The records", body = Leaderboard),
        (status = 404, description = "The asker is in no such community"),
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

/// Makes a call. It begins at the next open and is scored at the close of the last trading day
/// within its horizon.
#[utoipa::path(
    post,
    path = "/calls",
    tag = "Calls",
    request_body = NewCall,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The call", body = Call),
        (status = 400, description = "No call looks like this"),
        (status = 404, description = "The asker is in no such community, or there are no such prices"),
        (status = 409, description = "The asker has too many open calls"),
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

/// Takes a call of the asker's back, within two minutes. Nothing else changes it.
#[utoipa::path(
    delete,
    path = "/calls/{call}",
    tag = "Calls",
    params(("call" = Uuid, Path, description = "Which")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "The asker has made no such call"),
        (status = 409, description = "It is older than two minutes and stands"),
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
