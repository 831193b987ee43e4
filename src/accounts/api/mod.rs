//! REST: three older APIs on the same addresses. The fields of a request decide which one it means.
//!
//! `email` and `password` (plus `name` to register) is one shape; `username` and `password` (plus
//! `email` to register) another; `username` alone signs a guest in. Unknown fields are ignored.

mod data;
mod profile;
mod security;
mod shapes;

pub(super) use data::keep_messages;
pub use profile::pictures;

use super::{
    Account, Credentials, Device, DeviceKind, NewPerson, Service, Viewer,
    guard::{Caller, Via, bearer},
};
use crate::{
    platform::{openapi::also, web::Body},
    shared::{Error, Kind, Result, SessionId},
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
};
use shapes::{
    Access, Entered, EnteredGuest, Entry, Login, Me, Registered, Registration, Sessions, SignIn,
    SignUp, SignedOut, User,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes, to be nested under `/api` inside the guard's layers.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(also("/register", routes!(register)))
        .routes(routes!(login))
        .routes(also("/login", routes!(login)))
        .routes(routes!(logout))
        .routes(also("/logout", routes!(logout)))
        .routes(routes!(me))
        .routes(routes!(refresh))
        .routes(routes!(sessions, security::end_other_sessions))
        .routes(routes!(end_session))
        .routes(routes!(data::leave))
        .routes(routes!(data::export, data::request_export))
        .routes(routes!(data::archive))
        .routes(routes!(security::change_password))
        .routes(routes!(security::security))
        .routes(routes!(security::begin, security::turn_off))
        .routes(routes!(security::confirm))
        .routes(routes!(security::recovery_codes))
        .merge(profile::routes())
        .with_state(service)
}

/// Creates an account. With `name` it returns a session; with `username` alone the account.
#[utoipa::path(
    post,
    path = "/auth/register",
    security(()),
    tag = "Accounts",
    request_body = SignUp,
    responses(
        (status = 201, description = "The account, or a session", body = Registered),
        (status = 403, description = "Registration is closed, or the setup token is wrong"),
        (status = 409, description = "The username or email is taken"),
    )
)]
async fn register(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Registration>,
) -> Result<(StatusCode, Json<Registered>)> {
    let missing = || Error::bad_request("missing-fields", "Missing required fields");
    let (username, name) = (given(body.username), given(body.name));
    // At least one name is required.
    if username.is_none() && name.is_none() {
        return Err(missing());
    }
    let user_only = name.is_none();
    let person = NewPerson {
        username,
        display_name: name,
        email: given(body.email).ok_or_else(missing)?,
        password: given(body.password).ok_or_else(missing)?,
        invite: given(body.invite),
        setup_token: given(body.setup_token),
    };
    let device = caller.device(DeviceKind::Program);
    let account = service.register(person, &device).await?;
    let answer = if user_only {
        Registered::Account(User::from(&account))
    } else {
        Registered::Session(signed_in(&service, account, &device).await?)
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Signs in with username or email and password, or as a guest with a username alone. A guest with
/// a valid token gets the same account until it expires.
#[utoipa::path(
    post,
    path = "/auth/login",
    security(()),
    tag = "Accounts",
    request_body = SignIn,
    responses(
        (status = 200, description = "A session", body = Entry),
        (status = 401, description = "Wrong username or password"),
        (status = 403, description = "Guests are not allowed"),
        (status = 409, description = "The name is taken, or its guest's token is missing"),
    )
)]
async fn login(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Login>,
) -> Result<Json<Entry>> {
    if let Login {
        username: Some(username),
        email: None,
        password: None,
        ..
    } = &body
        && !username.is_empty()
    {
        let guest = guest(&service, &caller, username).await?;
        return Ok(Json(Entry::Guest(guest)));
    }
    let name = given(body.email).or(given(body.username));
    let (Some(name), Some(password)) = (name, given(body.password)) else {
        return Err(Error::bad_request(
            "missing-fields",
            "Missing email or password",
        ));
    };
    let otp = given(body.otp);
    let device = caller.device(DeviceKind::Program);
    let credentials = Credentials {
        name: &name,
        password: &password,
        otp: otp.as_deref(),
        come_back: body.come_back == Some(true),
    };
    let account = service.sign_in_with(credentials, &device).await?;
    let session = signed_in(&service, account, &device).await?;
    Ok(Json(Entry::Person(session)))
}

