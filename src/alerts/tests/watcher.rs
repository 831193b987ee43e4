//! The worker that checks prices.

use super::*;
use crate::alerts::Watcher;
use crate::platform::config::MarketSource;
use axum::{Router, routing::get};
use std::time::Duration;

/// Quotes over the network: the worker requests each symbol once for all alerts.
#[tokio::test]
async fn the_watcher_asks_once_for_each_symbol() {
    let fresh = TestDb::sqlite().await;
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let handler = async move || {
        *count.lock().unwrap() += 1;
        "Symbol,Date,Time,Open,High,Low,Close,Volume\r\n\
         AAPL.US,2024-03-01,10:05:00,455,461,455,460,1000\r\n"
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = Config::default();
    config.market.source = MarketSource::Stooq;
    config.market.stooq_url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/q/l/", get(handler));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    // The last price is stored when an alert is created; a restart has nothing else.
    let home = Home::new(&fresh.db).await;
    let bo = home.core.person("bo").await;
    for viewer in [&home.ada, &bo] {
        let mut input = above("450");
        input.symbol = "AAPL.US".into();
        input.channel = home.general.to_string();
        home.alerts.create(viewer, &input).await.unwrap();
    }
    let after = service(&fresh.db, &home.core, &config);
    let parts = Tasks::default();
    parts.start(Watcher::new(after, Duration::from_millis(20)));
    for _ in 0..500 {
        if home.posted().await.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    parts.stop(Duration::from_secs(5)).await;
    assert_eq!(
        *asked.lock().unwrap(),
        1,
        "once for all, however many looks"
    );
    let mut posted = home.posted().await;
    posted.sort_by(|one, other| one.body.cmp(&other.body));
    let said: Vec<_> = posted.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(
        said,
        [
            "AAPL.US is above 450: 460 on 2024-03-01 (stooq). An alert of @ada",
            "AAPL.US is above 450: 460 on 2024-03-01 (stooq). An alert of @bo",
        ]
    );
    fresh.stop().await;
}
