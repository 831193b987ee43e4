//! REST: profiles, pictures and preferences.

use crate::{
    accounts::{AccountKind, Profile, Service, Viewer, rules, service::picture_too_large},
    platform::web::Body,
    shared::{AccountId, Error, Result},
    ui::preferences::Preferences,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Path, Request, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

/// Most bytes that a multipart form adds to its picture.
const FORM: usize = 16 * 1024;
/// Page that contains the picture form.
const PAGE: &str = "/settings/profile";

/// The routes, to be nested under `/api` inside the guard's layers.
pub fn routes() -> OpenApiRouter<Service> {
    let avatar = routes!(set_avatar, send_avatar, remove_avatar)
        .layer(DefaultBodyLimit::max(rules::PICTURE + FORM));
    OpenApiRouter::new()
        .routes(routes!(profile, change_profile))
        .routes(routes!(preferences, prefer))
        .routes(avatar)
}

/// `GET /avatars/{hash}`, outside of `/api`: pictures never change under their hash.
pub fn pictures(service: Service) -> Router {
    Router::new()
        .route("/avatars/{hash}", get(picture))
        .with_state(service)
}

async fn picture(State(service): State<Service>, Path(hash): Path<String>) -> Result<Response> {
    let picture = service.picture(&hash).await?;
    let content_type = HeaderValue::from_str(&picture.content_type).map_err(Error::internal)?;
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, forever),
    ];
    Ok((headers, picture.bytes).into_response())
}

/// The profile of an account.
#[derive(Serialize, ToSchema)]
struct Shown {
    user: ShownProfile,
}

/// A profile, with the field names of several older APIs.
#[derive(Serialize, ToSchema)]
struct ShownProfile {
    id: AccountId,
    user_id: AccountId,
    username: String,
    name: String,
    display_name: String,
    kind: AccountKind,
    avatar_url: Option<String>,
    /// Only in your own profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    preferred_language: Option<String>,
}

fn shown(profile: &Profile) -> Shown {
    let user = ShownProfile {
        id: profile.id,
        user_id: profile.id,
        username: profile.username.clone(),
        name: profile.display_name.clone(),
        display_name: profile.display_name.clone(),
        kind: profile.kind,
        avatar_url: profile.avatar.as_deref().map(avatar_url),
        preferred_language: None,
    };
    Shown { user }
}

/// Returns the path of a picture.
fn avatar_url(hash: &str) -> String {
    format!("/avatars/{hash}")
}

/// Returns the language tag for API clients; `en` if none was chosen.
pub fn preferred_language(preferences: Option<&Preferences>) -> &'static str {
    let language = preferences.and_then(|preferences| preferences.language);
    language.unwrap_or_default().tag()
}

/// The profile, with the fields that only its owner sees.
fn own(profile: &Profile, preferences: Option<&Preferences>) -> Json<Shown> {
    let mut shown = shown(profile);
    shown.user.preferred_language = Some(preferred_language(preferences).to_owned());
    Json(shown)
}

/// Returns a profile.
#[utoipa::path(
    get,
    path = "/users/{id}/profile",
    tag = "Profiles",
    responses((status = 200, description = "The profile", body = Shown))
)]
async fn profile(
    State(service): State<Service>,
    viewer: Viewer,
    id: Result<Path<AccountId>, PathRejection>,
) -> Result<Json<Shown>> {
    let Path(id) = id.map_err(|_| Error::not_found())?;
    if id == viewer.account {
        return Ok(own(&viewer.profile(), viewer.preferences.as_ref()));
    }
    let profile = service.profile_by_id(id).await?;
    Ok(Json(shown(&profile)))
}

/// The fields to change; omitted fields keep their values.
#[derive(Deserialize, ToSchema)]
struct Change {
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    #[schema(min_length = 1, max_length = 64)]
    display_name: Option<String>,
    #[schema(example = "es")]
    preferred_language: Option<String>,
}

/// Edits your profile. An error changes nothing.
#[utoipa::path(
    put,
    path = "/users/{id}/profile",
    tag = "Profiles",
    request_body = Change,
    responses(
        (status = 200, description = "The profile", body = Shown),
        (status = 403, description = "Another member's profile"),
    )
)]
async fn change_profile(
    State(service): State<Service>,
    viewer: Viewer,
    id: Result<Path<AccountId>, PathRejection>,
    Body(change): Body<Change>,
) -> Result<Json<Shown>> {
    let Path(id) = id.map_err(|_| Error::not_found())?;
    if id != viewer.account {
        service.profile_by_id(id).await?;
        return Err(Error::forbidden());
    }
    let mut preferences = viewer.preferences.clone();
    if let Some(language) = &change.preferred_language {
        preferences
            .get_or_insert_default()
            .set("language", language)?;
    }
    let profile = match change.display_name.or(change.name) {
        Some(name) => service.rename(&viewer, &name).await?,
        None => viewer.profile(),
    };
    if let Some(chosen) = preferences
        .clone()
        .filter(|_| change.preferred_language.is_some())
    {
        service.set_preferences(id, chosen).await?;
    }
    Ok(own(&profile, preferences.as_ref()))
}

