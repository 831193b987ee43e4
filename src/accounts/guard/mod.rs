//! Authentication: identifies the caller of each request before any handler runs.
//!
//! [`protect`] adds four layers to a router: [`cors()`], then [`authenticate`], which inserts a
//! [`Caller`] into the request, then [`same_origin`], then [`know_reader`], which inserts a
//! [`Reader`]. Handlers of the REST API take a [`Viewer`] as an argument; server functions call
//! [`viewer`] or [`caller`].

mod caller;
mod cookies;
mod cors;
mod origin;
mod reader;
mod rpc;

use super::{Service, Viewer};
use crate::{
    platform::{config, net},
    shared::{Kind, Result},
};
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::{self, Next},
    response::Response,
};
use cookies::{Carried, Change};
use std::net::SocketAddr;

pub use caller::{Caller, Via};
pub use cors::cors;
pub use origin::same_origin;
pub(super) use reader::remember as remember_preferences;
pub use reader::{Reader, know_reader};
pub use rpc::{ask, caller, provided, redirect, service, viewer};
pub(super) use rpc::{challenge, forget, forget_challenge, hand_out_challenge, remember};

/// Most characters of a stored user agent.
const USER_AGENT: usize = 200;

/// Adds the guard's layers to a router, in their order.
pub fn protect(router: Router, service: &Service) -> Router {
    router
        .layer(middleware::from_fn_with_state(service.clone(), know_reader))
        .layer(middleware::from_fn_with_state(service.clone(), same_origin))
        .layer(middleware::from_fn_with_state(
            service.clone(),
            authenticate,
        ))
        .layer(middleware::from_fn_with_state(service.clone(), cors))
}

/// Identifies the sender of a request and inserts it as a [`Caller`]. Also renews a browser's
/// session cookies, and deletes invalid ones.
pub async fn authenticate(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let (caller, change) = identify(&service, &parts).await;
    parts.extensions.insert(caller);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let headers = response.headers_mut();
    // Cookies set by a handler (sign-in, sign-out) take precedence.
    let decided = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .any(cookies::is_ours);
    if !decided {
        for cookie in cookies::headers(&service, change) {
            headers.append(header::SET_COOKIE, cookie);
            // Keeps shared caches from serving these cookies to other clients.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}

async fn identify(service: &Service, request: &Parts) -> (Caller, Change) {
    let headers = &request.headers;
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let address = address(headers, peer.map(|info| info.0), service.server());
    let mut caller = Caller {
        viewer: Ok(None),
        via: Via::None,
        user_agent: user_agent(headers),
        address,
        forwarded: net::says_forwarded(headers),
    };
    let mut change = Change::None;
    if is_static(request.uri.path(), service.site_pkg_dir()) {
        return (caller, change);
    }
    if let Some(token) = bearer(headers) {
        caller.via = Via::Bearer;
        let viewer = service.viewer_of(token, Some(&caller.address)).await;
        caller.viewer = viewer.map(Some);
        return (caller, change);
    }
    let carried = Carried::read(headers, service.server());
    if carried.any() {
        caller.via = Via::Cookie;
        (caller.viewer, change) = by_cookies(service, carried, &caller.address).await;
    }
    (caller, change)
}

/// true for files and pictures, which are the same for all callers.
fn is_static(path: &str, site_pkg_dir: &str) -> bool {
    let file = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(site_pkg_dir))
        .is_some_and(|rest| rest.starts_with('/'));
    file || path.starts_with("/avatars/")
}

async fn by_cookies(
    service: &Service,
    carried: Carried,
    address: &str,
) -> (Result<Option<Viewer>>, Change) {
    let Carried { access, refresh } = carried;
    if let Some(access) = access {
        match service.viewer_of(&access, Some(address)).await {
            Ok(viewer) => return (Ok(Some(viewer)), Change::None),
            Err(error) if error.kind == Kind::Unauthenticated => {}
            // A database failure must not sign the browser out.
            Err(error) => return (Err(error), Change::None),
        }
    }
    let Some(refresh) = refresh else {
        return (Ok(None), Change::Forget);
    };
    match service.renew_browser(&refresh, address).await {
        Ok(renewed) => {
            let change = Change::Keep {
                access: renewed.access,
                refresh: renewed.refresh,
            };
            (Ok(Some(renewed.viewer)), change)
        }
        Err(error) if error.kind == Kind::Unauthenticated => (Ok(None), Change::Forget),
        Err(error) => (Err(error), Change::None),
    }
}

/// Returns the token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Returns the client's address; empty if the peer is unknown.
fn address(headers: &HeaderMap, peer: Option<SocketAddr>, server: &config::Server) -> String {
    peer.map_or_else(String::new, |peer| {
        net::client_address(peer.ip(), headers, server).to_string()
    })
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT);
    let text = value.map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(text)
        .chars()
        .filter(|c| !c.is_control() && !crate::shared::names::is_invisible(*c))
        .take(USER_AGENT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn an_unknown_peer_has_no_address() {
        let proxied = config::Server {
            behind_proxy: true,
            ..config::Server::default()
        };
        let told = headers(&[("x-forwarded-for", "203.0.113.9")]);
        assert_eq!(address(&told, None, &proxied), "");
        let proxy = Some(SocketAddr::from(([127, 0, 0, 1], 5)));
        assert_eq!(address(&told, proxy, &proxied), "203.0.113.9");
    }

    #[test]
    fn tokens_and_agents() {
        let token = |value| bearer(&headers(&[("authorization", value)])).map(str::to_owned);
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("bearer  abc").as_deref(), Some("abc"));
        assert_eq!(token("Basic abc"), None);
        assert_eq!(token("Bearer"), None);
        let mut long = HeaderMap::new();
        let value = HeaderValue::from_bytes(&b"\xffx".repeat(500)).unwrap();
        long.insert(header::USER_AGENT, value);
        assert_eq!(user_agent(&long).chars().count(), USER_AGENT);
    }

    #[test]
    fn files_need_nobody() {
        assert!(is_static("/pkg/rialto.wasm", "pkg"));
        assert!(is_static("/avatars/0a", "pkg"));
        assert!(!is_static("/pkgs", "pkg"));
        assert!(!is_static("/", "pkg"));
        assert!(!is_static("/api/pkg/x", "pkg"));
    }
}
