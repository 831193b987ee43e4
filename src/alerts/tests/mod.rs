//! Tests of alerts: service, channels and API.

mod away;
mod firing;
mod migration;
mod own_data;
mod pages;
mod posting;
mod rest;
mod splits;
mod watcher;

use super::{Alert, AlertInput, AlertNotification, AlertState, Posting};
use crate::chat;
use crate::markets::{Quote, Source};
use crate::notifications::NotificationCreated;
use crate::testing::Home;
use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

impl Home<'_> {
    async fn make(&self, input: AlertInput) -> Alert {
        self.alerts().create(&self.ada, &input).await.unwrap()
    }

    /// Checks a price at a minute of 4 March 2013, which is after the sample's last day.
    async fn quoted(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.alerts().evaluate("AAPL", &quote).await.unwrap();
    }

    async fn only(&self) -> Alert {
        let alerts = self.alerts().alerts(&self.ada).await.unwrap();
        assert_eq!(alerts.len(), 1);
        alerts.into_iter().next().unwrap()
    }

    async fn alerted(&self) -> Vec<AlertNotification> {
        let all = self.notified(&self.ada).await.into_iter();
        all.map(|one| {
            assert_eq!(one.kind, AlertNotification::KIND);
            serde_json::from_value(one.body).unwrap()
        })
        .collect()
    }

    async fn posted(&self) -> Vec<chat::Message> {
        let posted = self.chat().messages_after(self.general, 0, 100).await;
        posted.unwrap()
    }
}

fn quote(symbol: &str, minute: u32, price: &str) -> Quote {
    Quote {
        symbol: symbol.into(),
        price: price.parse().unwrap(),
        open: None,
        high: None,
        low: None,
        previous_close: Some("400".parse().unwrap()),
        volume: None,
        date: NaiveDate::from_ymd_opt(2013, 3, 4).unwrap(),
        time: NaiveTime::from_hms_opt(10, minute, 0),
        source: Source::Sample,
    }
}

fn above(value: &str) -> AlertInput {
    AlertInput {
        symbol: "AAPL".into(),
        kind: "price_above".into(),
        value: value.into(),
        ..AlertInput::default()
    }
}
