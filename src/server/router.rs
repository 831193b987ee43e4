//! Every address of the server: health, REST, server functions, pages and files.

use super::{Services, site::Site};
use crate::accounts::guard;
use crate::app::{App, Assets, shell};
use crate::platform::{config::Config, telemetry};
use crate::shared::{Error, Kind};
use axum::{
    Json, Router, ServiceExt,
    extract::{DefaultBodyLimit, Request, State, connect_info::IntoMakeServiceWithConnectInfo},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use serde_json::json;
use std::net::SocketAddr;
use tower::Layer;
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    normalize_path::{NormalizePath, NormalizePathLayer},
    services::ServeDir,
};

/// Most bytes of a request that is no upload.
const MAX_BODY: usize = 256 * 1024;

/// The whole server as axum serves it.
pub type Server = IntoMakeServiceWithConnectInfo<NormalizePath<Router>, SocketAddr>;

/// Puts all routes together. A trailing slash is accepted everywhere.
pub fn build(services: &Services, config: &Config, site: &Site, address: SocketAddr) -> Server {
    let app =
        NormalizePathLayer::trim_trailing_slash().layer(routes(services, config, site, address));
    ServiceExt::<Request>::into_make_service_with_connect_info(app)
}

/// All routes with their layers.
pub fn routes(services: &Services, config: &Config, site: &Site, address: SocketAddr) -> Router {
    let options = LeptosOptions::builder()
        .output_name(config.site().output_name.clone())
        .site_root(site.root.to_string_lossy().into_owned())
        .site_pkg_dir(config.site().site_pkg_dir.clone())
        .site_addr(address)
        .build();
    let api = api(services);
    let router = pages(services, options, site.assets.clone())
        .nest_service("/pkg", hashed_files(site))
        .nest("/api", api)
        .route("/health", get(health).with_state(services.clone()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(compression());
    guard::protect(router, &services.accounts)
        .layer(middleware::from_fn(security_headers))
        .layer(middleware::from_fn(telemetry::trace))
}

/// The REST API.
fn api(services: &Services) -> Router {
    Router::new()
        .route("/health", get(health).with_state(services.clone()))
        .merge(crate::accounts::api::routes(services.accounts.clone()))
        .merge(crate::communities::api::routes(
            services.communities.clone(),
        ))
        .merge(crate::chat::api::routes(services.chat.clone()))
        .merge(crate::markets::api::routes(services.markets.clone()))
        .fallback(|| async { Error::not_found() })
        .method_not_allowed_fallback(|| async {
            Error::new(
                Kind::MethodNotAllowed,
                "method-not-allowed",
                "This address does not take this method",
            )
        })
}

/// Pages and the server functions that they call.
fn pages(services: &Services, options: LeptosOptions, assets: Assets) -> Router {
    let services = services.clone();
    let provide = move || {
        provide_context(services.accounts.clone());
        provide_context(services.communities.clone());
        provide_context(services.chat.clone());
        provide_context(services.markets.clone());
        provide_context(services.gateway.clone());
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone(), assets.clone())
    };
    let not_found = {
        let document = document.clone();
        leptos_axum::file_and_error_handler_with_context::<LeptosOptions, _>(
            provide.clone(),
            move |_| document(),
        )
    };
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), provide, document)
        .fallback(not_found)
        .with_state(options)
}

/// Files whose name holds the hash of their content never change.
fn hashed_files(site: &Site) -> Router {
    let files = ServeDir::new(site.root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip();
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(async |request: Request, next: Next| {
            let mut response = next.run(request).await;
            if response.status().is_success() {
                let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
                response
                    .headers_mut()
                    .insert(header::CACHE_CONTROL, forever);
            }
            response
        }))
}

/// Pages and answers; what is compressed on disk, streams and tiny answers stay as they are.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(1024)
        .and(NotForContentType::GRPC)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE);
    CompressionLayer::new().compress_when(worth_it)
}

/// What every answer says to browsers; the pages' Content-Security-Policy is set where their
/// nonce is made.
async fn security_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    let private = !request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if private && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        // Nothing that is not a page may do anything if it is shown as one.
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    response
}

/// `GET /health`: 200 when the instance can serve, 503 when its database is gone.
async fn health(State(services): State<Services>) -> Response {
    let database = services.db.is_alive().await;
    let writer = database && services.db.is_writable().await;
    let (status, word, message) = if database && writer {
        (StatusCode::OK, "healthy", "Rialto is running")
    } else {
        let gone = "The database cannot be reached or written";
        (StatusCode::SERVICE_UNAVAILABLE, "unhealthy", gone)
    };
    let body = json!({
        "status": word,
        "service": "rialto",
        "message": message,
        "version": env!("CARGO_PKG_VERSION"),
        "parts": {
            "database": { "kind": services.db.kind(), "ok": database, "writable": writer },
            "background": { "parts": services.background.running() },
            "gateway": { "connections": services.gateway.connection_count() },
            "market": { "source": services.markets.source().as_str() },
        },
    });
    (status, Json(body)).into_response()
}
