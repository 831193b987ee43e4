//! REST for operators; for everybody else there is nothing here.

use super::{
    AccountAct, AccountsPage, Health, RecordPage, ResetLink, Service, SettingsState, Shown,
};
use crate::{
    accounts::{Viewer, guard::Caller},
    platform::web::{self, Body, Query},
    shared::{AccountId, Error, Result, paging},
};
use axum::{
    Json, RequestExt,
    extract::{FromRequest, FromRequestParts, Path, Request, State, rejection::PathRejection},
    http::{StatusCode, header, request::Parts},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

const DEFAULT: u64 = 50;
const MOST: u64 = 200;

/// The routes, to be nested under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(accounts))
        .routes(routes!(reset_link))
        .routes(routes!(act))
        .routes(routes!(settings, change_settings))
        .routes(routes!(reset_setting))
        .routes(routes!(health))
        .routes(routes!(record))
        .with_state(service)
}

/// Who asks; nobody is told that there is nothing.
struct Asker(Viewer);

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let viewer = caller.viewer?.filter(|viewer| viewer.operator);
        viewer.map(Self).ok_or_else(Error::not_found)
    }
}

/// The admin's own password, for what opens an account to somebody else.
#[derive(Deserialize, ToSchema)]
struct OwnPassword {
    #[schema(format = Password)]
    password: Option<String>,
}

/// The password and where it comes from; a request without a body shows none.
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

type Id = Result<Path<AccountId>, PathRejection>;

fn account(id: Id) -> Result<AccountId> {
    let Path(id) = id.map_err(|_| Error::not_found())?;
    Ok(id)
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
    path = "/operator/accounts",
    tag = "Operators",
    params(
        ("search" = Option<String>, Query, description = "Part of a name or email"),
        ("before" = Option<AccountId>, Query, description = "Returns items after this id"),
        ("limit" = Option<u64>, Query, description = "Page size; default 50", minimum = 1, maximum = 200),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page", body = AccountsPage),
        (status = 404, description = "Not an admin"),
    )
)]
async fn accounts(
    State(service): State<Service>,
    Asker(viewer): Asker,
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
    path = "/operator/accounts/{id}/reset-link",
    tag = "Operators",
    params(("id" = AccountId, Path, description = "The account")),
    request_body = OwnPassword,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The link", body = ResetLink),
        (status = 403, description = "The admin's own password is missing or wrong"),
    )
)]
async fn reset_link(
    State(service): State<Service>,
    Asker(viewer): Asker,
    id: Id,
    showing: Showing,
) -> Result<(StatusCode, Json<ResetLink>)> {
    let link = service.reset_link(&viewer, account(id)?, showing.shown());
    let link = link.await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Ends an account's sessions, suspends it, makes it an admin, and so on. `make-operator` and
/// `remove-factor` need your own password.
#[utoipa::path(
    post,
    path = "/operator/accounts/{id}/{act}",
    tag = "Operators",
    params(
        ("id" = AccountId, Path, description = "The account"),
        ("act" = String, Path, description = "Action",
            pattern = "^(end-sessions|suspend|unsuspend|make-operator|unmake-operator|remove-factor)$"),
    ),
    request_body = Option<OwnPassword>,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "The admin's own password is missing or wrong"),
        (status = 409, description = "Not possible for this account"),
    )
)]
async fn act(
    State(service): State<Service>,
    Asker(viewer): Asker,
    web::Path((id, act)): web::Path<(AccountId, String)>,
    showing: Showing,
) -> Result<StatusCode> {
    let act = match act.as_str() {
        "end-sessions" => AccountAct::EndSessions,
        "suspend" => AccountAct::Suspend,
        "unsuspend" => AccountAct::Unsuspend,
        "make-operator" => AccountAct::MakeOperator,
        "unmake-operator" => AccountAct::UnmakeOperator,
        "remove-factor" => AccountAct::RemoveFactor,
        _ => return Err(Error::not_found()),
    };
    service.act(&viewer, id, act, showing.shown()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the settings that can change while the server runs.
#[utoipa::path(
    get,
    path = "/operator/settings",
    tag = "Operators",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The settings", body = SettingsState),
        (status = 404, description = "Not an admin"),
    )
)]
async fn settings(
    State(service): State<Service>,
    Asker(viewer): Asker,
) -> Result<Json<SettingsState>> {
    Ok(Json(service.settings(&viewer).await?))
}

/// Saves the named settings.
#[utoipa::path(
    patch,
    path = "/operator/settings",
    tag = "Operators",
    request_body = Object,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "All settings", body = SettingsState),
        (status = 404, description = "Not an admin"),
    )
)]
async fn change_settings(
    State(service): State<Service>,
    Asker(viewer): Asker,
    Body(changes): Body<Map<String, Value>>,
) -> Result<Json<SettingsState>> {
    Ok(Json(service.change_settings(&viewer, changes).await?))
}

/// Restores a setting to the value in the configuration.
#[utoipa::path(
    delete,
    path = "/operator/settings/{name}",
    tag = "Operators",
    params(("name" = String, Path, description = "The setting")),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "All settings", body = SettingsState))
)]
async fn reset_setting(
    State(service): State<Service>,
    Asker(viewer): Asker,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<SettingsState>> {
    let Path(name) = name.map_err(|_| Error::not_found())?;
    Ok(Json(service.reset_setting(&viewer, name).await?))
}

/// Returns the health of the instance.
#[utoipa::path(
    get,
    path = "/operator/health",
    tag = "Operators",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Health data", body = Health),
        (status = 404, description = "Not an admin"),
    )
)]
async fn health(State(service): State<Service>, Asker(viewer): Asker) -> Result<Json<Health>> {
    Ok(Json(service.health(&viewer).await?))
}

/// Lists the audit log, newest first.
#[utoipa::path(
    get,
    path = "/operator/record",
    tag = "Operators",
    params(
        ("before" = Option<Uuid>, Query, description = "Returns items after this id"),
        ("limit" = Option<u64>, Query, description = "Page size; default 50", minimum = 1, maximum = 200),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of entries", body = RecordPage),
        (status = 404, description = "Not an admin"),
    )
)]
async fn record(
    State(service): State<Service>,
    Asker(viewer): Asker,
    Query(wanted): Query<Wanted<Uuid>>,
) -> Result<Json<RecordPage>> {
    let limit = paging::limit(wanted.limit.as_deref(), DEFAULT, MOST)?;
    let page = service.record(&viewer, wanted.before, limit);
    Ok(Json(page.await?))
}
