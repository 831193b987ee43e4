//! Changes to a portfolio. The sums of its transactions are computed before they are written, off
//! the async threads and without blocking other writers. The write transaction checks that the
//! portfolio has not changed since it was read, and writes a few rows.

use super::errors::{
    MAX_INSTRUMENTS, MAX_TRANSACTIONS, busy, impossible, kept, too_many_instruments,
    too_many_transactions,
};
use super::turns::Ticket;
use super::{Naming, Service, compute};
use crate::markets::Split;
use crate::platform::{database::Tx, idempotency::Once};
use crate::portfolio::model::{PastImport, Portfolio};
use crate::portfolio::rules::{
    Checked,
    ledger::{Entry, position},
    moves::{moves, pack},
};
use crate::portfolio::store::{self, Counting, Merged, Removal, StoredHolding};
use crate::shared::{AccountId, Error, ImportId, PortfolioId, Result, TransactionId};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

/// Attempts to compute a change before it fails with `portfolio-busy`.
const TRIES: u32 = 6;
/// Error code that rolls back a transaction whose portfolio has changed.
const CHANGED: &str = "portfolio-changed";
/// Maximum pause between two attempts, in milliseconds.
const PAUSE: u128 = 60;
/// Maximum number of moves stored per change, so that the rows of holdings stay small. Above that
/// they are computed on demand. A member places fewer orders in a season of paper trading.
pub(super) const KEPT_MOVES: usize = 10_000;

/// Splits by symbol. None: the data source is unavailable.
pub(super) type Tables = Vec<(String, Option<Vec<Split>>)>;

/// Transactions of a symbol, before or with a change.
pub(super) struct Ledger {
    pub symbol: String,
    /// Transactions that count.
    pub entries: Vec<Entry>,
    /// Their sums before the change.
    pub before: Option<StoredHolding>,
}

/// Result of a change for one symbol.
pub(super) struct Computed {
    symbol: String,
    /// true if the portfolio had the symbol before.
    was: bool,
    /// Sums of the transactions, and the packed moves. None: no transactions are left.
    kept: Option<(StoredHolding, Option<Vec<u8>>)>,
}

impl Ledger {
    /// Computes the sums. If `table` is None, it uses the splits of the previous sums. Stores at
    /// most `room` moves, and subtracts them from it.
    fn computed(
        self,
        table: Option<Vec<Split>>,
        naming: Naming,
        room: &mut usize,
    ) -> Result<Computed> {
        let Self {
            symbol,
            entries,
            before,
        } = self;
        let was = before.is_some();
        if entries.is_empty() {
            let kept = None;
            return Ok(Computed { symbol, was, kept });
        }
        let (name, sector, known) = before.map_or((None, None, None), |kept| {
            (kept.name, kept.sector, Some(kept.splits))
        });
        let splits = table.or(known).unwrap_or_default();
        let found = position(&entries, &splits).map_err(|why| impossible(&symbol, &why))?;
        let left = room.checked_sub(entries.len());
        let moves = left.map(|_| pack(&moves(&entries)));
        *room = left.unwrap_or(*room);
        let kept = StoredHolding {
            symbol: symbol.clone(),
            name: naming.name.or(name),
            sector: naming.sector.or(sector),
            sums: found.sums,
            splits,
        };
        Ok(Computed {
            symbol,
            was,
            kept: Some((kept, moves)),
        })
    }

    /// The same off the async threads.
    pub async fn compute(self, table: Option<Vec<Split>>, naming: Naming) -> Result<Computed> {
        let mut room = KEPT_MOVES;
        compute(move || self.computed(table, naming, &mut room)).await?
    }
}

/// Computes the sums of several symbols.
pub(super) fn computed(
    entries: Vec<(String, Entry)>,
    before: Vec<StoredHolding>,
    tables: Tables,
) -> Result<Vec<Computed>> {
    let mut all: HashMap<String, Vec<Entry>> = HashMap::new();
    for (symbol, entry) in entries {
        all.entry(symbol).or_default().push(entry);
    }
    let before = before.into_iter().map(|kept| (kept.symbol.clone(), kept));
    let mut before: HashMap<String, StoredHolding> = before.collect();
    let mut room = KEPT_MOVES;
    let one = |(symbol, table): (String, Option<Vec<Split>>)| {
        let ledger = Ledger {
            entries: all.remove(&symbol).unwrap_or_default(),
            before: before.remove(&symbol),
            symbol,
        };
        ledger.computed(table, Naming::default(), &mut room)
    };
    tables.into_iter().map(one).collect()
}

/// Effect of a change on the transactions.
pub(super) enum Act {
    Nothing,
    /// Inserts a transaction.
    Insert(TransactionId, Checked),
    /// Updates a transaction.
    Update(TransactionId, Checked),
    /// Deletes a transaction.
    Delete(TransactionId),
    /// Removes or restores a symbol.
    Mark(String, Removal),
    /// Makes the transactions of an import count.
    Finish(ImportId),
    /// Makes the transactions of an import stop counting.
    Undo(ImportId),
    /// Inserts several transactions as an import that counts at once.
    Take(PastImport, Vec<Checked>),
    /// Stores the spellings of some symbols under the canonical one.
    Merge(Vec<Merged>),
}

