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
mod transactions;

use super::service::Naming;
use super::{Service, TransactionInput};
use crate::accounts::{Farewell, Viewer};
use crate::markets;
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::portfolio::rules::ledger::Method;
use crate::shared::{PortfolioId, TransactionId};
use crate::testing::{Core, TestDb};
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;

async fn service(db: &Database) -> (Core, Service) {
    let config = Config::default();
    let core = Core::new(db, &config).await;
    let markets = markets::Service::new(&config, db, &Tasks::default()).unwrap();
    let service = Service::start(db.clone(), &core.accounts, markets);
    (core, service)
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
    TestDb::each(async |db| {
        let mut config = Config::default();
        config.accounts.deletion_days = 0;
        let core = Core::new(&db, &config).await;
        let markets = markets::Service::new(&config, &db, &Tasks::default()).unwrap();
        let service = Service::start(db.clone(), &core.accounts, markets);
        core.person("olga").await;
        let (ada, bo) = (core.person("ada").await, core.person("bo").await);
        for (viewer, name) in [(&ada, "One"), (&ada, "Two"), (&bo, "Mine")] {
            service.create(viewer, name, Method::Fifo).await.unwrap();
        }
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        let address = "192.0.2.2";
        core.accounts.leave(&ada, farewell, address).await.unwrap();
        let cancel = CancellationToken::new();
        core.accounts.erase_due(&cancel).await.unwrap();
        assert!(service.portfolios(&ada).await.unwrap().is_empty());
        assert_eq!(service.portfolios(&bo).await.unwrap().len(), 1);
    })
    .await;
}
