//! Tests of alerts: service, channels and API.

mod away;
mod firing;
mod own_data;
mod pages;
mod posting;
mod rest;
mod splits;
mod watcher;

use super::{
    Alert, AlertFired, AlertInput, AlertNotification, AlertState, Dependencies, Posting, Service,
};
use crate::accounts::Viewer;
use crate::markets::{Quote, Source, Watchlists};
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::realtime::{Envelope, Event, Scope, Topic, bus::Published};
use crate::shared::{AccountId, ChannelId};
use crate::testing::{Core, TestDb, TestHouse, plenty};
use crate::{chat, markets};
use chrono::{NaiveDate, NaiveTime};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// Published events with their topics.
type Heard = Arc<Mutex<Vec<Published>>>;

struct Home {
    core: Core,
    alerts: Service,
    ada: Viewer,
    general: ChannelId,
    heard: Heard,
}

impl Home {
    async fn new(db: &Database) -> Self {
        Self::keeping(db, Path::new("")).await
    }

    /// Like `new`, with a data folder.
    async fn keeping(db: &Database, data: &Path) -> Self {
        let mut config = Config::default();
        config.server.data = data.to_owned();
        config.limits.bot_messages = plenty();
        config.limits.registrations = plenty();
        config.accounts.deletion_days = 0;
        let core = Core::new(db, &config).await;
        let alerts = service(db, &core, &config);
        core.person("olga").await;
        let ada = core.person("ada").await;
        let lobby = core.communities.lobby();
        let made = core
            .communities
            .create_channel(&ada, lobby, "predictions")
            .await;
        let heard = Heard::default();
        let log = Arc::clone(&heard);
        core.bus.attach(Box::new(move |event| {
            log.lock().unwrap().push(event.clone());
        }));
        Self {
            alerts,
            ada,
            general: made.unwrap().id,
            heard,
            core,
        }
    }

    async fn make(&self, input: AlertInput) -> Alert {
        self.alerts.create(&self.ada, &input).await.unwrap()
    }

    /// Checks a price at a minute of 4 March 2013, which is after the sample's last day.
    async fn price(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.alerts.evaluate("AAPL", &quote).await.unwrap();
    }

    async fn only(&self) -> Alert {
        let alerts = self.alerts.alerts(&self.ada).await.unwrap();
        assert_eq!(alerts.len(), 1);
        alerts.into_iter().next().unwrap()
    }

    async fn told(&self) -> Vec<AlertNotification> {
        self.alerts
            .page(&self.ada)
            .await
            .unwrap()
            .alert_notifications
    }

    /// Events of one type that an account received.
    fn heard<E: Event>(&self, account: AccountId) -> Vec<E> {
        let topic = Topic::new(Scope::Account, account.0);
        let events = self.heard.lock().unwrap().clone();
        let of_it = events.into_iter().filter(|event| event.topic == topic);
        of_it
            .filter_map(|event| {
                let envelope: Envelope = serde_json::from_slice(&event.frame[1..]).unwrap();
                envelope.read::<E>()
            })
            .collect()
    }

    async fn posted(&self) -> Vec<chat::Message> {
        let chat = &self.core.chat;
        chat.messages_after(self.general, 0, 100).await.unwrap()
    }
}

fn service(db: &Database, core: &Core, config: &Config) -> Service {
    let markets = markets::Service::new(config, db, &Tasks::default()).unwrap();
    let watchlists = Watchlists::start(db.clone(), &core.accounts, markets.clone());
    Service::start(Dependencies {
        db: db.clone(),
        bus: Arc::clone(&core.bus),
        accounts: core.accounts.clone(),
        communities: core.communities.clone(),
        chat: core.chat.clone(),
        markets,
        watchlists,
    })
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
