//! Every address of the server: health, REST, server functions, pages and files.

use super::{
    Services,
    answers::put_right,
    docs, headers, health,
    limit::{Limits, admit},
    owner::{alone, in_language},
    site::Site,
};
use crate::accounts::{Entrance, guard};
use crate::app::{App, Assets, offline_page, shell};
use crate::offline;
use crate::platform::{
    config::Config,
    idempotency, openapi, telemetry,
    web::{limit_uri, method_not_allowed},
};
use crate::shared::Error;
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

/// Most bytes of a request that is no upload.
const MAX_BODY: usize = 256 * 1024;

/// Where the REST API is.
const API: &str = "/api";

/// The whole server.
pub type Server = NormalizePath<Router>;

/// Puts all routes together. A trailing slash is accepted everywhere.
pub fn build(services: &Services, config: &Config, site: &Site, address: SocketAddr) -> Server {
    NormalizePathLayer::trim_trailing_slash().layer(routes(services, config, site, address))
}

/// All routes with their layers.
fn routes(services: &Services, config: &Config, site: &Site, address: SocketAddr) -> Router {
    let options = LeptosOptions::builder()
        .output_name(config.site().output_name.clone())
        .site_root(site.root.to_string_lossy().into_owned())
        .site_pkg_dir(config.site().site_pkg_dir.clone())
        .site_addr(address)
        .build();
    let (api, document) = api(services);
    let api = docs::serve(api, &document)
        .fallback(|| async { Error::not_found() })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(idempotency::keyed))
        .layer(middleware::from_fn_with_state(
            limits(services, site, Entrance::Api),
            admit,
        ));
    let admission = limits(services, site, Entrance::Pages);
    let router = pages(services, options, site.assets.clone(), admission)
        .nest_service("/pkg", hashed_files(site))
        .merge(installed(services, site))
        .nest(API, api)
        .merge(crate::accounts::api::pictures(services.accounts.clone()))
        .route("/health", get(health::health).with_state(services.clone()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(put_right))
        .layer(middleware::from_fn(limit_uri))
        .layer(compression());
    headers::protect(guard::protect(router, &services.accounts), &config.server)
        .layer(middleware::from_fn(telemetry::trace))
}

fn limits(services: &Services, site: &Site, entrance: Entrance) -> Limits {
    Limits {
        accounts: services.accounts.clone(),
        entrance,
        assets: Arc::new(site.assets.clone()),
    }
}

/// The REST API, with the document that describes it.
pub(super) fn api(services: &Services) -> (Router, Value) {
    let api = OpenApiRouter::new()
        .routes(routes!(health::health))
        .with_state(services.clone())
        .merge(crate::accounts::api::routes(services.accounts.clone()))
        .merge(crate::communities::api::routes(
            services.communities.clone(),
        ))
        .merge(crate::chat::api::routes(services.chat.clone()))
        .merge(crate::markets::api::routes(services.markets.clone()))
        .merge(crate::markets::api::watchlists::routes(
            services.watchlists.clone(),
        ))
        .merge(crate::markets::api::drawings::routes(
            services.drawings.clone(),
        ))
        .merge(crate::portfolio::api::routes(services.portfolio.clone()))
        .merge(crate::portfolio::api::share::routes(
            services.sharing.clone(),
        ))
        .merge(crate::alerts::api::routes(services.alerts.clone()))
        .merge(crate::calls::api::routes(services.calls.clone()))
        .merge(crate::pulse::api::routes(services.pulse.clone()))
        .merge(crate::paper::api::routes(services.paper.clone()))
        .merge(crate::operator::api::routes(services.operator.clone()));
    openapi::split(api, API, services.accounts.access_cookie())
}

/// The addresses of all pages. Leptos finds them by drawing the app while no resource anywhere in
/// the process is loaded, and a page in the making would wait for its own for ever. So it happens
/// once, before the first page: tests have many servers in one process.
pub(super) static ROUTES: LazyLock<Vec<AxumRouteListing>> =
    LazyLock::new(|| generate_route_list(App));

/// Pages and the server functions that they call.
fn pages(services: &Services, options: LeptosOptions, assets: Assets, limits: Limits) -> Router {
    let services = services.clone();
    let provide = move || {
        guard::Reader::provide();
        provide_context(services.accounts.clone());
        provide_context(services.communities.clone());
        provide_context(services.chat.clone());
        provide_context(services.markets.clone());
        provide_context(services.watchlists.clone());
        provide_context(services.drawings.clone());
        provide_context(services.portfolio.clone());
        provide_context(services.sharing.clone());
        provide_context(services.alerts.clone());
        provide_context(services.calls.clone());
        provide_context(services.pulse.clone());
        provide_context(services.paper.clone());
        provide_context(services.gateway.clone());
        provide_context(services.operator.clone());
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
        // The library of charts is large: the build has compressed it better than there is time for.
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
        .layer(middleware::from_fn(keep_for("public, max-age=3600")));
    Router::new()
        .leptos_routes_with_context(&options, ROUTES.clone(), provide, document)
        // Files are not counted, so they come after this.
        .layer(middleware::from_fn_with_state(limits, admit))
        .fallback_service(files)
        .with_state(options)
        .layer(middleware::from_fn(alone))
}

/// What an installed app is made from: its manifest, its service worker, its page for when this
/// server cannot be reached.
fn installed(services: &Services, site: &Site) -> Router {
    let (worker, assets) = (Arc::<str>::from(&*site.worker), site.assets.clone());
    let accounts = services.accounts.clone();
    let manifest = async move |parts: Parts| {
        let door = accounts.door(true).await?;
        let manifest = in_language(parts, || offline::manifest(&door));
        Ok::<_, Error>((offline::MANIFEST_HEADERS, manifest.to_string()))
    };
    let page = async move |parts: Parts| {
        in_language(parts, || {
            let language = (header::CONTENT_LANGUAGE, Language::current().tag());
            // Without what the app needs to take over: no script of it is here.
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

/// Files whose name holds the hash of their content never change.
fn hashed_files(site: &Site) -> Router {
    let files = ServeDir::new(site.root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip();
    let forever = keep_for("public, max-age=31536000, immutable");
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(forever))
}

/// Tells browsers how long they may keep a file that is there.
fn keep_for(
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

/// Pages and answers; what is compressed on disk, streams and tiny answers stay as they are. Quickly:
/// the tables of the better levels cost more than they save of a page.
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
