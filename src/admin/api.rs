//! REST for admins; other accounts get `not-found`.

use super::{
    AccountAct, AccountsPage, AuditPage, Health, ResetLink, Service, SettingsState, Shown,
};
use crate::{
    accounts::{Viewer, guard::Caller},
    platform::web::{Body, Path, Query},
    shared::{AccountId, Error, Result, paging},
};
use axum::{
    Json, RequestExt,
    extract::{FromRequest, FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

const DEFAULT: u64 = 50;
const MOST: u64 = 200;

/// Routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(accounts))
        .routes(routes!(reset_link))
        .routes(routes!(act))
        .routes(routes!(settings, change_settings))
        .routes(routes!(reset_setting))
        .routes(routes!(health))
        .routes(routes!(audit_log))
        .with_state(service)
}

/// The calling admin; `not-found` for all others.
struct AdminCaller(Viewer);

impl<S: Sync> FromRequestParts<S> for AdminCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let viewer = caller.viewer?.filter(|viewer| viewer.admin);
        viewer.map(Self).ok_or_else(Error::not_found)
    }
}

/// The admin's own password, for actions that give access to an account.
#[derive(Deserialize, ToSchema)]
struct OwnPassword {
    #[schema(format = Password)]
    password: Option<String>,
}

/// The password and the network address of the request. Without a body the password is None.
struct Showing {
    password: Option<String>,
    address: String,
}

impl Showing {
    fn shown(&self) -> Shown<'_> {
        Shown {
            password: self.password.as_deref(),
            address: &self.address,
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Showing {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Self> {
        let caller = request.extract_parts_with_state::<Caller, S>(state).await?;
        let password = if request.headers().contains_key(header::CONTENT_TYPE) {
            let Body(body) = Body::<OwnPassword>::from_request(request, state).await?;
            body.password
        } else {
            None
        };
        Ok(Self {
            password,
            address: caller.address,
        })
    }
}

#[derive(Deserialize)]
struct Wanted<T> {
    search: Option<String>,
    before: Option<T>,
    limit: Option<String>,
}

/// Lists accounts, newest first.
#[utoipa::path(
    get,
    path = "/admin/accounts",
    tag = "Admins",
    params(
        ("search" = Option<String>, Query, description = "Part of a name or email"),
        ("before" = Option<AccountId>, Query, description = "Returns items after this id"),
        ("limit" = Option<u64>, Query, description = "Page size; default 50", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "A page", body = AccountsPage),
        (status = 404, description = "Not an admin"),
    )
)]
async fn accounts(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Query(wanted): Query<Wanted<AccountId>>,
) -> Result<Json<AccountsPage>> {
    let limit = paging::limit(wanted.limit.as_deref(), DEFAULT, MOST)?;
    let search = wanted.search.as_deref();
    let page = service.accounts(&viewer, search, wanted.before, limit);
    Ok(Json(page.await?))
}

/// Creates a password link. It is returned only once.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/reset-link",
    tag = "Admins",
    request_body = OwnPassword,
    responses(
        (status = 201, description = "The link", body = ResetLink),
        (status = 403, description = "The admin's own password is missing or wrong"),
    )
)]
async fn reset_link(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Path(id): Path<AccountId>,
    showing: Showing,
) -> Result<(StatusCode, Json<ResetLink>)> {
    let link = service.reset_link(&viewer, id, showing.shown()).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Ends an account's sessions, suspends it, makes it an admin, and so on. `make-admin` and
/// `remove-factor` need your own password.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/{act}",
    tag = "Admins",
    params(
        ("act" = String, Path, description = "Action",
            pattern = "^(end-sessions|suspend|unsuspend|make-admin|remove-admin|remove-factor)$"),
    ),
    request_body = Option<OwnPassword>,
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "The admin's own password is missing or wrong"),
        (status = 409, description = "Not possible for this account"),
    )
)]
async fn act(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Path((id, act)): Path<(AccountId, String)>,
    showing: Showing,
) -> Result<StatusCode> {
    let act = match act.as_str() {
        "end-sessions" => AccountAct::EndSessions,
        "suspend" => AccountAct::Suspend,
        "unsuspend" => AccountAct::Unsuspend,
        "make-admin" => AccountAct::MakeAdmin,
        "remove-admin" => AccountAct::RemoveAdmin,
        "remove-factor" => AccountAct::RemoveFactor,
        _ => return Err(Error::not_found()),
    };
    service.act(&viewer, id, act, showing.shown()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the settings that can change while the server runs.
#[utoipa::path(
    get,
    path = "/admin/settings",
    tag = "Admins",
    responses(
        (status = 200, description = "The settings", body = SettingsState),
        (status = 404, description = "Not an admin"),
    )
)]
async fn settings(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
) -> Result<Json<SettingsState>> {
    Ok(Json(service.settings(&viewer).await?))
}

/// Saves the named settings.
#[utoipa::path(
    patch,
    path = "/admin/settings",
    tag = "Admins",
    request_body = Object,
    responses(
        (status = 200, description = "All settings", body = SettingsState),
        (status = 404, description = "Not an admin"),
    )
)]
async fn change_settings(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Body(changes): Body<Map<String, Value>>,
) -> Result<Json<SettingsState>> {
    Ok(Json(service.change_settings(&viewer, changes).await?))
}

/// Restores a setting to the value in the configuration.
#[utoipa::path(
    delete,
    path = "/admin/settings/{name}",
    tag = "Admins",
    params(("name" = String, Path, description = "The setting")),
    responses((status = 200, description = "All settings", body = SettingsState))
)]
async fn reset_setting(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Path(name): Path<String>,
) -> Result<Json<SettingsState>> {
    Ok(Json(service.reset_setting(&viewer, name).await?))
}

/// Returns the health of the instance.
#[utoipa::path(
    get,
    path = "/admin/health",
    tag = "Admins",
    responses(
        (status = 200, description = "Health data", body = Health),
        (status = 404, description = "Not an admin"),
    )
)]
async fn health(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
) -> Result<Json<Health>> {
    Ok(Json(service.health(&viewer).await?))
}

/// Lists the audit log, newest first.
#[utoipa::path(
    get,
    path = "/admin/audit-log",
    tag = "Admins",
    params(
        ("before" = Option<Uuid>, Query, description = "Returns items after this id"),
        ("limit" = Option<u64>, Query, description = "Page size; default 50", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "A page of entries", body = AuditPage),
        (status = 404, description = "Not an admin"),
    )
)]
async fn audit_log(
    State(service): State<Service>,
    AdminCaller(viewer): AdminCaller,
    Query(wanted): Query<Wanted<Uuid>>,
) -> Result<Json<AuditPage>> {
    let limit = paging::limit(wanted.limit.as_deref(), DEFAULT, MOST)?;
    let page = service.audit_log(&viewer, wanted.before, limit);
    Ok(Json(page.await?))
}
