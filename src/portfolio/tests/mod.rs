//! Portfolios through the service and the REST API.

mod dividends;
mod export;
mod files;
mod instruments;
mod load;
mod migration;
mod performance;
mod positions;
mod rest;
mod sharing;
mod spellings;
mod transactions;

use super::service::Naming;
use super::{Service, TransactionInput};
use crate::accounts::Viewer;
use crate::platform::config::Config;
use crate::portfolio::rules::ledger::Method;
use crate::shared::{PortfolioId, TransactionId};
use crate::testing::TestHouse;
use rust_decimal::Decimal;

/// Runs a test with a portfolio of Ada on each kind of database.
async fn each(test: impl AsyncFn(&TestHouse, Owner<'_>)) {
    each_with(|_| {}, test).await;
}

async fn each_with(configure: impl Fn(&mut Config), test: impl AsyncFn(&TestHouse, Owner<'_>)) {
    TestHouse::each_with(configure, async |house| {
        let ada = house.user("ada").await;
        let owner = Owner::with(house.portfolio(), &ada, "Mine").await;
        test(house, owner).await;
    })
    .await;
}

fn input(kind: &str, symbol: &str, date: &str, quantity: &str, price: &str) -> TransactionInput {
    TransactionInput {
        kind: kind.into(),
        symbol: symbol.into(),
        date: date.into(),
        quantity: quantity.into(),
        price: price.into(),
        ..TransactionInput::default()
    }
}

fn cash(kind: &str, date: &str, amount: &str) -> TransactionInput {
    TransactionInput {
        kind: kind.into(),
        date: date.into(),
        amount: amount.into(),
        ..TransactionInput::default()
    }
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[derive(Clone, Copy)]
struct Owner<'a> {
    service: &'a Service,
    viewer: &'a Viewer,
    id: PortfolioId,
}

impl<'a> Owner<'a> {
    /// Creates a portfolio with this name.
    async fn with(service: &'a Service, viewer: &'a Viewer, name: &str) -> Self {
        let made = service.create(viewer, name, Method::Fifo).await.unwrap();
        Self {
            service,
            viewer,
            id: made.id,
        }
    }

    async fn add(&self, input: TransactionInput) -> Result<TransactionId, String> {
        let done = self
            .service
            .add(self.viewer, Some(self.id), &input, Naming::default());
        done.await.map_err(|error| error.code.into_owned())
    }

    async fn held(&self, symbol: &str) -> (Decimal, Decimal, Decimal) {
        let page = self.service.page(self.viewer, self.id).await.unwrap();
        let holding = page.holdings.into_iter().find(|one| one.symbol == symbol);
        let holding = holding.unwrap();
        (holding.quantity, holding.cost, holding.realized)
    }
}

#[tokio::test]
async fn portfolios_go_with_their_account() {
    TestHouse::each(async |house| {
        let [_, ada, bo] = house.users(["olga", "ada", "bo"]).await;
        let service = house.portfolio();
        for (viewer, name) in [(&ada, "One"), (&ada, "Two"), (&bo, "Mine")] {
            service.create(viewer, name, Method::Fifo).await.unwrap();
        }
        house.erase(&ada, false).await;
        assert!(service.portfolios(&ada).await.unwrap().is_empty());
        assert_eq!(service.portfolios(&bo).await.unwrap().len(), 1);
    })
    .await;
}
