//! Portfolio service. A portfolio belongs to one account, and other accounts cannot learn that it
//! exists.

mod cache;
mod copy;
mod currencies;
mod dividends;
mod errors;
mod falls;
mod files;
mod ledger;
mod managed;
mod overview;
mod performance;
mod plan;
mod running;
mod sharing;
mod spellings;
mod sweeper;
mod trades;
mod transactions;
mod turns;

use super::model::Portfolio;
use super::rules::ledger::Method;
use super::store;
use crate::accounts::{self, Viewer};
use crate::markets::{self, Requester, Split, Symbol};
use crate::platform::{
    compute::compute,
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{AccountId, Error, PortfolioId, Result, names, time};
use cache::Performances;
use errors::kept;
pub use ledger::Prepared;
pub use managed::{Balance, ManagedTrade, Trade, Traded};
pub use plan::Taking;
use running::RunningImports;
use serde::Serialize;
pub use sharing::{Sharing, What};
use std::sync::Arc;
pub use sweeper::Sweeper;
use tokio::sync::Notify;
use turns::Turns;

/// Name of the portfolio that a first transaction creates.
const FIRST_NAME: &str = "Portfolio";
/// Maximum length of the name of a portfolio or a symbol, in characters.
const MAX_NAME: usize = 80;
/// Maximum number of portfolios per account.
const MAX_PORTFOLIOS: u64 = 20;
/// Portfolio service; clones share their state.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    markets: markets::Service,
    performances: Performances,
    imports: RunningImports,
    turns: Turns,
    /// Wakes the [`Sweeper`].
    deleted: Notify,
}

/// The owner's own names for a symbol.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Naming {
    pub name: Option<String>,
    pub sector: Option<String>,
}

impl Naming {
    fn clean(self) -> Result<Self> {
        let clean = |field: &'static str, text: Option<String>| {
            let text = text.filter(|text| !text.trim().is_empty());
            let text = text.map(|text| names::clean(&text, MAX_NAME));
            text.transpose().map_err(|error| error.with("field", field))
        };
        Ok(Self {
            name: clean("name", self.name)?,
            sector: clean("sector", self.sector)?,
        })
    }
}

