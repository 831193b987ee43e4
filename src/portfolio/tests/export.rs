//! Export of portfolios, and import of the result.

use super::files::FILE;
use crate::testing::TestHouse;
use axum::{body::Body, extract::Request, http::header};
use serde_json::{Value, json};

async fn send(
    house: &TestHouse,
    path: &str,
    token: &str,
    file: impl Into<Body>,
) -> crate::testing::Reply {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "text/csv");
    house.ask(request.body(file.into()).unwrap()).await
}

#[tokio::test]
async fn what_is_exported_is_the_same_portfolio_again() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let portfolio = async |name: &str| {
        let made = house.request(
            "POST",
            "/api/portfolios",
            Some(&token),
            Some(json!({ "name": name })),
        );
        format!(
            "/api/portfolios/{}",
            made.await.is(201)["id"].as_str().unwrap()
        )
    };
    let first = portfolio("First").await;
    let taken = send(&house, &format!("{first}/imports"), &token, FILE)
        .await
        .is(200);
    assert_eq!(taken["fresh"], 4);
    let note =
        json!({ "kind": "FEE", "date": "2010-05-03", "amount": "3", "note": "=cmd|' /C calc'!A0" });
    house
        .request(
            "POST",
            &format!("{first}/transactions"),
            Some(&token),
            Some(note),
        )
        .await
        .is(201);
    let page = async |at: &str| {
        let mut page = house.request("GET", at, Some(&token), None).await.is(200);
        page["portfolio"] = Value::Null;
        page
    };
    for (name, form) in [("From CSV", "csv"), ("From JSON", "json")] {
        let out = house
            .request("GET", &format!("{first}/export.{form}"), Some(&token), None)
            .await;
        assert_eq!(out.status, 200);
        assert!(
            out.headers[header::CONTENT_DISPOSITION]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
        if form == "csv" {
            assert!(out.text.contains("'=cmd"), "{}", out.text);
        }
        let second = portfolio(name).await;
        let taken = send(&house, &format!("{second}/imports"), &token, out.text).await;
        assert_eq!(taken.is(200)["refused"], 0);
        assert_eq!(page(&second).await, page(&first).await);
        let listed = house
            .request(
                "GET",
                &format!("{second}/transactions?limit=1"),
                Some(&token),
                None,
            )
            .await
            .is(200);
        assert_eq!(listed["transactions"][0]["note"], "=cmd|' /C calc'!A0");
    }
    let wrong = send(
        &house,
        &format!("{first}/imports?preview=true"),
        &token,
        "hello",
    )
    .await;
    wrong.fails(400, "file-unreadable");
    let much = vec![b'x'; 17 * 1024 * 1024];
    let much = send(&house, &format!("{first}/imports"), &token, much).await;
    much.fails(413, "file-too-large");
    let (_, other) = house.person("bo").await;
    let hidden = send(&house, &format!("{first}/imports"), &other, FILE).await;
    hidden.fails(404, "not-found");
    for form in ["csv", "json"] {
        let hidden = house
            .request("GET", &format!("{first}/export.{form}"), Some(&other), None)
            .await;
        hidden.fails(404, "not-found");
    }
}
