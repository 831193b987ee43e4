//! What happens with portfolios: they belong to one account, and nobody else learns that they
//! exist.

mod copy;
mod currencies;
mod dividends;
mod falls;
mod files;
mod keeping;
mod ledger;
mod overview;
mod performance;
mod plan;
mod running;
mod sharing;
mod sweeper;
mod trades;
mod transactions;
mod turns;

use super::model::Portfolio;
use super::rules::ledger::{Impossible, MOST_SPLITS, Method};
use super::store;
use crate::accounts::{self, Viewer};
use crate::markets::{self, Asker, Split};
use crate::platform::{
    compute::compute,
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{AccountId, Error, Kind, PortfolioId, Result, names, time};
pub use files::Taking;
pub use keeping::{Keeping, Standing, Trade, Traded};
pub use ledger::Prepared;
use performance::Performances;
use running::RunningImports;
use serde::Serialize;
pub use sharing::{Sharing, What};
use std::sync::Arc;
pub use sweeper::Sweeper;
use tokio::sync::Notify;
use turns::Turns;

/// The name of a portfolio that a program's first purchase makes.
const FIRST_NAME: &str = "Portfolio";
/// Most characters of a portfolio's name, and of what somebody calls an instrument.
const MAX_NAME: usize = 80;
/// Most portfolios of an account.
const MAX_PORTFOLIOS: u64 = 20;
/// Most transactions of an account, all portfolios that it keeps itself together.
const MAX_TRANSACTIONS: i64 = 200_000;
/// Most instruments of a portfolio, held or not: a page asks for the price of each.
const MAX_INSTRUMENTS: usize = 1_000;

/// Portfolios; a clone is the same service.
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

/// What an owner calls an instrument.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Naming {
    /// Its name.
    pub name: Option<String>,
    /// What it does.
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
    /// Starts the service; portfolios are part of the copy that somebody takes along.
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
        accounts.add_keeper(service.clone());
        service
    }

    /// The viewer's portfolios, the oldest first.
    pub async fn portfolios(&self, viewer: &Viewer) -> Result<Vec<Portfolio>> {
        store::portfolios(&self.inner.db, viewer.account).await
    }

    /// Makes a portfolio.
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
            kept_by: None,
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

    /// Changes the name and the method of a portfolio.
    ///
    /// # Errors
    /// `not-found`, `portfolio-kept`, `name-…`, `portfolio-exists`.
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

    /// Deletes a portfolio with all that is in it: at once for its owner, its rows in batches.
    ///
    /// # Errors
    /// `not-found`, `portfolio-kept`.
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

    /// The same for people, who type its name.
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

    /// A portfolio of the viewer, with the number of its last change.
    async fn owned(&self, viewer: &Viewer, id: PortfolioId) -> Result<(Portfolio, i64)> {
        let found = store::portfolio(&self.inner.db, viewer.account, id).await?;
        found.ok_or_else(Error::not_found)
    }

    /// The splits that an instrument's prices know; none: nobody can be asked now, nobody knows it,
    /// or whoever does tells of no splits. What was known before counts then.
    async fn splits(&self, asker: Asker, symbol: &str) -> Option<Vec<Split>> {
        if symbol.is_empty() {
            return None;
        }
        let markets = self.inner.markets.asked_by(asker);
        markets.history(symbol).await.ok()??.splits.clone()
    }
}

/// Takes the number of another change by the owner, and the portfolio with it until the transaction
/// ends. What something else keeps, its owner does not change.
async fn take(tx: &Tx, account: AccountId, id: PortfolioId) -> Result<()> {
    let touched = store::touch(tx, account, id, 0).await?;
    match touched.ok_or_else(Error::not_found)?.kept_by {
        None => Ok(()),
        Some(_) => Err(kept()),
    }
}

fn too_many_transactions() -> Error {
    Error::conflict(
        "too-many-transactions",
        format!("Too many transactions: at most {MAX_TRANSACTIONS}"),
    )
    .with("max", MAX_TRANSACTIONS)
}

/// Others keep changing the portfolio.
fn busy() -> Error {
    Error::new(
        Kind::Unavailable,
        "portfolio-busy",
        "Another change to this portfolio is running; try again in a moment",
    )
}

fn too_many_instruments() -> Error {
    Error::conflict(
        "too-many-instruments",
        format!("Too many symbols: at most {MAX_INSTRUMENTS} per portfolio"),
    )
    .with("max", MAX_INSTRUMENTS)
    .with("field", "symbol")
}

fn kept() -> Error {
    Error::conflict("portfolio-kept", "This portfolio belongs to paper trading")
}

fn impossible(symbol: &str, why: &Impossible) -> Error {
    match why {
        Impossible::Oversold {
            date, held, asked, ..
        } => {
            let (held, asked) = (held.normalize(), asked.normalize());
            Error::new(
                Kind::Conflict,
                "oversold",
                format!("You held {held} {symbol} on {date}, not {asked}"),
            )
            .with("date", date)
            .with("held", held)
            .with("asked", asked)
            .with("symbol", symbol)
            .with("field", "quantity")
        }
        Impossible::TooMany { date } => Error::new(
            Kind::Conflict,
            "too-many-units",
            format!("Quantity of {symbol} too large from {date} on"),
        )
        .with("date", date)
        .with("symbol", symbol)
        .with("field", "quantity"),
        Impossible::TooFew { date } => Error::new(
            Kind::Conflict,
            "too-few-units",
            format!("Quantity of {symbol} too small from {date} on"),
        )
        .with("date", date)
        .with("symbol", symbol)
        .with("field", "quantity"),
        Impossible::TooManySplits => Error::new(
            Kind::Conflict,
            "too-many-splits",
            format!("Too many splits of {symbol}: at most {MOST_SPLITS}"),
        )
        .with("max", MOST_SPLITS)
        .with("symbol", symbol)
        .with("field", "kind"),
    }
}

/// What [`impossible`] answers.
fn is_impossible(error: &Error) -> bool {
    let codes = [
        "oversold",
        "too-many-units",
        "too-few-units",
        "too-many-splits",
    ];
    codes.contains(&error.code.as_ref())
}

fn clean_name(name: &str) -> Result<String> {
    names::clean(name, MAX_NAME).map_err(|error| error.with("field", "name"))
}
