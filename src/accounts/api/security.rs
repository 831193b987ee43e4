//! REST: password, sessions and two-factor authentication.

use crate::{
    accounts::{Security, Service, Viewer, guard::Caller},
    platform::web::Body,
    shared::Result,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Number of sessions that ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Ended {
    ended: u64,
}

/// Ends all your other sessions.
#[utoipa::path(
    delete,
    path = "/sessions",
    tag = "Accounts",
    responses((status = 200, description = "Number of ended sessions", body = Ended))
)]
pub(super) async fn end_other_sessions(
    State(service): State<Service>,
    viewer: Viewer,
) -> Result<Json<Ended>> {
    let ended = service.end_all_other_sessions(&viewer).await?;
    Ok(Json(Ended { ended }))
}

/// The current and the new password.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPassword {
    #[schema(format = Password)]
    current: String,
    #[schema(min_length = 8, max_length = 128, format = Password)]
    password: String,
}

/// The new tokens of this session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    token: String,
    refresh_token: String,
}

/// Changes your password. All other sessions end; this one gets new tokens.
#[utoipa::path(
    post,
    path = "/account/password",
    tag = "Accounts",
    request_body = NewPassword,
    responses(
        (status = 200, description = "The new tokens", body = Tokens),
        (status = 403, description = "Wrong password"),
    )
)]
pub(super) async fn change_password(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<NewPassword>,
) -> Result<Json<Tokens>> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    let session = service
        .change_password(&viewer, &body.current, &body.password, &address)
        .await?;
    Ok(Json(Tokens {
        token: session.access,
        refresh_token: session.refresh,
    }))
}

/// Returns your security settings.
#[utoipa::path(
    get,
    path = "/account/security",
    tag = "Accounts",
    responses((status = 200, description = "Security settings", body = Security))
)]
pub(super) async fn security(
    State(service): State<Service>,
    viewer: Viewer,
) -> Result<Json<Security>> {
    service.security(&viewer).await.map(Json)
}

/// The password, as confirmation.
#[derive(Deserialize, ToSchema)]
pub(super) struct Proof {
    #[schema(format = Password)]
    password: String,
}

/// A new secret for an authenticator app.
#[derive(Serialize, ToSchema)]
pub(super) struct Begun {
    /// Base32.
    secret: String,
    /// The same secret as an `otpauth:` URI.
    uri: String,
}

/// Starts the setup of two-factor authentication. Confirm it with a code.
#[utoipa::path(
    post,
    path = "/account/second-factor",
    tag = "Accounts",
    request_body = Proof,
    responses(
        (status = 200, description = "The secret for the authenticator app", body = Begun),
        (status = 403, description = "Wrong password"),
        (status = 409, description = "Already on"),
    )
)]
pub(super) async fn begin(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Proof>,
) -> Result<Json<Begun>> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    let enrolment = service
        .begin_second_factor(&viewer, &body.password, &address)
        .await?;
    Ok(Json(Begun {
        secret: enrolment.secret,
        uri: enrolment.uri,
    }))
}

/// A code from the authenticator app.
#[derive(Deserialize, ToSchema)]
pub(super) struct Code {
    #[schema(example = "123456")]
    otp: String,
}

/// Recovery codes. Each one signs in once without the app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// Turns two-factor authentication on with the first code.
#[utoipa::path(
    post,
    path = "/account/second-factor/confirm",
    tag = "Accounts",
    request_body = Code,
    responses(
        (status = 200, description = "On, with the recovery codes", body = RecoveryCodes),
        (status = 409, description = "Setup not started, or already on"),
    )
)]
pub(super) async fn confirm(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Code>,
) -> Result<Json<RecoveryCodes>> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    let codes = service
        .confirm_second_factor(&viewer, &body.otp, &address)
        .await?;
    Ok(Json(RecoveryCodes {
        recovery_codes: codes,
    }))
}

/// The password and a code, as confirmation.
#[derive(Deserialize, ToSchema)]
pub(super) struct FullProof {
    #[schema(format = Password)]
    password: String,
    /// A code from the app, or a recovery code.
    otp: String,
}

/// Turns two-factor authentication off.
#[utoipa::path(
    delete,
    path = "/account/second-factor",
    tag = "Accounts",
    request_body = FullProof,
    responses(
        (status = 204, description = "Off"),
        (status = 403, description = "Wrong password"),
        (status = 409, description = "Not on"),
    )
)]
pub(super) async fn turn_off(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<FullProof>,
) -> Result<StatusCode> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    service
        .turn_off_second_factor(&viewer, &body.password, &body.otp, &address)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Creates new recovery codes. The old ones stop working.
#[utoipa::path(
    post,
    path = "/account/recovery-codes",
    tag = "Accounts",
    request_body = Proof,
    responses(
        (status = 200, description = "The new recovery codes", body = RecoveryCodes),
        (status = 403, description = "Wrong password"),
        (status = 409, description = "Two-factor authentication is off"),
    )
)]
pub(super) async fn recovery_codes(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Proof>,
) -> Result<Json<RecoveryCodes>> {
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    let codes = service
        .renew_recovery_codes(&viewer, &body.password, &address)
        .await?;
    Ok(Json(RecoveryCodes {
        recovery_codes: codes,
    }))
}