/// An empty field counts as missing.
fn given(field: Option<String>) -> Option<String> {
    field.filter(|text| !text.is_empty())
}

async fn signed_in(service: &Service, account: Account, device: &Device) -> Result<Entered> {
    let session = service.open_session(account, device).await?;
    Ok(Entered {
        success: true,
        token: session.access,
        refresh_token: session.refresh,
        user: User::from(&session.account),
    })
}

/// Returns the guest account of the request's token if the name matches, else creates a guest.
async fn guest(service: &Service, caller: &Caller, username: &str) -> Result<EnteredGuest> {
    let device = caller.device(DeviceKind::Program);
    if let (Ok(Some(viewer)), Via::Bearer) = (&caller.viewer, caller.via)
        && let Some(token) = service.returning_guest(viewer, username).await?
    {
        return Ok(entered_guest(viewer, token));
    }
    let account = service.register_guest(username, &device).await?;
    let session = service.open_session(account, &device).await?;
    Ok(entered_guest(&session.viewer, session.access))
}

fn entered_guest(viewer: &Viewer, token: String) -> EnteredGuest {
    let language = profile::preferred_language(viewer.preferences.as_ref());
    EnteredGuest {
        user_id: viewer.account,
        username: viewer.username.clone(),
        token,
        preferred_language: language.to_owned(),
    }
}

/// Signs out.
#[utoipa::path(
    post,
    path = "/auth/logout",
    tag = "Accounts",
    responses((status = 200, description = "Session ended", body = SignedOut))
)]
async fn logout(State(service): State<Service>, viewer: Viewer) -> Result<Json<SignedOut>> {
    service.sign_out(&viewer).await?;
    Ok(Json(SignedOut { success: true }))
}

/// Returns your account.
#[utoipa::path(
    get,
    path = "/auth/me",
    tag = "Accounts",
    responses(
        (status = 200, description = "The account", body = Me),
        (status = 404, description = "The account no longer exists"),
    )
)]
async fn me(State(service): State<Service>, caller: Caller) -> Result<Json<Me>> {
    let gone = || Error::new(Kind::NotFound, "account-gone", "User not found");
    let viewer = caller.viewer().map_err(|error| {
        // The account is the requested resource here, so a missing one is 404 and not 401.
        if error.code == "account-gone" {
            gone()
        } else {
            error
        }
    })?;
    let account = service.account(viewer.account).await?.ok_or_else(gone)?;
    let user = User::from(&account);
    Ok(Json(Me { user }))
}

/// Returns a new access token. Send the refresh token as the Bearer token.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "Accounts",
    security(("bearer" = [])),
    responses((status = 200, description = "The new token", body = Access))
)]
async fn refresh(
    State(service): State<Service>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<Access>> {
    let token = bearer(&headers).ok_or_else(Error::unauthenticated)?;
    let token = service.refresh_program(token, &caller.address).await?;
    Ok(Json(Access { token }))
}

/// Lists your sessions.
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "Accounts",
    responses((status = 200, description = "The sessions", body = Sessions))
)]
async fn sessions(State(service): State<Service>, viewer: Viewer) -> Result<Json<Sessions>> {
    let sessions = service.sessions(&viewer).await?;
    Ok(Json(Sessions { sessions }))
}

/// Ends one of your sessions. Its websockets close at once.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "Accounts",
    responses((status = 204, description = "Session ended"))
)]
async fn end_session(
    State(service): State<Service>,
    viewer: Viewer,
    id: Result<Path<SessionId>, PathRejection>,
) -> Result<StatusCode> {
    let Path(id) = id.map_err(|_| Error::not_found())?;
    service.end_session(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
