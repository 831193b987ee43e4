//! Whether an instance can serve. What it says is no secret and costs nothing: how the instance is
//! in detail is on the pages of operators.

use super::Services;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// How an instance is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    status: Status,
    #[schema(example = "rialto")]
    service: &'static str,
    message: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Healthy,
    Unhealthy,
}

/// Whether the instance can serve: whether its database was read and written in the last seconds.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Instance",
    responses(
        (status = 200, description = "It can", body = Health),
        (status = 503, description = "Its database cannot be read or written", body = Health),
    )
)]
pub(super) async fn health(State(services): State<Services>) -> (StatusCode, Json<Health>) {
    let database = services.db.health();
    let (code, status, message) = if database.readable && database.writable {
        (StatusCode::OK, Status::Healthy, "Rialto is running")
    } else {
        let gone = "The database cannot be reached or written";
        (StatusCode::SERVICE_UNAVAILABLE, Status::Unhealthy, gone)
    };
    let health = Health {
        status,
        service: "rialto",
        message,
    };
    (code, Json(health))
}
