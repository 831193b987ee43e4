//! The worker that checks prices.

use super::*;
use crate::alerts::Watcher;
use crate::platform::config::{Config, MarketSource};
use crate::shared::time::testing::jump;
use crate::testing::{play, until};
use axum::{Router, routing::get};
use chrono::TimeDelta;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// Quotes over the network: the worker requests each symbol once for all alerts.
#[tokio::test]
async fn the_watcher_asks_once_for_each_symbol() {
    Home::each_with_admin(async |home| {
        let asked = Arc::new(Mutex::new(0));
        let count = Arc::clone(&asked);
        let handler = async move || {
            *count.lock().unwrap() += 1;
            "Symbol,Date,Time,Open,High,Low,Close,Volume\r\n\
             AAPL.US,2024-03-01,10:05:00,455,461,455,460,1000\r\n"
        };
        let source = play(Router::new().route("/q/l/", get(handler))).await;
        // The last price is stored when an alert is created; a restart has nothing else.
        for viewer in [&home.ada, &home.bo] {
            let mut input = above("450");
            input.symbol = "AAPL.US".into();
            input.channel = home.general.to_string();
            home.alerts().create(viewer, &input).await.unwrap();
        }
        let after = home.another(|config| {
            config.market.source = MarketSource::Stooq;
            config.market.stooq_url = source;
        });
        let after = after.await;
        let interval = Duration::from_millis(20);
        after
            .tasks()
            .start(Watcher::new(after.alerts().clone(), interval));
        until("both are posted", async || home.posted().await.len() == 2).await;
        after.close().await;
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
    })
    .await;
}

/// A replay has its own days, on which alerts expire.
#[tokio::test]
async fn under_replay_an_alert_expires_on_a_day_of_the_market() {
    let replay = |config: &mut Config| {
        config.market.replay = 60;
        config.market.replay_from = "2012-06-25".parse().unwrap();
    };
    Home::each_with(replay, async |home| {
        let expiring = |day: &str| AlertInput {
            expires: day.into(),
            ..above("900")
        };
        let past = expiring("2012-06-24");
        let refused = home.alerts().create(&home.ada, &past).await.unwrap_err();
        assert_eq!(refused.code, "expiry-past");
        home.make(expiring("2012-06-26")).await;
        let _second_day = jump(TimeDelta::minutes(1));
        home.alerts().look().await.unwrap();
        assert_eq!(home.only().await.state, AlertState::Armed);
        let _third_day = jump(TimeDelta::minutes(1));
        home.alerts().look().await.unwrap();
        assert_eq!(home.only().await.state, AlertState::Expired);
    })
    .await;
}
