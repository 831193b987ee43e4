//! The pages of alerts and watchlists.

use super::*;

/// Server-rendered pages: the first paint, and the complete page without scripts.
#[tokio::test]
async fn pages_are_drawn_whole() {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    let page = async |path: &str| {
        let reply = house.request("GET", path, Some(&token), None).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    };
    let empty = page("/markets/watchlist").await;
    assert!(empty.contains("Start your watchlist"));
    assert!(empty.contains("action=\"/rpc/watchlists/add\""));
    let empty = page("/markets/alerts").await;
    assert!(empty.contains("Create your first alert"));
    assert!(empty.contains("action=\"/rpc/alerts/create\""));

    let watchlists = &house.services.get::<Watchlists>().unwrap();
    for symbol in ["AAPL", "XOM"] {
        let added = watchlists.add(&ada, None, symbol, None, "Mine").await;
        added.unwrap();
    }
    let list = page("/markets/watchlist").await;
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

    let alerts = &house.services.get::<Service>().unwrap();
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
    let told = page("/markets/alerts").await;
    for part in [
        "AAPL above 450: 451.00\u{a0}USD on 4 Mar 2013 (sample)",
        "RSI(14) below 30",
        "&lt;b&gt;mine",
        "Triggered",
        "Activate the alert on AAPL",
        "action=\"/rpc/alerts/see\"",
    ] {
        assert!(told.contains(part), "{part}");
    }
    let missing = house
        .request("GET", "/markets/nothing", Some(&token), None)
        .await;
    assert!(missing.text.contains("<h1"), "{}", missing.status);
    house.close().await;
}
