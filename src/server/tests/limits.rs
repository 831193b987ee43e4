//! Rate limits per account and per network for pages and the API.

use crate::accounts::{Entrance, guard};
use crate::platform::{compute::current_client, net::network};
use crate::server::limit::{Limits, admit};
use crate::shared::Error;
use crate::testing::TestHouse;
use axum::{
    Router,
    body::{self, Body},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
    middleware,
    routing::get,
};
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tower::ServiceExt;

fn wait(headers: &HeaderMap) -> u64 {
    let wait = headers[header::RETRY_AFTER].to_str().unwrap();
    wait.parse().unwrap()
}

#[tokio::test]
async fn pages_and_what_they_call_share_the_limit_of_an_account() {
    let house = TestHouse::with(|config| config.limits.pages.count = 3).await;
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let (ada, bo) = (ada.bearer(), bo.bearer());
    let html = ("accept", "text/html");
    let ada = [html, ("authorization", ada.as_str())];
    let bo = [html, ("authorization", bo.as_str())];
    let form = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(house.send("GET /settings", &ada, "").await.status, 200);
    assert_eq!(house.send("GET /no/such/page", &ada, "").await.status, 404);
    let function = [ada[1], form];
    let overview = "POST /rpc/communities/overview";
    assert_eq!(house.send(overview, &function, "").await.status, 200);

    // A page shows the error in the reader's language.
    let spanish = [ada[0], ada[1], ("accept-language", "es")];
    for path in ["GET /settings", "GET /no/such/page"] {
        let page = house.send(path, &spanish, "").await;
        assert_eq!(page.status, 429, "{path}");
        assert!((1..=60).contains(&wait(&page.headers)));
        let kind = page.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind, "text/html; charset=utf-8");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert!(
            page.text.contains("Demasiadas solicitudes"),
            "{}",
            page.text
        );
    }
    // A server function's 429 has the format of its other errors.
    let refused = house.send(overview, &function, "").await;
    assert_eq!(refused.status, 429);
    let error: Error = serde_json::from_str(&refused.text).unwrap();
    assert_eq!(error.code, "rate-limited");
    assert_eq!(error.retry_after(), Some(wait(&refused.headers)));
    // New websockets are rejected too.
    assert_eq!(
        house.send("GET /rpc/gateway", &ada[1..], "").await.status,
        429
    );

    // Free paths still work, and so do programs and other accounts.
    for path in ["/favicon.svg", "/pkg/r.js", "/health", "/sw.js", "/offline"] {
        let reply = house.send(&format!("GET {path}"), &ada, "").await;
        assert_eq!(reply.status, 200, "{path}");
    }
    house.send("GET /api/rooms", &ada, "").await.is(200);
    assert_eq!(house.send("GET /settings", &bo, "").await.status, 200);
    assert_eq!(house.send("GET /sign-in", &[html], "").await.status, 200);
}

#[tokio::test]
async fn strangers_share_the_limit_of_their_network() {
    let house = TestHouse::with(|config| config.limits.network_pages.count = 2).await;
    let (guess, ada) = ("Bearer guess", house.user("ada").await.bearer());
    let html = ("accept", "text/html");
    assert_eq!(house.send("GET /sign-in", &[html], "").await.status, 200);
    let guessing = [html, ("authorization", guess)];
    assert_ne!(house.send("GET /sign-in", &guessing, "").await.status, 429);
    for headers in [&guessing[..], &[html]] {
        assert_eq!(house.send("GET /register", headers, "").await.status, 429);
    }
    let known = [html, ("authorization", ada.as_str())];
    assert_eq!(house.send("GET /settings", &known, "").await.status, 200);
}

#[tokio::test]
async fn health_is_not_counted() {
    let house = TestHouse::with(|config| config.limits.network_requests.count = 1).await;
    for _ in 0..5 {
        assert_eq!(house.send("GET /api/health", &[], "").await.status, 200);
    }
    house
        .send("GET /api/rooms", &[], "")
        .await
        .fails(401, "unauthenticated");
    house
        .send("GET /api/rooms", &[], "")
        .await
        .fails(429, "rate-limited");
    assert_eq!(house.send("GET /api/health", &[], "").await.status, 200);
}

/// Computations of a request count for its sender in the pool.
#[tokio::test]
async fn requests_compute_for_their_senders() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let accounts = house.accounts();
    let assets = json!({ "js": "", "wasm": "", "css": "", "scripts": "" });
    let assets = Arc::new(serde_json::from_value(assets).unwrap());
    for entrance in [Entrance::Api, Entrance::Pages] {
        let limits = Limits {
            accounts: accounts.clone(),
            entrance,
            assets: Arc::clone(&assets),
        };
        let whose = async || current_client().unwrap_or_default().to_string();
        let app = Router::new()
            .route("/whose", get(whose))
            .layer(middleware::from_fn_with_state(limits, admit));
        let app = guard::protect(app, accounts);
        let ask = async |token: &str| {
            let request = Request::get("/whose")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4_000))));
            let request = request.body(Body::empty()).unwrap();
            let reply = app.clone().oneshot(request).await.unwrap();
            let bytes = body::to_bytes(reply.into_body(), 1_000).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        assert_eq!(ask(&ada.token).await, ada.account.to_string());
        assert_eq!(ask("x").await, network("192.0.2.1"));
    }
    house.close().await;
}