/// A change, with the new sums of its symbols.
pub(super) struct Change {
    /// Number of transactions added; negative if deleted.
    pub more: i64,
    pub act: Act,
    pub computed: Vec<Computed>,
}

/// The right to change a portfolio; only one exists per portfolio in this process.
pub(super) struct Turn<'a> {
    service: &'a Service,
    account: AccountId,
    id: PortfolioId,
    tries: u32,
    /// `rev` of the portfolio when it was read.
    rev: i64,
    counting: Counting,
    _ticket: Ticket<'a>,
}

impl Service {
    /// Starts a change of a portfolio. The caller reads, computes and writes in a loop until no
    /// other change has come in between.
    pub(super) async fn turn(&self, account: AccountId, id: PortfolioId) -> Result<Turn<'_>> {
        Ok(Turn {
            service: self,
            account,
            id,
            tries: 0,
            rev: 0,
            counting: Counting::default(),
            _ticket: self.inner.turns.take(id).await?,
        })
    }

    /// If `done` is an error, returns the stored response of the same request instead: a retry can
    /// fail because the first attempt succeeded meanwhile.
    pub(super) async fn or_answered<T: DeserializeOwned>(
        &self,
        once: Option<Once>,
        done: Result<T>,
    ) -> Result<T> {
        match done {
            Err(error) => match self.inner.db.answered(once.as_ref()).await? {
                Some(answer) => Ok(answer),
                None => Err(error),
            },
            done => done,
        }
    }

    /// Returns the transactions that count, of one symbol or of all.
    pub(super) async fn entries(
        &self,
        account: AccountId,
        id: PortfolioId,
        symbol: Option<&str>,
    ) -> Result<Vec<(String, Entry)>> {
        let db = &self.inner.db;
        for _ in 0..TRIES {
            let before = store::portfolio(db, account, id).await?;
            let (_, rev) = before.ok_or_else(Error::not_found)?;
            let counting = store::counting(db, id).await?;
            let entries = store::entries_of(db, id, symbol, &counting).await?;
            let after = store::portfolio(db, account, id).await?;
            // Read in batches: batches from before and after a change do not fit together.
            if after.is_some_and(|(_, after)| after == rev) {
                return Ok(entries);
            }
        }
        Err(busy())
    }
}

impl Turn<'_> {
    /// Reads a portfolio that its owner manages, once per attempt.
    pub async fn read(&mut self) -> Result<Portfolio> {
        let portfolio = self.read_any().await?;
        if portfolio.managed_by.is_some() {
            return Err(kept());
        }
        Ok(portfolio)
    }

    /// The same for an idempotent change; returns the stored response of the same request, if any.
    pub async fn read_once<T: DeserializeOwned>(
        &mut self,
        once: Option<&Once>,
    ) -> Result<Option<T>> {
        self.read().await?;
        // A retry may have waited for this turn while the first attempt wrote.
        self.service.inner.db.answered(once).await
    }

    /// The same, whatever manages it.
    pub async fn read_any(&mut self) -> Result<Portfolio> {
        if self.tries == TRIES {
            return Err(busy());
        }
        if self.tries > 0 {
            tokio::time::sleep(pause()).await;
        }
        self.tries += 1;
        let db = &self.service.inner.db;
        // Read first: if anything read later is newer, the write fails.
        let found = store::portfolio(db, self.account, self.id).await?;
        let (portfolio, rev) = found.ok_or_else(Error::not_found)?;
        self.rev = rev;
        self.counting = store::counting(db, self.id).await?;
        Ok(portfolio)
    }

    /// Returns what decides which transactions count; a change may modify it.
    pub const fn counting(&mut self) -> &mut Counting {
        &mut self.counting
    }

    /// Reads the transactions and sums of a symbol.
    pub async fn ledger(&self, symbol: &str) -> Result<Ledger> {
        let db = &self.service.inner.db;
        let entries = store::entries_of(db, self.id, Some(symbol), &self.counting).await?;
        Ok(Ledger {
            symbol: symbol.to_owned(),
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            before: store::holding(db, self.id, symbol).await?,
        })
    }

    /// Returns the stored sums of all symbols.
    pub async fn holdings(&self) -> Result<Vec<StoredHolding>> {
        store::holdings(&self.service.inner.db, self.id).await
    }

    /// Returns all transactions that count, and the stored sums.
    pub async fn all(&self) -> Result<(Vec<(String, Entry)>, Vec<StoredHolding>)> {
        let db = &self.service.inner.db;
        let entries = store::entries_of(db, self.id, None, &self.counting).await?;
        Ok((entries, self.holdings().await?))
    }

    /// Writes a change. false: the portfolio has changed since it was read, and nothing was
    /// written.
    pub async fn write(&self, change: Change) -> Result<bool> {
        Ok(self.write_once(change, None, ()).await?.is_some())
    }

    /// The same once per idempotency key, with a response: a retry returns the first response.
    /// None: the portfolio has changed since it was read, and nothing was written.
    pub async fn write_once<T>(
        &self,
        change: Change,
        once: Option<Once>,
        answer: T,
    ) -> Result<Option<T>>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        self.fits(&change.computed).await?;
        let prepared = self.prepared(change);
        let job = move |tx: Tx| async move {
            // Returns an error, so that the key is not stored either.
            let written = prepared.write(&tx).await?;
            written.then_some(answer).ok_or_else(changed)
        };
        match self.service.inner.db.write_once(self.id.0, once, job).await {
            Err(error) if error.code == CHANGED => Ok(None),
            written => written.map(Some),
        }
    }

    /// Returns a change of the portfolio as it was read.
    pub fn prepared(&self, change: Change) -> Prepared {
        Prepared {
            account: self.account,
            id: self.id,
            rev: self.rev,
            counting: self.counting.clone(),
            change,
        }
    }

    /// Checks the limit of symbols. A portfolio above it from earlier can still shrink.
    async fn fits(&self, computed: &[Computed]) -> Result<()> {
        let instruments = || computed.iter().filter(|one| !one.symbol.is_empty());
        let new = instruments().filter(|one| !one.was && one.kept.is_some());
        let gone = instruments().filter(|one| one.was && one.kept.is_none());
        let (new, gone) = (new.count(), gone.count());
        if new == 0 {
            return Ok(());
        }
        let there = store::instrument_count(&self.service.inner.db, self.id).await?;
        let there = usize::try_from(there).unwrap_or(usize::MAX);
        if new > gone && there.saturating_add(new - gone) > MAX_INSTRUMENTS {
            return Err(too_many_instruments());
        }
        Ok(())
    }
}