impl Service {
    /// Starts the service, and registers portfolios as personal data.
    pub fn start(db: Database, accounts: &accounts::Service, markets: markets::Service) -> Self {
        let inner = Inner {
            db,
            markets,
            performances: Performances::default(),
            imports: RunningImports::default(),
            turns: Turns::default(),
            deleted: Notify::new(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        accounts.add_personal_data(service.clone());
        service
    }

    /// Returns the viewer's portfolios, oldest first.
    pub async fn portfolios(&self, viewer: &Viewer) -> Result<Vec<Portfolio>> {
        store::portfolios(&self.inner.db, viewer.account).await
    }

    /// Creates a portfolio.
    ///
    /// # Errors
    /// `name-…`, `portfolio-exists`, `too-many-portfolios`.
    pub async fn create(&self, viewer: &Viewer, name: &str, method: Method) -> Result<Portfolio> {
        let once = Once::of(viewer.account, "portfolios.create", &(name, method))?;
        self.create_once(viewer, name, method, once).await
    }

    async fn create_once(
        &self,
        viewer: &Viewer,
        name: &str,
        method: Method,
        once: Option<Once>,
    ) -> Result<Portfolio> {
        let account = viewer.account;
        let portfolio = Portfolio {
            id: PortfolioId::new(),
            name: clean_name(name)?,
            method,
            transactions: 0,
            created_at: time::now(),
            managed_by: None,
        };
        let job = move |tx: Tx| async move {
            if store::portfolio_count(&tx, account).await? >= MAX_PORTFOLIOS {
                return Err(Error::conflict(
                    "too-many-portfolios",
                    format!("Too many portfolios: at most {MAX_PORTFOLIOS}"),
                )
                .with("max", MAX_PORTFOLIOS));
            }
            let name_key = names::folded(&portfolio.name);
            store::insert_portfolio(&tx, account, &portfolio, name_key).await?;
            Ok(portfolio)
        };
        self.inner.db.write_once(account.0, once, job).await
    }

    /// Edits the name and the cost basis method of a portfolio.
    ///
    /// # Errors
    /// `not-found`, `portfolio-managed`, `name-…`, `portfolio-exists`.
    pub async fn change(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        name: &str,
        method: Method,
    ) -> Result<()> {
        let account = viewer.account;
        let name = clean_name(name)?;
        let job = move |tx: Tx| async move {
            take(&tx, account, id).await?;
            let name_key = names::folded(&name);
            let there = store::update_portfolio(&tx, account, id, name, name_key, method).await?;
            there.then_some(()).ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await
    }

    /// Deletes a portfolio with all its transactions: at once for its owner, its rows in batches.
    ///
    /// # Errors
    /// `not-found`, `portfolio-managed`.
    pub async fn delete(&self, viewer: &Viewer, id: PortfolioId) -> Result<()> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            take(&tx, account, id).await?;
            let there = store::mark_deleted(&tx, account, id).await?;
            there.then_some(()).ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await?;
        self.inner.deleted.notify_one();
        Ok(())
    }

    /// The same for the interface, where the owner types the name.
    ///
    /// # Errors
    /// `not-found`, `name-differs`.
    pub async fn delete_named(&self, viewer: &Viewer, id: PortfolioId, typed: &str) -> Result<()> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        if typed.trim() != portfolio.name {
            return Err(
                Error::bad_request("name-differs", "The name does not match")
                    .with("name", portfolio.name)
                    .with("field", "typed"),
            );
        }
        self.delete(viewer, id).await
    }

    /// Returns a portfolio of the viewer, with its `rev`.
    async fn owned(&self, viewer: &Viewer, id: PortfolioId) -> Result<(Portfolio, i64)> {
        let found = store::portfolio(&self.inner.db, viewer.account, id).await?;
        found.ok_or_else(Error::not_found)
    }

    /// Returns the symbol under which a portfolio stores a position: the canonical one, unless this
    /// spelling has transactions that could not be merged.
    async fn position(&self, id: PortfolioId, symbol: &str) -> Result<Symbol> {
        let symbol: Symbol = symbol.parse()?;
        let canonical = symbol.canonical();
        let apart = symbol != canonical
            && store::has_transactions(&self.inner.db, id, symbol.as_str()).await?;
        Ok(if apart { symbol } else { canonical })
    }

    /// Returns the splits of a symbol's price history. None: the data source is unavailable, does
    /// not know the symbol or reports no splits; then the splits known before apply.
    async fn splits(&self, requester: Requester, symbol: &str) -> Option<Vec<Split>> {
        if symbol.is_empty() {
            return None;
        }
        let markets = self.inner.markets.requested_by(requester);
        markets.history(symbol).await.ok()??.splits.clone()
    }
}

/// Increments the `rev` of a portfolio for a change by its owner, and locks it until the
/// transaction ends. Fails with `portfolio-managed` if a feature manages it.
async fn take(tx: &Tx, account: AccountId, id: PortfolioId) -> Result<()> {
    let touched = store::touch(tx, account, id, 0).await?;
    match touched.ok_or_else(Error::not_found)?.managed_by {
        None => Ok(()),
        Some(_) => Err(kept()),
    }
}

/// Parses a symbol of which all spellings are one position.
fn canonical(symbol: &str) -> Result<Symbol> {
    Ok(symbol.parse::<Symbol>()?.canonical())
}

/// A text that is no symbol names no position.
fn unknown(error: Error) -> Error {
    if error.code == "bad-symbol" {
        return Error::not_found();
    }
    error
}

fn clean_name(name: &str) -> Result<String> {
    names::clean(name, MAX_NAME).map_err(|error| error.with("field", "name"))
}
