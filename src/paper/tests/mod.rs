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
use super::{AccountPage, Board, Order, OrderInput, PaperAccount};
use crate::accounts::Viewer;
use crate::markets::{Quote, Source};
use crate::shared::OrderId;
use crate::testing::Home;
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;

impl Home<'_> {
    async fn join(&self, who: &Viewer) -> PaperAccount {
        let joined = self.paper().join(who, None).await.unwrap();
        joined.account.unwrap()
    }

    async fn place(&self, who: &Viewer, input: &OrderInput) -> Order {
        let placed = self.paper().place(who, None, input).await.unwrap();
        placed.order
    }

    async fn refused(&self, who: &Viewer, input: &OrderInput) -> String {
        let refused = self.paper().place(who, None, input).await.unwrap_err();
        refused.code.into_owned()
    }

    /// Matches orders with a price of AAPL, in a minute after the sample.
    async fn price(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.paper().match_orders("AAPL", &quote).await.unwrap();
    }

    async fn page(&self, who: &Viewer) -> AccountPage {
        self.paper().account(who, None, None).await.unwrap()
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
        let page = self.paper().orders(who, &Wanted::default()).await.unwrap();
        page.orders
    }

    async fn order(&self, who: &Viewer, id: OrderId) -> Order {
        let orders = self.orders(who).await;
        orders.into_iter().find(|order| order.id == id).unwrap()
    }

    async fn board(&self) -> Board {
        self.paper().board(&self.ada, None, None).await.unwrap()
    }
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
