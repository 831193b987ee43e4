//! REST: deletion of an account, and the export of its data.

use crate::{
    accounts::{Departure, Export, Farewell, Service, Viewer, guard::Caller, service::file_name},
    platform::web::Body,
    shared::{Error, Result},
};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa::ToSchema;

/// Password, and what happens to the messages.
#[derive(Deserialize, ToSchema)]
pub(super) struct Leave {
    #[schema(format = Password)]
    password: String,
    /// Authentication code; required if the account uses two-factor authentication.
    otp: Option<String>,
    /// `keep` or `delete`. Required, since a deletion cannot be undone.
    #[schema(pattern = "^(keep|delete)$")]
    messages: String,
    /// Username or email of the next admin; required if you are the only admin.
    successor: Option<String>,
}

/// Schedules the deletion of your account. Signing in with `come_back` cancels it.
#[utoipa::path(
    delete,
    path = "/account",
    tag = "Accounts",
    request_body = Leave,
    responses(
        (status = 200, description = "The date of deletion", body = Departure),
        (status = 403, description = "Wrong password"),
        (status = 409, description = "The only admin of the instance"),
    )
)]
pub(super) async fn leave(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Leave>,
) -> Result<Json<Departure>> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    let farewell = Farewell {
        password: &body.password,
        otp: body.otp.as_deref(),
        keep_messages: keep_messages(&body.messages)?,
        successor: body.successor.as_deref(),
    };
    service.leave(&viewer, farewell, &address).await.map(Json)
}

/// Parses `keep` (true) or `delete` (false).
pub(in crate::accounts) fn keep_messages(messages: &str) -> Result<bool> {
    match messages {
        "keep" => Ok(true),
        "delete" => Ok(false),
        _ => Err(Error::bad_request(
            "messages-keep-or-delete",
            "`messages` is `keep` or `delete`",
        )),
    }
}

/// Starts an export of your data.
#[utoipa::path(
    post,
    path = "/account/export",
    tag = "Accounts",
    responses((status = 202, description = "Started", body = Export))
)]
pub(super) async fn request_export(
    State(service): State<Service>,
    viewer: Viewer,
) -> Result<(StatusCode, Json<Export>)> {
    let export = service.request_export(&viewer).await?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

/// Returns the progress of your export.
#[utoipa::path(
    get,
    path = "/account/export",
    tag = "Accounts",
    responses(
        (status = 200, description = "Progress", body = Export),
        (status = 404, description = "No export"),
    )
)]
pub(super) async fn export(State(service): State<Service>, viewer: Viewer) -> Result<Json<Export>> {
    let export = service.export(&viewer).await?;
    export.map(Json).ok_or_else(Error::not_found)
}

/// Downloads your export. Supports ranges.
#[utoipa::path(
    get,
    path = "/account/export/archive",
    tag = "Accounts",
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 206, description = "A range of the archive", content_type = "application/zip", body = Vec<u8>),
        (status = 404, description = "Not found"),
        (status = 416, description = "Invalid range", content_type = "application/zip", body = Vec<u8>),
    )
)]
pub(super) async fn archive(
    State(service): State<Service>,
    viewer: Viewer,
    request: Request,
) -> Result<Response> {
    let path = service.export_file(&viewer).await?;
    let Ok(mut response) = ServeFile::new(path).oneshot(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Error::not_found());
    }
    let disposition = format!("attachment; filename=\"{}\"", file_name(&viewer));
    let disposition = HeaderValue::from_str(&disposition).map_err(Error::internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    Ok(response.into_response())
}
