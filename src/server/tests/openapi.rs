//! The OpenAPI document matches the routes.

use crate::testing::TestHouse;
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Returns the paths of a router; axum shows them only in its debug output.
fn addresses(router: &axum::Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let quoted = text.split('"').filter(|part| part.starts_with('/'));
    // Routes that axum adds for the fallback.
    let nothing = ["/", "/{*__private__axum_fallback}"];
    quoted
        .filter(|path| !nothing.contains(path))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_route_is_in_the_document() {
    let house = TestHouse::new().await;
    let (router, document) = house.api();
    let described = document["paths"].as_object().unwrap().keys();
    let described = described.map(|path| path.strip_prefix("/api").unwrap().to_owned());
    let described = described.collect::<BTreeSet<_>>();
    assert!(described.contains("/stocks/{symbol}"));
    assert_eq!(
        addresses(&router),
        described,
        "register handlers by `routes!`, with `#[utoipa::path]`"
    );
}

#[tokio::test]
async fn every_method_is_in_the_document() {
    let house = TestHouse::new().await;
    let served = house.request("GET", "/api/openapi.json", None, None).await;
    let document = served.is(200);
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let real = path.replace(['{', '}'], "");
        for method in METHODS {
            let reply = house.request(method, &real, None, None).await;
            let operation = &item[method.to_lowercase()];
            assert_eq!(reply.status == 405, operation.is_null(), "{method} {path}");
            if operation.is_null() {
                continue;
            }
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.is_empty(), "{method} {path} has a sentence");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')));
            let status = reply.status.to_string();
            assert!(responses.contains_key(&status), "{method} {path}: {status}");
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is used twice");
            if let Some(security) = operation["security"].as_array() {
                assert!(!security.is_empty());
                let waits_for_body = operation["requestBody"].is_object() && reply.status == 415;
                // Admin endpoints are hidden from everyone else by a 404.
                let hidden = path.starts_with("/api/admin/") && reply.status == 404;
                let asked = reply.status == 401 || waits_for_body || hidden;
                assert!(asked, "{method} {path} asks who it is");
            }
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let house = TestHouse::new().await;
    let document = house.request("GET", "/api/openapi.json", None, None).await;
    let document = document.is(200);
    let mut open = vec![&document];
    let mut references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let place = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(place).is_some(), "{reference}");
                    references += 1;
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(references > 50, "{references}");
    let user = &document["components"]["schemas"]["User"]["properties"];
    assert!(user["createdAt"].is_object(), "in the words of that API");
}

#[tokio::test]
async fn the_reader_needs_nothing_from_elsewhere() {
    let house = TestHouse::new().await;
    let page = house.request("GET", "/api/docs", None, None).await;
    assert_eq!(page.status, 200);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    for loose in ["'unsafe-eval'", "http", "*"] {
        assert!(!policy.contains(loose), "{policy}");
    }
    assert!(!page.text.contains("http"), "nothing from elsewhere");
    // Without scripts the page links to the document.
    let link = "<a href=\"/api/openapi.json\">document of the API</a>";
    assert!(page.text.contains(link));
    let document = house.request("GET", "/api/openapi.json", None, None).await;
    assert_eq!(document.headers["content-type"], "application/json");
    for (file, kind) in [
        ("page.js", "text/javascript"),
        ("page.css", "text/css"),
        ("rapidoc-9.3.8.min.js", "text/javascript"),
    ] {
        let path = format!("/api/docs/{file}");
        let reply = house.request("GET", &path, None, None).await;
        assert_eq!(reply.status, 200, "{path}");
        let told = reply.headers["content-type"].to_str().unwrap();
        assert!(told.starts_with(kind), "{path}: {told}");
    }
}