/// A computed change that is not written yet.
pub struct Prepared {
    account: AccountId,
    id: PortfolioId,
    rev: i64,
    counting: Counting,
    change: Change,
}

impl Prepared {
    /// Writes the change, and locks the portfolio until the transaction ends. false: the portfolio
    /// has changed since it was read, and nothing was written.
    ///
    /// # Errors
    /// `too-many-transactions`.
    pub async fn write(self, tx: &Tx) -> Result<bool> {
        let (id, change) = (self.id, self.change);
        let touched = store::touch_at(tx, self.account, id, self.rev, change.more).await?;
        let Some(touched) = touched else {
            return Ok(false);
        };
        if change.more > 0 && touched.managed_by.is_none() {
            has_room(tx, self.account).await?;
        }
        act(tx, id, change.act, &self.counting).await?;
        let (mut there, mut gone) = (Vec::new(), Vec::new());
        for one in change.computed {
            match one.kept {
                Some(kept) => there.push(kept),
                None => gone.push(one.symbol),
            }
        }
        store::drop_holdings(tx, id, &gone).await?;
        store::save_holdings(tx, id, there).await?;
        Ok(true)
    }
}

/// Fails with `too-many-transactions` if the portfolios of an account exceed the limit together.
pub(super) async fn has_room(tx: &Tx, account: AccountId) -> Result<()> {
    if store::transaction_count(tx, account).await? > MAX_TRANSACTIONS {
        return Err(too_many_transactions());
    }
    Ok(())
}

async fn act(tx: &Tx, id: PortfolioId, act: Act, counting: &Counting) -> Result<()> {
    let generation = |input: &Checked| counting.removal(store::symbol_of(input)).generation;
    match act {
        Act::Nothing => Ok(()),
        Act::Insert(new, input) => {
            store::insert_transaction(tx, id, new, &input, generation(&input)).await
        }
        Act::Update(one, input) => {
            store::update_transaction(tx, one, &input, generation(&input)).await
        }
        Act::Delete(one) => store::delete_transaction(tx, one).await,
        Act::Mark(symbol, removal) => store::save_removal(tx, id, &symbol, removal).await,
        Act::Finish(import) => store::finish_import(tx, id, import).await,
        Act::Undo(import) => store::undo_import(tx, id, import).await,
        Act::Take(past, inputs) => {
            store::begin_import(tx, id, &past).await?;
            store::insert_import(tx, id, past.id, &inputs, counting).await?;
            store::finish_import(tx, id, past.id).await
        }
        Act::Merge(symbols) => {
            for merged in symbols {
                store::merge_spellings(tx, id, &merged).await?;
            }
            Ok(())
        }
    }
}

fn changed() -> Error {
    Error::conflict(CHANGED, "The portfolio was changed meanwhile")
}

/// A random pause, so that two servers do not collide again.
fn pause() -> Duration {
    let random = Uuid::new_v4().as_u128() % PAUSE;
    Duration::from_millis(u64::try_from(random).unwrap_or_default())
}
