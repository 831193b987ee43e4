//! What happens with transactions: each change computes its instrument anew.

use super::{FIRST_NAME, Naming, Service, recompute, take};
use crate::accounts::Viewer;
use crate::markets::{self, Split};
use crate::platform::database::Tx;
use crate::portfolio::model::{Draft, Holding, Transaction, TransactionPage};
use crate::portfolio::rules::{
    self, Checked,
    ledger::{Entry, Method, What, splits},
};
use crate::portfolio::store::{self, symbol_of};
use crate::shared::{Error, PortfolioId, Result, TransactionId, time};
use chrono::NaiveDate;

impl Service {
    /// Some transactions, the latest day first, from before the place `before`; of one instrument,
    /// or of all.
    ///
    /// # Errors
    /// `not-found`, `bad-cursor`, `bad-symbol`.
    pub async fn transactions(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        symbol: Option<&str>,
        before: Option<&str>,
        limit: u64,
    ) -> Result<TransactionPage> {
        self.owned(viewer, id).await?;
        let symbol = symbol.map(str::parse::<markets::Symbol>).transpose()?;
        let symbol = symbol.as_ref().map(markets::Symbol::as_str);
        let before = before.map(place).transpose()?;
        let db = &self.inner.db;
        let mut transactions = store::transactions(db, id, symbol, before, limit + 1).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = transactions.len() > page;
        transactions.truncate(page);
        let last = transactions.last().filter(|_| more);
        Ok(TransactionPage {
            next: last.map(|last| format!("{}_{}", last.date, last.id)),
            transactions,
        })
    }

