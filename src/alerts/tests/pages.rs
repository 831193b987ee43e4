//! The pages of alerts and watchlists.

use super::*;
use crate::testing::TestHouse;

/// Server-rendered pages: the first paint, and the complete page without scripts.
#[tokio::test]
async fn pages_are_drawn_whole() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let empty = ada.page("/markets/watchlist").await;
    assert!(empty.contains("Start your watchlist"));
    assert!(empty.contains("action=\"/rpc/watchlists/add\""));
    let empty = ada.page("/markets/alerts").await;
    assert!(empty.contains("Create your first alert"));
    assert!(empty.contains("action=\"/rpc/alerts/create\""));

    let watchlists = house.watchlists();
    for symbol in ["AAPL", "XOM"] {
        let added = watchlists.add(&ada, None, symbol, None, "Mine").await;
        added.unwrap();
    }
    let list = ada.page("/markets/watchlist").await;
    for part in [
        "data-symbol=\"AAPL\"",
        "href=\"/instruments/AAPL\"",
        "Apple Inc.",
        "430.47",
        "sample 1 Mar 2013",
        "\u{2212}2.48%",
        "AAPL: last 30 closes",
        "No price",
        "Move XOM up: 2 of 2",
    ] {
        assert!(list.contains(part), "{part}");
    }

    let alerts = house.alerts();
    alerts.create(&ada, &above("450")).await.unwrap();
    let crossed = quote("AAPL", 1, "451");
    alerts.evaluate("AAPL", &crossed).await.unwrap();
    let rsi = AlertInput {
        symbol: "IBM".into(),
        kind: "rsi_below".into(),
        value: "30".into(),
        note: "<b>mine</b>".into(),
        ..AlertInput::default()
    };
    alerts.create(&ada, &rsi).await.unwrap();
    let told = ada.page("/markets/alerts").await;
    for part in [
        "AAPL above 450: 451.00\u{a0}USD on 4 Mar 2013 (sample)",
        "RSI(14) below 30",
        "&lt;b&gt;mine",
        "Triggered",
        "Activate the alert on AAPL",
        "action=\"/rpc/notifications/see\"",
    ] {
        assert!(told.contains(part), "{part}");
    }
    let missing = ada.get("/markets/nothing").await;
    assert!(missing.text.contains("<h1"), "{}", missing.status);
    house.close().await;
}
