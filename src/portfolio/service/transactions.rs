//! Changes to transactions: each of them computes the sums of its symbol again.

use super::ledger::{Act, Change};
use super::{FIRST_NAME, Naming, Service, unknown};
use crate::accounts::Viewer;
use crate::markets::{Split, Symbol};
use crate::platform::idempotency::Once;
use crate::portfolio::model::{Holding, Transaction, TransactionInput, TransactionPage};
use crate::portfolio::rules::{
    self, Checked,
    ledger::{Entry, Method, What, splits},
};
use crate::portfolio::store::{self, Removal, symbol_of};
use crate::shared::{Error, PortfolioId, Result, TransactionId, paging};
use chrono::NaiveDate;

impl Service {
    /// Returns transactions before the cursor `before`, latest date first; of one symbol, or of
    /// all.
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
        let symbol = match symbol {
            Some(symbol) => Some(self.position(id, symbol).await?),
            None => None,
        };
        let symbol = symbol.as_ref().map(Symbol::as_str);
        let before = before.map(place).transpose()?;
        let db = &self.inner.db;
        let mut transactions = store::transactions(db, id, symbol, before, limit + 1).await?;
        let more = paging::cut(&mut transactions, limit);
        let last = transactions.last().filter(|_| more);
        Ok(TransactionPage {
            next: last.map(|last| format!("{}_{}", last.date, last.id)),
            transactions,
        })
    }

    /// Returns a transaction.
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

    /// Adds a transaction. Without a portfolio it uses the viewer's first one, which is created if
    /// needed.
    ///
    /// # Errors
    /// `not-found`, those of [`rules::check`], `oversold`, `too-many-units`, `too-few-units`,
    /// `split-known`, `too-many-splits`, `too-many-transactions`, `too-many-instruments`.
    pub async fn add(
        &self,
        viewer: &Viewer,
        portfolio: Option<PortfolioId>,
        input: &TransactionInput,
        naming: Naming,
    ) -> Result<TransactionId> {
        let once = Once::of(
            viewer.account,
            "transactions.add",
            &(portfolio, input, &naming),
        )?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(made);
        }
        let (input, table) = self.prepare(viewer, input).await?;
        let naming = naming.clean()?;
        let portfolio = match portfolio {
            Some(portfolio) => portfolio,
            None => self.first(viewer).await?,
        };
        let input = (input, table, naming);
        let written = self.write(viewer, portfolio, input, once.clone()).await;
        self.or_answered(once, written).await
    }

    /// Adds a buy to the viewer's first portfolio; returns the new holding.
    pub async fn add_to_first(
        &self,
        viewer: &Viewer,
        input: &TransactionInput,
        naming: Naming,
    ) -> Result<Holding> {
        let asked = (input, &naming);
        let once = Once::of(viewer.account, "transactions.add_to_first", &asked)?;
        let done = self
            .inner
            .db
            .answered::<TransactionId>(once.as_ref())
            .await?;
        let (input, table) = self.prepare(viewer, input).await?;
        let naming = naming.clean()?;
        let symbol = symbol_of(&input).to_owned();
        let first = self.first(viewer).await?;
        if done.is_none() {
            let input = (input, table, naming);
            let written = self.write(viewer, first, input, once.clone()).await;
            self.or_answered(once, written).await?;
        }
        self.holding_of(viewer, first, &symbol).await
    }

    /// Validates an input, and asks for the splits of its symbol before using the database.
    async fn prepare(
        &self,
        viewer: &Viewer,
        input: &TransactionInput,
    ) -> Result<(Checked, Option<Vec<Split>>)> {
        let input = rules::check(input, self.inner.markets.today().await?)?;
        let table = self.splits(viewer.into(), symbol_of(&input)).await;
        not_twice(&input, table.as_deref())?;
        Ok((input, table))
    }

    async fn write(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        (input, table, naming): (Checked, Option<Vec<Split>>, Naming),
        once: Option<Once>,
    ) -> Result<TransactionId> {
        let id = TransactionId::new();
        let mut turn = self.turn(viewer.account, portfolio).await?;
        loop {
            turn.read().await?;
            let mut ledger = turn.ledger(symbol_of(&input)).await?;
            ledger.entries.push(entry(id, &input));
            let computed = ledger.compute(table.clone(), naming.clone()).await?;
            let change = Change {
                more: 1,
                act: Act::Insert(id, input.clone()),
                computed: vec![computed],
            };
            if let Some(id) = turn.write_once(change, once.clone(), id).await? {
                return Ok(id);
            }
        }
    }

    /// Returns the viewer's first portfolio, which is created if needed.
    async fn first(&self, viewer: &Viewer) -> Result<PortfolioId> {
        if let Some(first) = self.oldest(viewer).await? {
            return Ok(first);
        }
        match self
            .create_once(viewer, FIRST_NAME, Method::default(), None)
            .await
        {
            Ok(made) => Ok(made.id),
            // Another request created it first.
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

    /// Updates a transaction.
    pub async fn edit(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        id: TransactionId,
        input: &TransactionInput,
    ) -> Result<()> {
        let (input, table) = self.prepare(viewer, input).await?;
        let symbol = symbol_of(&input);
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
            ledger.entries.push(entry(id, &input));
            computed.push(ledger.compute(table.clone(), Naming::default()).await?);
            let change = Change {
                more: 0,
                act: Act::Update(id, input.clone()),
                computed,
            };
            if turn.write(change).await? {
                return Ok(());
            }
        }
    }

    /// Deletes a transaction; returns it, so that the deletion can be undone.
    ///
    /// # Errors
    /// `not-found`; `oversold` if a later sell needs it.
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

    /// Removes a symbol from a portfolio without a sell: its transactions stay, marked as removed,
    /// and do not count.
    ///
    /// # Errors
    /// `not-found`, also if the portfolio has no transactions of it.
    pub async fn remove_position(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
    ) -> Result<()> {
        let symbol = self.position(portfolio, symbol).await.map_err(unknown)?;
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
            // Existing transactions have this generation or an earlier one.
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

    /// Restores a removed symbol.
    ///
    /// # Errors
    /// `not-found`; `oversold` if its transactions conflict with later ones.
    pub async fn restore_position(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
    ) -> Result<()> {
        let symbol = self.position(portfolio, symbol).await.map_err(unknown)?;
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

    /// Returns transactions, latest created first.
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

/// Converts a valid input to a ledger entry.
pub(super) fn entry(id: TransactionId, input: &Checked) -> Entry {
    Entry {
        id,
        date: input.date,
        what: input.what.clone(),
    }
}

/// Rejects a split that the price history already contains.
pub(super) fn not_twice(input: &Checked, table: Option<&[Split]>) -> Result<()> {
    let (What::Split { from, to }, Some(table)) = (&input.what, table) else {
        return Ok(());
    };
    let entry = Entry {
        id: TransactionId::new(),
        date: input.date,
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

/// Position in a list of transactions: date and id of the last one before it.
pub(super) type Place = (NaiveDate, TransactionId);

/// Parses a cursor.
pub(super) fn place(written: &str) -> Result<Place> {
    let read = || {
        let (date, id) = written.split_once('_')?;
        Some((date.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(paging::bad_cursor)
}
