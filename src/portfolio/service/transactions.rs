//! What happens with transactions: each change computes its instrument anew.

use super::ledger::{Act, Change};
use super::{FIRST_NAME, Naming, Service};
use crate::accounts::Viewer;
use crate::markets::{self, Split};
use crate::platform::idempotency::Once;
use crate::portfolio::model::{Draft, Holding, Transaction, TransactionPage};
use crate::portfolio::rules::{
    self, Checked,
    ledger::{Entry, Method, What, splits},
};
use crate::portfolio::store::{self, Removal, symbol_of};
use crate::shared::{Error, PortfolioId, Result, TransactionId, paging::bad_cursor, time};
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
        let once = Once::of(
            viewer.account,
            "transactions.add",
            &(portfolio, draft, &naming),
        )?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(made);
        }
        let (draft, table) = self.prepare(viewer, draft).await?;
        let naming = naming.clean()?;
        let portfolio = match portfolio {
            Some(portfolio) => portfolio,
            None => self.first(viewer).await?,
        };
        let draft = (draft, table, naming);
        let written = self.write(viewer, portfolio, draft, once.clone()).await;
        self.or_answered(once, written).await
    }

    /// Writes a purchase down in the viewer's first portfolio; answers what is held then.
    pub async fn add_to_first(
        &self,
        viewer: &Viewer,
        draft: &Draft,
        naming: Naming,
    ) -> Result<Holding> {
        let asked = (draft, &naming);
        let once = Once::of(viewer.account, "transactions.add_to_first", &asked)?;
        let done = self
            .inner
            .db
            .answered::<TransactionId>(once.as_ref())
            .await?;
        let (draft, table) = self.prepare(viewer, draft).await?;
        let naming = naming.clean()?;
        let symbol = symbol_of(&draft).to_owned();
        let first = self.first(viewer).await?;
        if done.is_none() {
            let draft = (draft, table, naming);
            let written = self.write(viewer, first, draft, once.clone()).await;
            self.or_answered(once, written).await?;
        }
        self.holding_of(viewer, first, &symbol).await
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
        (draft, table, naming): (Checked, Option<Vec<Split>>, Naming),
        once: Option<Once>,
    ) -> Result<TransactionId> {
        let id = TransactionId::new();
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            turn.read().await?;
            let mut ledger = turn.ledger(symbol_of(&draft)).await?;
            ledger.entries.push(entry(id, &draft));
            let computed = ledger.compute(table.clone(), naming.clone()).await?;
            let change = Change {
                more: 1,
                act: Act::Insert(id, draft.clone()),
                computed: vec![computed],
            };
            if let Some(id) = turn.write_once(change, once.clone(), id).await? {
                return Ok(id);
            }
        }
    }

    /// The viewer's first portfolio, made when there is none.
    async fn first(&self, viewer: &Viewer) -> Result<PortfolioId> {
        if let Some(first) = self.oldest(viewer).await? {
            return Ok(first);
        }
        match self
            .create_once(viewer, FIRST_NAME, Method::default(), None)
            .await
        {
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
    pub async fn edit(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        id: TransactionId,
        draft: &Draft,
    ) -> Result<()> {
        let (draft, table) = self.prepare(viewer, draft).await?;
        let symbol = symbol_of(&draft);
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            turn.read().await?;
            let before = store::transaction(&self.inner.db, portfolio, id).await?;
            let before = before.ok_or_else(Error::not_found)?;
            if before.removed {
                return Err(removed());
            }
            let before = before.symbol.unwrap_or_default();
            let mut computed = Vec::new();
            if before != symbol {
                let mut ledger = turn.ledger(&before).await?;
                ledger.entries.retain(|one| one.id != id);
                computed.push(ledger.compute(None, Naming::default()).await?);
            }
            let mut ledger = turn.ledger(symbol).await?;
            ledger.entries.retain(|one| one.id != id);
            ledger.entries.push(entry(id, &draft));
            computed.push(ledger.compute(table.clone(), Naming::default()).await?);
            let change = Change {
                more: 0,
                act: Act::Update(id, draft.clone()),
                computed,
            };
            if turn.write(change).await? {
                return Ok(());
            }
        }
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
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            turn.read().await?;
            let gone = store::transaction(&self.inner.db, portfolio, id).await?;
            let gone = gone.ok_or_else(Error::not_found)?;
            let mut ledger = turn
                .ledger(gone.symbol.as_deref().unwrap_or_default())
                .await?;
            ledger.entries.retain(|one| one.id != id);
            let change = Change {
                more: -1,
                act: Act::Delete(id),
                computed: vec![ledger.compute(None, Naming::default()).await?],
            };
            if turn.write(change).await? {
                return Ok(gone);
            }
        }
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
        let symbol: markets::Symbol = symbol.parse().map_err(|_| Error::not_found())?;
        let symbol = symbol.as_str();
        let once = Once::of(viewer.account, "positions.remove", &(portfolio, symbol))?;
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            if let Some(()) = turn.read_once(once.as_ref()).await? {
                return Ok(());
            }
            let removal = turn.counting().removal(symbol);
            let mut ledger = turn.ledger(symbol).await?;
            if ledger.entries.is_empty() {
                return Err(Error::not_found());
            }
            ledger.entries.clear();
            // What is there is of this generation or an earlier one.
            let next = removal.generation + 1;
            let removal = Removal {
                generation: next,
                live_from: next,
            };
            let change = Change {
                more: 0,
                act: Act::Mark(symbol.to_owned(), removal),
                computed: vec![ledger.compute(None, Naming::default()).await?],
            };
            if turn.write_once(change, once.clone(), ()).await?.is_some() {
                return Ok(());
            }
        }
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
        let symbol: markets::Symbol = symbol.parse().map_err(|_| Error::not_found())?;
        let symbol = symbol.as_str();
        self.owned(viewer, portfolio).await?;
        let once = Once::of(viewer.account, "positions.restore", &(portfolio, symbol))?;
        let table = self.splits(viewer.into(), symbol).await;
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            if let Some(()) = turn.read_once(once.as_ref()).await? {
                return Ok(());
            }
            let removal = turn.counting().removal(symbol);
            let counted = turn.ledger(symbol).await?.entries.len();
            let removal = Removal {
                live_from: 0,
                ..removal
            };
            turn.counting().removals.insert(symbol.to_owned(), removal);
            let ledger = turn.ledger(symbol).await?;
            if ledger.entries.len() == counted {
                return Err(Error::not_found());
            }
            let change = Change {
                more: 0,
                act: Act::Mark(symbol.to_owned(), removal),
                computed: vec![ledger.compute(table.clone(), Naming::default()).await?],
            };
            if turn.write_once(change, once.clone(), ()).await?.is_some() {
                return Ok(());
            }
        }
    }

    /// Some transactions, those that were written last first.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn latest_transactions(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        limit: u64,
    ) -> Result<Vec<Transaction>> {
        self.owned(viewer, id).await?;
        store::latest_transactions(&self.inner.db, id, limit).await
    }
}

/// A draft as it is computed with.
pub(super) fn entry(id: TransactionId, draft: &Checked) -> Entry {
    Entry {
        id,
        date: draft.date,
        what: draft.what.clone(),
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
    Err(Error::conflict("split-known", "Rialto already applies this split").with("field", "date"))
}

fn removed() -> Error {
    Error::conflict("removed", "This holding is removed; restore it first")
}

/// A place in a list of transactions: the day and the id of the last one before it.
pub(super) type Place = (NaiveDate, TransactionId);

/// Reads a place.
pub(super) fn place(written: &str) -> Result<Place> {
    let read = || {
        let (date, id) = written.split_once('_')?;
        Some((date.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(bad_cursor)
}