    /// One transaction.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn transaction(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        id: TransactionId,
    ) -> Result<Transaction> {
        self.owned(viewer, portfolio).await?;
        let found = store::transaction(&self.inner.db, portfolio, id).await?;
        found.ok_or_else(Error::not_found)
    }

    /// Writes a transaction down. Without a portfolio in the viewer's first one, which is made when
    /// there is none.
    ///
    /// # Errors
    /// `not-found`, those of [`rules::check`], `oversold`, `too-many-units`, `too-few-units`,
    /// `split-known`, `too-many-splits`, `too-many-transactions`, `too-many-instruments`.
    pub async fn add(
        &self,
        viewer: &Viewer,
        portfolio: Option<PortfolioId>,
        draft: &Draft,
        naming: Naming,
    ) -> Result<TransactionId> {
        let (draft, table) = self.prepare(viewer, draft).await?;
        let naming = naming.clean()?;
        let portfolio = match portfolio {
            Some(portfolio) => portfolio,
            None => self.first(viewer).await?,
        };
        self.write(viewer, portfolio, draft, table, naming).await
    }

    /// Writes a purchase down in the viewer's first portfolio; answers what is held then.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn add_to_first(
        &self,
        viewer: &Viewer,
        draft: &Draft,
        naming: Naming,
    ) -> Result<Holding> {
        let (draft, table) = self.prepare(viewer, draft).await?;
        let naming = naming.clean()?;
        let symbol = symbol_of(&draft).to_owned();
        let first = self.first(viewer).await?;
        self.write(viewer, first, draft, table, naming).await?;
        let detail = self.detail(viewer, first, &symbol).await?;
        Ok(detail.holding)
    }

    /// Reads a draft, and asks for the splits of its instrument before the database is asked.
    async fn prepare(
        &self,
        viewer: &Viewer,
        draft: &Draft,
    ) -> Result<(Checked, Option<Vec<Split>>)> {
        let draft = rules::check(draft, time::now().date_naive())?;
        let table = self.splits(viewer.into(), symbol_of(&draft)).await;
        not_twice(&draft, table.as_deref())?;
        Ok((draft, table))
    }

    async fn write(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        draft: Checked,
        table: Option<Vec<Split>>,
        naming: Naming,
    ) -> Result<TransactionId> {
        let (account, id) = (viewer.account, TransactionId::new());
        let job = move |tx: Tx| async move {
            take(&tx, account, portfolio, 1).await?;
            store::insert_transaction(&tx, portfolio, id, &draft).await?;
            recompute(&tx, portfolio, symbol_of(&draft), table, naming).await?;
            Ok(id)
        };
        self.inner.db.write(portfolio.0, job).await
    }

    /// The viewer's first portfolio, made when there is none.
    async fn first(&self, viewer: &Viewer) -> Result<PortfolioId> {
        if let Some(first) = self.oldest(viewer).await? {
            return Ok(first);
        }
        match self.create(viewer, FIRST_NAME, Method::default()).await {
            Ok(made) => Ok(made.id),
            // Another request was quicker.
            Err(error) if error.code == "portfolio-exists" => {
                self.oldest(viewer).await?.ok_or_else(Error::not_found)
            }
            Err(error) => Err(error),
        }
    }

    async fn oldest(&self, viewer: &Viewer) -> Result<Option<PortfolioId>> {
        let portfolios = self.portfolios(viewer).await?;
        Ok(portfolios.first().map(|portfolio| portfolio.id))
    }

    /// Writes a transaction down anew.
    ///
    /// # Errors
    /// As [`Self::add`]; `removed` when its position left the portfolio.
    pub async fn edit(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        id: TransactionId,
        draft: &Draft,
    ) -> Result<()> {
        let (draft, table) = self.prepare(viewer, draft).await?;
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            take(&tx, account, portfolio, 0).await?;
            let before = store::transaction(&tx, portfolio, id).await?;
            let before = before.ok_or_else(Error::not_found)?;
            if before.removed {
                return Err(removed());
            }
            store::update_transaction(&tx, id, &draft).await?;
            let symbol = symbol_of(&draft);
            let before = before.symbol.unwrap_or_default();
            // First, as it may leave room for another instrument.
            if before != symbol {
                recompute(&tx, portfolio, &before, None, Naming::default()).await?;
            }
            recompute(&tx, portfolio, symbol, table, Naming::default()).await
        };
        self.inner.db.write(portfolio.0, job).await
    }

    /// Deletes a transaction; answers what it was, so that it can be written down again.
    ///
    /// # Errors
    /// `not-found`; `oversold` when a later sale needs it.
    pub async fn remove(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        id: TransactionId,
    ) -> Result<Transaction> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            take(&tx, account, portfolio, -1).await?;
            let gone = store::transaction(&tx, portfolio, id).await?;
            let gone = gone.ok_or_else(Error::not_found)?;
            store::delete_transaction(&tx, id).await?;
            let symbol = gone.symbol.as_deref().unwrap_or_default();
            recompute(&tx, portfolio, symbol, None, Naming::default()).await?;
            Ok(gone)
        };
        self.inner.db.write(portfolio.0, job).await
    }

    /// Takes an instrument out of a portfolio without a sale: its transactions stay, marked, and
    /// count no more, as if they had never been.
    ///
    /// # Errors
    /// `not-found`, also when the portfolio does not hold it.
    pub async fn remove_position(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
    ) -> Result<()> {
        self.mark(viewer, portfolio, symbol, true).await
    }

    /// Brings an instrument back that was taken out.
    ///
    /// # Errors
    /// `not-found`; `oversold` when it cannot be together with what was written down since.
    pub async fn restore_position(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
    ) -> Result<()> {
        self.mark(viewer, portfolio, symbol, false).await
    }

    async fn mark(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
        removed: bool,
    ) -> Result<()> {
        let symbol: markets::Symbol = symbol.parse().map_err(|_| Error::not_found())?;
        self.owned(viewer, portfolio).await?;
        let table = self.splits(viewer.into(), symbol.as_str()).await;
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            take(&tx, account, portfolio, 0).await?;
            let at = removed.then(time::now);
            if store::mark_removed(&tx, portfolio, symbol.as_str(), at).await? == 0 {
                return Err(Error::not_found());
            }
            recompute(&tx, portfolio, symbol.as_str(), table, Naming::default()).await
        };
        self.inner.db.write(portfolio.0, job).await
    }
}

/// A split that is applied already must not be written down besides.
pub(super) fn not_twice(draft: &Checked, table: Option<&[Split]>) -> Result<()> {
    let (What::Split { from, to }, Some(table)) = (&draft.what, table) else {
        return Ok(());
    };
    let entry = Entry {
        id: TransactionId::new(),
        date: draft.date,
        what: What::Split {
            from: *from,
            to: *to,
        },
    };
    if splits(&[entry], table).len() > table.len() {
        return Ok(());
    }
    Err(Error::conflict(
        "split-known",
        "This split is in the table of the instrument and applied already",
    )
    .with("field", "date"))
}

fn removed() -> Error {
    Error::conflict(
        "removed",
        "This position was taken out of the portfolio; bring it back first",
    )
}

/// A place in the list of transactions: the day and the id of the last one before it.
fn place(written: &str) -> Result<(NaiveDate, TransactionId)> {
    let read = || {
        let (date, id) = written.split_once('_')?;
        Some((date.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Error::bad_request("bad-cursor", "This is not a place in the list"))
}