/// Preferences by name. None: the browser decides.
type Chosen = BTreeMap<String, Option<String>>;

fn chosen(preferences: &Preferences) -> Json<Chosen> {
    let chosen = Preferences::NAMES.map(|name| {
        let value = Some(preferences.get(name)).filter(|value| !value.is_empty());
        (name.to_owned(), value.map(str::to_owned))
    });
    Json(chosen.into_iter().collect())
}

/// Returns your preferences: theme, density, motion, price colors, clock, time zone, language.
#[utoipa::path(
    get,
    path = "/me/preferences",
    tag = "Profiles",
    responses((status = 200, description = "Preferences by name", body = BTreeMap<String, Option<String>>))
)]
async fn preferences(viewer: Viewer) -> Json<Chosen> {
    chosen(&viewer.preferences.unwrap_or_default())
}

/// Edits the named preferences. null restores the default.
#[utoipa::path(
    patch,
    path = "/me/preferences",
    tag = "Profiles",
    request_body = BTreeMap<String, Option<String>>,
    responses((status = 200, description = "All preferences", body = BTreeMap<String, Option<String>>))
)]
async fn prefer(
    State(service): State<Service>,
    viewer: Viewer,
    Body(change): Body<Chosen>,
) -> Result<Json<Chosen>> {
    let mut preferences = viewer.preferences.clone().unwrap_or_default();
    for (name, value) in &change {
        preferences.set(name, value.as_deref().unwrap_or_default())?;
    }
    let answer = chosen(&preferences);
    service.set_preferences(viewer.account, preferences).await?;
    Ok(answer)
}

/// Uploads your picture as the request body. Its content decides the format.
#[utoipa::path(
    put,
    path = "/me/avatar",
    tag = "Profiles",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "The profile", body = Shown),
        (status = 400, description = "Not a readable picture"),
        (status = 413, description = "Too large"),
    )
)]
async fn set_avatar(
    State(service): State<Service>,
    viewer: Viewer,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Shown>> {
    let bytes = body.map_err(|_| picture_too_large())?;
    let profile = service.set_avatar(&viewer, bytes).await?;
    Ok(Json(shown(&profile)))
}

/// Removes your picture.
#[utoipa::path(
    delete,
    path = "/me/avatar",
    tag = "Profiles",
    responses((status = 204, description = "Deleted"))
)]
async fn remove_avatar(State(service): State<Service>, viewer: Viewer) -> Result<StatusCode> {
    service.remove_avatar(&viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Uploads your picture with a form. Browsers are redirected to the settings, which show errors.
#[utoipa::path(
    post,
    path = "/me/avatar",
    tag = "Profiles",
    request_body(content = Picture, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The profile", body = Shown),
        (status = 303, description = "Redirects browsers to the settings"),
        (status = 400, description = "Not a readable picture"),
        (status = 413, description = "Too large"),
    )
)]
async fn send_avatar(
    State(service): State<Service>,
    viewer: Viewer,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let sent = async {
        let bytes = form_file(request).await?;
        service.set_avatar(&viewer, bytes).await
    };
    let sent = sent.await;
    let accept = headers.get(header::ACCEPT);
    let accept = accept
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !accept.contains("text/html") {
        return sent.map(|profile| Json(shown(&profile)).into_response());
    }
    let page = match sent {
        Ok(_) => PAGE.to_owned(),
        Err(error) => format!("{PAGE}?refused={}", error.code),
    };
    Ok(Redirect::to(&page).into_response())
}

/// A form with one picture.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form that `form_file` reads")]
struct Picture {
    #[schema(value_type = String, format = Binary)]
    picture: Vec<u8>,
}

/// Returns the first field of a form.
async fn form_file(request: Request) -> Result<Bytes> {
    let malformed = || Error::bad_request("picture-missing", "The form holds no picture");
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| malformed())?;
    let field = form.next_field().await.map_err(|_| malformed())?;
    let bytes = field.ok_or_else(malformed)?.bytes().await;
    let bytes = bytes.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            picture_too_large()
        } else {
            malformed()
        }
    })?;
    if bytes.is_empty() {
        return Err(malformed());
    }
    Ok(bytes)
}
