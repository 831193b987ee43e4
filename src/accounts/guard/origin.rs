//! CSRF protection: refuses requests from other sites that carry, or would set, our cookies.

use super::caller::{Caller, Via};
use super::cookies::Carried;
use crate::{
    accounts::Service,
    platform::config,
    shared::{Error, Kind},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header, request::Parts, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Passes requests from our own pages, and requests that another site's page cannot abuse. Runs
/// inside [`super::authenticate`].
pub async fn same_origin(State(service): State<Service>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if is_forbidden(&parts, service.server()) {
        return Error::new(Kind::Forbidden, "cross-origin", "Request from another site")
            .into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

fn is_forbidden(parts: &Parts, server: &config::Server) -> bool {
    let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if reads && !is_websocket(&parts.headers) {
        return false;
    }
    // A page of another site can only send this header if CORS allows it.
    let caller = parts.extensions.get::<Caller>();
    if caller.is_some_and(|caller| caller.via == Via::Bearer) {
        return false;
    }
    let with_cookie = Carried::read(&parts.headers, server).any();
    if !with_cookie && !parts.uri.path().starts_with("/rpc/") {
        return false;
    }
    match origin_of(parts, server) {
        Origin::Own => false,
        Origin::Other => true,
        // Not a browser: browsers send the origin of such requests.
        Origin::Untold => with_cookie,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Own,
    Other,
    Untold,
}

fn origin_of(parts: &Parts, server: &config::Server) -> Origin {
    let headers = &parts.headers;
    if let Some(site) = headers.get("sec-fetch-site") {
        return match site.as_bytes() {
            b"same-origin" | b"none" => Origin::Own,
            _ => Origin::Other,
        };
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Origin::Untold;
    };
    let Some(origin) = origin.to_str().ok().and_then(host_of) else {
        return Origin::Other;
    };
    let asked = match headers.get(header::HOST) {
        Some(host) => host.to_str().ok().and_then(|host| host.parse().ok()),
        None => parts.uri.authority().cloned(),
    };
    if asked.is_some_and(|asked: Authority| same_host(&origin, &asked))
        || host_of(&server.public_url).is_some_and(|public| same_host(&origin, &public))
    {
        Origin::Own
    } else {
        Origin::Other
    }
}

/// Returns host and port of `https://host:port/…`.
fn host_of(address: &str) -> Option<Authority> {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))?;
    rest.split('/').next()?.parse().ok()
}

fn same_host(a: &Authority, b: &Authority) -> bool {
    a.as_str().eq_ignore_ascii_case(b.as_str())
}

fn is_websocket(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, path, further headers, credentials, and whether it is refused.
    type Case = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
        bool,
    );

    const COOKIE: (&str, &str) = ("cookie", "a=b; rialto_refresh=x.y");
    const BEARER: (&str, &str) = ("authorization", "Bearer x");
    const HOST: (&str, &str) = ("host", "rialto.example:8080");
    const OWN: (&str, &str) = ("origin", "http://rialto.example:8080");
    const PUBLIC: (&str, &str) = ("origin", "https://chat.example");
    const EVIL: (&str, &str) = ("origin", "https://evil.example");
    const NULL: (&str, &str) = ("origin", "null");
    const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
    const NONE: (&str, &str) = ("sec-fetch-site", "none");
    const SITE: (&str, &str) = ("sec-fetch-site", "same-site");
    const CROSS: (&str, &str) = ("sec-fetch-site", "cross-site");
    const SOCKET: (&str, &str) = ("upgrade", "WebSocket");

    const CASES: &[Case] = &[
        // Reads always pass.
        ("GET", "/", &[COOKIE, HOST, CROSS], false),
        ("HEAD", "/api/rooms", &[COOKIE, HOST, EVIL], false),
        ("OPTIONS", "/rpc/x", &[COOKIE, HOST, EVIL], false),
        // Changes with a cookie.
        ("POST", "/rpc/x", &[COOKIE, HOST, SAME], false),
        ("POST", "/rpc/x", &[COOKIE, HOST, NONE], false),
        ("POST", "/rpc/x", &[COOKIE, HOST, SITE], true),
        ("POST", "/rpc/x", &[COOKIE, HOST, CROSS], true),
        ("POST", "/rpc/x", &[COOKIE, HOST, CROSS, OWN], true),
        ("POST", "/rpc/x", &[COOKIE, HOST, OWN], false),
        ("POST", "/rpc/x", &[COOKIE, HOST, PUBLIC], false),
        ("POST", "/rpc/x", &[COOKIE, HOST, EVIL], true),
        ("POST", "/rpc/x", &[COOKIE, HOST, NULL], true),
        ("POST", "/rpc/x", &[COOKIE, HOST], true),
        ("POST", "/api/x", &[COOKIE, HOST], true),
        ("DELETE", "/api/x", &[COOKIE, HOST, EVIL], true),
        ("PUT", "/api/x", &[COOKIE, HOST, OWN], false),
        // Responses that would set a cookie.
        ("POST", "/rpc/x", &[HOST, OWN], false),
        ("POST", "/rpc/x", &[HOST, EVIL], true),
        ("POST", "/rpc/x", &[HOST], false),
        // A request without a cookie cannot be abused.
        ("POST", "/api/auth/login", &[HOST, EVIL], false),
        // Bearer.
        ("POST", "/api/x", &[BEARER, HOST, EVIL], false),
        ("POST", "/rpc/x", &[BEARER, COOKIE, HOST, CROSS], false),
        ("GET", "/rpc/gateway", &[BEARER, SOCKET, HOST], false),
        ("GET", "/rpc/gateway", &[BEARER, SOCKET, HOST, EVIL], false),
        // Websockets.
        ("GET", "/rpc/gateway", &[COOKIE, SOCKET, HOST, OWN], false),
        ("GET", "/rpc/gateway", &[COOKIE, SOCKET, HOST, EVIL], true),
        ("GET", "/rpc/gateway", &[COOKIE, SOCKET, HOST], true),
        ("GET", "/rpc/gateway", &[SOCKET, HOST, EVIL], true),
        ("GET", "/rpc/gateway", &[SOCKET, HOST], false),
    ];

    #[test]
    fn the_table() {
        let server = config::Server {
            public_url: "https://chat.example/".into(),
            ..config::Server::default()
        };
        // Plain cookie names, so that one table covers HTTP and HTTPS.
        let plain = config::Server::default();
        for (method, path, headers, refused) in CASES {
            let mut request = Request::builder().method(*method).uri(*path);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            let bearer = headers.contains(&BEARER);
            parts.extensions.insert(Caller {
                viewer: Ok(None),
                via: if bearer { Via::Bearer } else { Via::None },
                address: String::new(),
                user_agent: String::new(),
                forwarded: false,
            });
            let server = if headers.contains(&PUBLIC) {
                parts.headers.insert(
                    header::COOKIE,
                    header::HeaderValue::from_static("__Host-rialto_access=x"),
                );
                &server
            } else {
                &plain
            };
            assert_eq!(
                is_forbidden(&parts, server),
                *refused,
                "{method} {path} {headers:?}"
            );
        }
    }
}
