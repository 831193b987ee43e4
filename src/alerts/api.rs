//! REST: an account's alerts.

use super::{Alert, AlertInput, Service};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path};
use crate::shared::{AlertId, Result};
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(alerts, make_alert))
        .routes(routes!(delete_alert))
        .routes(routes!(arm_alert))
        .with_state(service)
}

/// Your alerts.
#[derive(Debug, Serialize, ToSchema)]
struct Alerts {
    alerts: Vec<Alert>,
}

/// Lists your alerts, newest first.
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "Alerts",
    responses((status = 200, description = "The alerts", body = Alerts))
)]
async fn alerts(State(service): State<Service>, viewer: Viewer) -> Result<Json<Alerts>> {
    let alerts = service.alerts(&viewer).await?;
    Ok(Json(Alerts { alerts }))
}

/// Creates an alert. It triggers once, when its condition becomes true.
#[utoipa::path(
    post,
    path = "/alerts",
    tag = "Alerts",
    request_body = AlertInput,
    responses(
        (status = 201, description = "The alert", body = Alert),
        (status = 400, description = "A field is missing or invalid; `field` names it"),
        (status = 403, description = "No permission to write in this channel"),
        (status = 404, description = "Symbol or channel not found"),
        (status = 409, description = "Too many"),
    )
)]
async fn make_alert(
    State(service): State<Service>,
    viewer: Viewer,
    Body(input): Body<AlertInput>,
) -> Result<(StatusCode, Json<Alert>)> {
    let made = service.create(&viewer, &input).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Deletes an alert.
#[utoipa::path(
    delete,
    path = "/alerts/{alert}",
    tag = "Alerts",
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "Alert not found"),
    )
)]
async fn delete_alert(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<AlertId>,
) -> Result<StatusCode> {
    service.delete(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Activates a triggered alert. An active one does not change.
#[utoipa::path(
    post,
    path = "/alerts/{alert}/arm",
    tag = "Alerts",
    responses(
        (status = 200, description = "The alert", body = Alert),
        (status = 404, description = "Alert not found"),
    )
)]
async fn arm_alert(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<AlertId>,
) -> Result<Json<Alert>> {
    service.arm(&viewer, id).await.map(Json)
}
