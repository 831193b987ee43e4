//! All routes of the server: health, REST, server functions, pages and files.

use super::{
    docs, headers, health,
    limit::{Limits, admit},
    owner::{alone, in_language},
    site::Site,
};
use crate::accounts::{self, Entrance, guard};
use crate::app::{App, Assets, offline_page, shell};
use crate::feature::Services;
use crate::offline;
use crate::platform::{
    answers::map_rpc_status,
    config::Config,
    database::Database,
    idempotency, openapi, telemetry,
    web::{limit_uri, method_not_allowed},
};
use crate::shared::{Error, Result};
use crate::ui::Language;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, header, request::Parts},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use futures::future::BoxFuture;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock},
};
use tower::Layer;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    normalize_path::{NormalizePath, NormalizePathLayer},
    services::ServeDir,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Maximum size of a request in bytes, except uploads.
const MAX_BODY: usize = 256 * 1024;

/// Path prefix of the REST API.
const API: &str = "/api";

/// The complete server.
pub type Server = NormalizePath<Router>;

/// Builds the server. A trailing slash is accepted everywhere.
///
/// # Errors
/// A service is missing, which is a bug.
pub fn build(
    services: &Services,
    config: &Config,
    site: &Site,
    address: SocketAddr,
) -> Result<Server> {
    let routes = routes(services, config, site, address)?;
    Ok(NormalizePathLayer::trim_trailing_slash().layer(routes))
}

/// Builds all routes with their layers.
fn routes(
    services: &Services,
    config: &Config,
    site: &Site,
    address: SocketAddr,
) -> Result<Router> {
    let (accounts, db) = (
        services.get::<accounts::Service>()?,
        services.get::<Database>()?,
    );
    let options = LeptosOptions::builder()
        .output_name(config.site().output_name.clone())
        .site_root(site.root.to_string_lossy().into_owned())
        .site_pkg_dir(config.site().site_pkg_dir.clone())
        .site_addr(address)
        .build();
    let (api, document) = api(services)?;
    let api = docs::serve(api, &document)
        .fallback(|| async { Error::not_found() })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(idempotency::keyed))
        .layer(middleware::from_fn_with_state(
            limits(&accounts, site, Entrance::Api),
            admit,
        ));
    let admission = limits(&accounts, site, Entrance::Pages);
    let router = pages(services, options, site.assets.clone(), admission)
        .nest_service("/pkg", hashed_files(site))
        .merge(installed(accounts.clone(), site))
        .nest(API, api)
        .merge(services.routes())
        .route("/health", get(health::health).with_state(db))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(map_rpc_status))
        .layer(middleware::from_fn(limit_uri))
        .layer(compression());
    let guarded = guard::protect(router, &accounts);
    Ok(headers::protect(guarded, &config.server).layer(middleware::from_fn(telemetry::trace)))
}

fn limits(accounts: &accounts::Service, site: &Site, entrance: Entrance) -> Limits {
    Limits {
        accounts: accounts.clone(),
        entrance,
        assets: Arc::new(site.assets.clone()),
    }
}

/// Builds the REST API and its OpenAPI document.
pub(crate) fn api(services: &Services) -> Result<(Router, Value)> {
    let accounts: accounts::Service = services.get()?;
    let api = OpenApiRouter::new()
        .routes(routes!(health::health))
        .with_state(services.get::<Database>()?)
        .merge(services.api());
    Ok(openapi::split(api, API, accounts.access_cookie()))
}

/// Routes of all pages. Leptos finds them by rendering the app while it loads no resources in the
/// whole process, which would block a page being rendered forever. So they are generated once,
/// before the first page: tests run many servers in one process.
pub(super) static ROUTES: LazyLock<Vec<AxumRouteListing>> =
    LazyLock::new(|| generate_route_list(App));

/// Routes of the pages and the server functions that they call.
fn pages(services: &Services, options: LeptosOptions, assets: Assets, limits: Limits) -> Router {
    let services = services.clone();
    let provide = move || {
        guard::Reader::provide();
        services.provide();
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone(), &assets)
    };
    let not_found = {
        let document = document.clone();
        leptos_axum::file_and_error_handler_with_context::<LeptosOptions, _>(
            provide.clone(),
            move |_| document(),
        )
    };
    let files = ServeDir::new(&*options.site_root)
        .append_index_html_on_directories(false)
        // The chart library is large; the build has compressed it better than there is time for
        // here.
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(
            Router::new()
                .fallback(not_found)
                .layer(middleware::from_fn_with_state(limits.clone(), admit))
                .with_state(options.clone()),
        );
    let files = Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(cache_for("public, max-age=3600")));
    Router::new()
        .leptos_routes_with_context(&options, ROUTES.clone(), provide, document)
        // This layer comes before the files, because they are not limited.
        .layer(middleware::from_fn_with_state(limits, admit))
        .fallback_service(files)
        .with_state(options)
        .layer(middleware::from_fn(alone))
}

/// Routes of the installable app: its manifest, its service worker and its offline page.
fn installed(accounts: accounts::Service, site: &Site) -> Router {
    let (worker, assets) = (Arc::<str>::from(&*site.worker), site.assets.clone());
    let manifest = async move |parts: Parts| {
        let policy = accounts.sign_up_policy(true).await?;
        let manifest = in_language(parts, || offline::manifest(&policy));
        Ok::<_, Error>((offline::MANIFEST_HEADERS, manifest.to_string()))
    };
    let page = async move |parts: Parts| {
        in_language(parts, || {
            let language = (header::CONTENT_LANGUAGE, Language::current().tag());
            // Without hydration, because the page loads no script of the app.
            let html = offline_page(&assets).to_html();
            (offline::PAGE_HEADERS, [language], html)
        })
    };
    let worker = async move || (offline::WORKER_HEADERS, worker.to_string());
    Router::new()
        .route("/sw.js", get(worker))
        .route("/manifest.webmanifest", get(manifest))
        .route("/offline", get(page))
}

/// Serves files whose names contain a hash of their content, so they never change.
fn hashed_files(site: &Site) -> Router {
    let files = ServeDir::new(site.root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip();
    let forever = cache_for("public, max-age=31536000, immutable");
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(forever))
}

/// Sets how long browsers can cache a successful response.
fn cache_for(
    how_long: &'static str,
) -> impl Fn(Request, Next) -> BoxFuture<'static, Response> + Clone {
    move |request, next| {
        Box::pin(async move {
            let mut response = next.run(request).await;
            if response.status().is_success() {
                let how_long = HeaderValue::from_static(how_long);
                response
                    .headers_mut()
                    .insert(header::CACHE_CONTROL, how_long);
            }
            response
        })
    }
}

/// Compresses pages and other responses, except precompressed files, streams and small responses.
/// Uses the fastest level: for a page, the tables of better levels cost more than they save.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(1024)
        .and(NotForContentType::GRPC)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::SSE);
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(worth_it)
}
