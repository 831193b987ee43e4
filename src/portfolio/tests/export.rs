//! Export of portfolios, and import of the result.

use super::files::FILE;
use crate::testing::{Reply, TestHouse, User};
use axum::{body::Body, http::header};
use serde_json::{Value, json};

async fn import(user: &User, portfolio: &str, file: impl Into<Body>) -> Reply {
    let what = format!("POST {portfolio}/imports");
    user.send(&what, "text/csv", file).await
}

#[tokio::test]
async fn what_is_exported_is_the_same_portfolio_again() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let first = &ada.portfolio("First").await;
    let taken = import(&ada, first, FILE).await.is(200);
    assert_eq!(taken["fresh"], 4);
    let note =
        json!({ "kind": "FEE", "date": "2010-05-03", "amount": "3", "note": "=cmd|' /C calc'!A0" });
    let added = ada.post(&format!("{first}/transactions"), note).await;
    added.is(201);
    let page = async |at: &str| {
        let mut page = ada.get(at).await.is(200);
        page["portfolio"] = Value::Null;
        page
    };
    for (name, form) in [("From CSV", "csv"), ("From JSON", "json")] {
        let out = ada.get(&format!("{first}/export.{form}")).await;
        assert_eq!(out.status, 200);
        let how = out.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(how.starts_with("attachment"), "{how}");
        if form == "csv" {
            assert!(out.text.contains("'=cmd"), "{}", out.text);
        }
        let second = &ada.portfolio(name).await;
        let taken = import(&ada, second, out.text).await;
        assert_eq!(taken.is(200)["refused"], 0);
        assert_eq!(page(second).await, page(first).await);
        let listed = ada.get(&format!("{second}/transactions?limit=1")).await;
        let note = &listed.is(200)["transactions"][0]["note"];
        assert_eq!(note, "=cmd|' /C calc'!A0");
    }
    let what = format!("POST {first}/imports?preview=true");
    let wrong = ada.send(&what, "text/csv", "hello").await;
    wrong.fails(400, "file-unreadable");
    let much = vec![b'x'; 17 * 1024 * 1024];
    let much = import(&ada, first, much).await;
    much.fails(413, "file-too-large");
    let hidden = import(&bo, first, FILE).await;
    hidden.fails(404, "not-found");
    for form in ["csv", "json"] {
        let hidden = bo.get(&format!("{first}/export.{form}")).await;
        hidden.fails(404, "not-found");
    }
    house.close().await;
}
