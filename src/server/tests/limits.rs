//! Limits by account and by network at every entrance.

use crate::shared::Error;
use crate::testing::{Reply, TestHouse};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
};

async fn ask(house: &TestHouse, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.ask(request.body(Body::from("")).unwrap()).await
}

fn wait(headers: &HeaderMap) -> u64 {
    let wait = headers[header::RETRY_AFTER].to_str().unwrap();
    wait.parse().unwrap()
}

#[tokio::test]
async fn pages_and_what_they_call_share_the_limit_of_an_account() {
    let house = TestHouse::with(|config| config.limits.pages.count = 3).await;
    let (_, ada) = house.person("ada").await;
    let (_, bo) = house.person("bo").await;
    let (ada, bo) = (format!("Bearer {ada}"), format!("Bearer {bo}"));
    let html = ("accept", "text/html");
    let ada = [html, ("authorization", ada.as_str())];
    let bo = [html, ("authorization", bo.as_str())];
    let form = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(ask(&house, "GET", "/settings", &ada).await.status, 200);
    assert_eq!(ask(&house, "GET", "/no/such/page", &ada).await.status, 404);
    let function = [ada[1], form];
    let overview = "/rpc/communities/overview";
    assert_eq!(ask(&house, "POST", overview, &function).await.status, 200);

    // A page says so in the reader's language.
    let spanish = [ada[0], ada[1], ("accept-language", "es")];
    for path in ["/settings", "/no/such/page"] {
        let page = ask(&house, "GET", path, &spanish).await;
        assert_eq!(page.status, 429, "{path}");
        assert!((1..=60).contains(&wait(&page.headers)));
        let kind = page.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind, "text/html; charset=utf-8");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert!(page.text.contains("Demasiadas peticiones"), "{}", page.text);
    }
    // A server function's refusal is read like its other errors.
    let refused = ask(&house, "POST", overview, &function).await;
    assert_eq!(refused.status, 429);
    let error: Error = serde_json::from_str(&refused.text).unwrap();
    assert_eq!(error.code, "rate-limited");
    assert_eq!(error.retry_after(), Some(wait(&refused.headers)));
    // Nor is a live channel opened.
    assert_eq!(
        ask(&house, "GET", "/rpc/gateway", &ada[1..]).await.status,
        429
    );

    // What costs nothing goes on; so do programs, and others.
    for path in ["/favicon.svg", "/pkg/r.js", "/health", "/sw.js", "/offline"] {
        assert_eq!(ask(&house, "GET", path, &ada).await.status, 200, "{path}");
    }
    ask(&house, "GET", "/api/rooms", &ada).await.is(200);
    assert_eq!(ask(&house, "GET", "/settings", &bo).await.status, 200);
    assert_eq!(ask(&house, "GET", "/sign-in", &[html]).await.status, 200);
}

#[tokio::test]
async fn strangers_share_the_limit_of_their_network() {
    let house = TestHouse::with(|config| config.limits.network_pages.count = 2).await;
    let (_, ada) = house.person("ada").await;
    let (guess, ada) = ("Bearer guess".to_owned(), format!("Bearer {ada}"));
    let html = ("accept", "text/html");
    assert_eq!(ask(&house, "GET", "/sign-in", &[html]).await.status, 200);
    let guessing = [html, ("authorization", guess.as_str())];
    assert_ne!(ask(&house, "GET", "/sign-in", &guessing).await.status, 429);
    for headers in [&guessing[..], &[html]] {
        assert_eq!(ask(&house, "GET", "/register", headers).await.status, 429);
    }
    let known = [html, ("authorization", ada.as_str())];
    assert_eq!(ask(&house, "GET", "/settings", &known).await.status, 200);
}

#[tokio::test]
async fn health_is_not_counted() {
    let house = TestHouse::with(|config| config.limits.network_requests.count = 1).await;
    for _ in 0..5 {
        assert_eq!(ask(&house, "GET", "/api/health", &[]).await.status, 200);
    }
    ask(&house, "GET", "/api/rooms", &[])
        .await
        .fails(401, "unauthenticated");
    ask(&house, "GET", "/api/rooms", &[])
        .await
        .fails(429, "rate-limited");
    assert_eq!(ask(&house, "GET", "/api/health", &[]).await.status, 200);
}
