//! Paper trading on a real database. Tests set the prices, as quotes of a replay after the sample's
//! last day.
//!
//! `orders`: placed, canceled, rejected. `filling`: at the next price, once. `kept`: the portfolio
//! of an account. `leaderboard`: ranks, and the end of a season. `notifications`: notifications
//! about orders. `rest`: REST and pages, on a whole server.

mod filling;
mod kept;
mod leaderboard;
mod notifications;
mod orders;
mod rest;

use super::service::Wanted;
use super::{AccountPage, Board, Dependencies, Order, OrderInput, PaperAccount, Service};
use crate::accounts::Viewer;
use crate::alerts;
use crate::markets::{self, Quote, Source, Watchlists};
use crate::platform::{
    config::Config,
    database::{Database, Tx},
    tasks::Tasks,
};
use crate::portfolio;
use crate::realtime::bus::Published;
use crate::realtime::{Envelope, Event, Scope, Topic};
use crate::shared::{AccountId, OrderId};
use crate::testing::{Core, plenty};
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Published events.
type Heard = Arc<Mutex<Vec<Published>>>;

struct Home {
    core: Core,
    paper: Service,
    portfolio: portfolio::Service,
    alerts: alerts::Service,
    ada: Viewer,
    bo: Viewer,
    heard: Heard,
}

impl Home {
    async fn new(db: &Database) -> Self {
        Self::with(db, |_| ()).await
    }

    async fn with(db: &Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        config.accounts.deletion_days = 0;
        config.limits.registrations = plenty();
        let core = Core::new(db, &config).await;
        let Services {
            paper,
            portfolio,
            alerts,
        } = services(db, &core, &config);
        core.person("olga").await;
        let (ada, bo) = (core.person("ada").await, core.person("bo").await);
        let heard = Heard::default();
        let log = Arc::clone(&heard);
        core.bus.attach(Box::new(move |event| {
            log.lock().unwrap().push(event.clone());
        }));
        Self {
            core,
            paper,
            portfolio,
            alerts,
            ada,
            bo,
            heard,
        }
    }

    async fn join(&self, who: &Viewer) -> PaperAccount {
        let joined = self.paper.join(who, None).await.unwrap();
        joined.account.unwrap()
    }

    async fn place(&self, who: &Viewer, input: &OrderInput) -> Order {
        let placed = self.paper.place(who, None, input).await.unwrap();
        placed.order
    }

    async fn refused(&self, who: &Viewer, input: &OrderInput) -> String {
        let refused = self.paper.place(who, None, input).await.unwrap_err();
        refused.code.into_owned()
    }

    /// Matches orders with a price of AAPL, in a minute after the sample.
    async fn price(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.paper.match_orders("AAPL", &quote).await.unwrap();
    }

    async fn page(&self, who: &Viewer) -> AccountPage {
        self.paper.account(who, None, None).await.unwrap()
    }

    async fn account(&self, who: &Viewer) -> PaperAccount {
        self.page(who).await.account.unwrap()
    }

    async fn held(&self, who: &Viewer, symbol: &str) -> Decimal {
        let page = self.page(who).await;
        let mut held = page.holdings.iter();
        let found = held.find(|holding| holding.symbol == symbol);
        found.map(|holding| holding.quantity).unwrap_or_default()
    }

    async fn orders(&self, who: &Viewer) -> Vec<Order> {
        let page = self.paper.orders(who, &Wanted::default()).await.unwrap();
        page.orders
    }

    async fn order(&self, who: &Viewer, id: OrderId) -> Order {
        let orders = self.orders(who).await;
        orders.into_iter().find(|order| order.id == id).unwrap()
    }

    async fn board(&self) -> Board {
        self.paper.board(&self.ada, None, None).await.unwrap()
    }

    /// Events of one kind that an account's pages received.
    fn heard<E: Event>(&self, who: AccountId) -> Vec<E> {
        let topic = Topic::new(Scope::Account, who.0);
        let events = self.heard.lock().unwrap().clone();
        let of_it = events.into_iter().filter(|event| event.topic == topic);
        of_it
            .filter_map(|event| {
                let envelope: Envelope = serde_json::from_slice(&event.frame[1..]).unwrap();
                envelope.read::<E>()
            })
            .collect()
    }
}

/// Services of one start.
struct Services {
    paper: Service,
    portfolio: portfolio::Service,
    alerts: alerts::Service,
}

fn services(db: &Database, core: &Core, config: &Config) -> Services {
    let markets = markets::Service::new(config, db, &Tasks::default()).unwrap();
    let watchlists = Watchlists::start(db.clone(), &core.accounts, markets.clone());
    let portfolio = portfolio::Service::start(db.clone(), &core.accounts, markets.clone());
    let alerts = alerts::Service::start(alerts::Dependencies {
        db: db.clone(),
        bus: Arc::clone(&core.bus),
        accounts: core.accounts.clone(),
        communities: core.communities.clone(),
        chat: core.chat.clone(),
        markets: markets.clone(),
        watchlists: watchlists.clone(),
    });
    let paper = Service::start(Dependencies {
        db: db.clone(),
        accounts: core.accounts.clone(),
        communities: core.communities.clone(),
        markets,
        watchlists,
        portfolio: portfolio.clone(),
        alerts: alerts.clone(),
    });
    Services {
        paper,
        portfolio,
        alerts,
    }
}

/// Runs raw SQL, for states that the API cannot create.
async fn by_hand(db: &Database, statements: &[&'static str]) {
    let statements = statements.to_vec();
    let job = async move |tx: Tx| {
        for sql in statements {
            tx.execute_unprepared(sql).await?;
        }
        Ok(())
    };
    db.write(Uuid::nil(), job).await.unwrap();
}

fn quote(symbol: &str, minute: u32, price: &str) -> Quote {
    Quote {
        symbol: symbol.into(),
        price: price.parse().unwrap(),
        open: None,
        high: None,
        low: None,
        previous_close: None,
        volume: None,
        date: NaiveDate::from_ymd_opt(2013, 3, 4).unwrap(),
        time: NaiveTime::from_hms_opt(10 + minute / 60, minute % 60, 0),
        source: Source::Replay,
    }
}

fn order(side: &str, quantity: &str) -> OrderInput {
    OrderInput {
        symbol: "aapl".into(),
        side: side.into(),
        kind: "market".into(),
        quantity: quantity.into(),
        limit: String::new(),
    }
}

fn limited(side: &str, quantity: &str, limit: &str) -> OrderInput {
    OrderInput {
        kind: "limit".into(),
        limit: limit.into(),
        ..order(side, quantity)
    }
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}
