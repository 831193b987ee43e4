//! REST: three older APIs on the same addresses. What a request means is told by its fields.
//!
//! `email` and `password` (and `name` to register) is one shape; `username`, `password` (and
//! `email` to register) another; `username` alone lets a guest in. Unknown fields are ignored.

use super::{
    Account, Device, DeviceKind, NewPerson, Service, SessionInfo, Viewer,
    guard::{Caller, bearer},
};
use crate::{
    platform::web::{Body, method_not_allowed},
    shared::{Error, Kind, Result, SessionId, Timestamp},
};
use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The routes, to be nested under `/api` inside the guard's layers.
pub fn routes(service: Service) -> Router {
    Router::new()
        .route("/auth/register", post(register))
        .route("/register", post(register))
        .route("/auth/login", post(login))
        .route("/login", post(login))
        .route("/auth/logout", post(logout))
        .route("/logout", post(logout))
        .route("/auth/me", get(me))
        .route("/auth/refresh", post(refresh))
        .route("/sessions", get(sessions))
        .route("/sessions/{id}", delete(end_session))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(service)
}

/// An account as its owner's programs see it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    username: String,
    name: String,
    email: Option<String>,
    created_at: Timestamp,
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self {
            id: account.profile.id.to_string(),
            username: account.profile.username.clone(),
            name: account.profile.display_name.clone(),
            email: account.email.clone(),
            created_at: account.created_at,
        }
    }
}

#[derive(Deserialize)]
struct Registration {
    username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
}

async fn register(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Registration>,
) -> Result<(StatusCode, Json<Value>)> {
    let missing = || Error::bad_request("missing-fields", "Missing required fields");
    let (username, name) = (given(body.username), given(body.name));
    // Without a name of either kind there is nothing to call them.
    if username.is_none() && name.is_none() {
        return Err(missing());
    }
    let user_only = name.is_none();
    let person = NewPerson {
        username,
        display_name: name,
        email: given(body.email).ok_or_else(missing)?,
        password: given(body.password).ok_or_else(missing)?,
    };
    let device = caller.device(DeviceKind::Program);
    let account = service.register(person, &device).await?;
    let answer = if user_only {
        json!(User::from(&account))
    } else {
        signed_in(&service, account, &device).await?
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
struct Credentials {
    username: Option<String>,
    email: Option<String>,
    password: Option<String>,
}

async fn login(
    State(service): State<Service>,
    caller: Caller,
    Body(body): Body<Credentials>,
) -> Result<Json<Value>> {
    let device = caller.device(DeviceKind::Program);
    if let Credentials {
        username: Some(username),
        email: None,
        password: None,
    } = &body
        && !username.is_empty()
    {
        return guest(&service, username, &device).await.map(Json);
    }
    let name = given(body.email).or(given(body.username));
    let (Some(name), Some(password)) = (name, given(body.password)) else {
        return Err(Error::bad_request(
            "missing-fields",
            "Missing email or password",
        ));
    };
    let account = service.sign_in(&name, &password, &device).await?;
    signed_in(&service, account, &device).await.map(Json)
}

/// An empty field counts as missing.
fn given(field: Option<String>) -> Option<String> {
    field.filter(|text| !text.is_empty())
}

async fn signed_in(service: &Service, account: Account, device: &Device) -> Result<Value> {
    let session = service.open_session(account, device).await?;
    Ok(json!({
        "success": true,
        "token": session.access,
        "refreshToken": session.refresh,
        "user": User::from(&session.account),
    }))
}

async fn guest(service: &Service, username: &str, device: &Device) -> Result<Value> {
    let account = service.register_guest(username, device).await?;
    let session = service.open_session(account, device).await?;
    Ok(json!({
        "user_id": session.viewer.account,
        "username": session.viewer.username,
        "token": session.access,
        "preferred_language": "en",
    }))
}

async fn logout(State(service): State<Service>, viewer: Viewer) -> Result<Json<Value>> {
    service.sign_out(&viewer).await?;
    Ok(Json(json!({ "success": true })))
}

async fn me(State(service): State<Service>, caller: Caller) -> Result<Json<Value>> {
    let gone = || Error::new(Kind::NotFound, "account-gone", "User not found");
    let viewer = caller.viewer().map_err(|error| {
        // Here, the missing thing is what was asked for.
        if error.code == "account-gone" {
            gone()
        } else {
            error
        }
    })?;
    let account = service.account(viewer.account).await?.ok_or_else(gone)?;
    Ok(Json(json!({ "user": User::from(&account) })))
}

async fn refresh(
    State(service): State<Service>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<Value>> {
    let token = bearer(&headers).ok_or_else(Error::unauthenticated)?;
    let access = service.refresh_program(token, &caller.address).await?;
    Ok(Json(json!({ "token": access })))
}

async fn sessions(State(service): State<Service>, viewer: Viewer) -> Result<Json<Value>> {
    let sessions: Vec<SessionInfo> = service.sessions(&viewer).await?;
    Ok(Json(json!({ "sessions": sessions })))
}

async fn end_session(
    State(service): State<Service>,
    viewer: Viewer,
    id: Result<Path<SessionId>, PathRejection>,
) -> Result<StatusCode> {
    let Path(id) = id.map_err(|_| Error::not_found())?;
    service.end_session(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
