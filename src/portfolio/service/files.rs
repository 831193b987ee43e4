//! Import, undo and export of transaction files.

use super::currencies::{self, refuse_others};
use super::errors::{MAX_INSTRUMENTS, MAX_TRANSACTIONS, busy, kept};
use super::ledger::{Act, Change, Tables, computed, has_room};
use super::plan::{Plan, Taking, There, beside};
use super::{Service, compute, running::Running, take};
use crate::accounts::Viewer;
use crate::markets::Closes;
use crate::platform::{database::Tx, hash::sha256, idempotency::Once};
use crate::portfolio::model::{Import, Imports, Origin, PastImport, Transaction};
use crate::portfolio::rules::{Checked, statement};
use crate::portfolio::store::{self, symbol_of};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId, names, paging, time};
use bytes::Bytes;
use chrono::NaiveDate;
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// Transactions written or deleted per database transaction, so that other writers get their turn.
const AT_ONCE: usize = 1_000;
/// Transactions read per query for an export.
const STRETCH: u64 = 1_000;
/// Past imports per page.
const PAGE: u64 = 20;
/// Maximum length of a file name, in characters.
const NAME: usize = 120;
/// Maximum number of symbols not yet held for which a data source with request limits is asked per
/// file.
const MAX_NEW: usize = 50;

impl Service {
    /// Returns the preview of an import; changes nothing.
    ///
    /// # Errors
    /// `not-found`, those of [`statement::read`].
    pub async fn preview(&self, viewer: &Viewer, id: PortfolioId, file: Bytes) -> Result<Import> {
        let how = Taking::default();
        Ok(self.plan(viewer, id, file, &how).await?.import)
    }

    /// Imports the new transactions of a file: all of them or none.
    ///
    /// # Errors
    /// As [`Self::preview`], and `portfolio-managed`, `oversold`, `too-many-units`,
    /// `too-few-units`, `too-many-splits`, `too-many-transactions`, `too-many-instruments`,
    /// `import-running`, `portfolio-busy`.
    pub async fn import(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        file: Bytes,
        how: Taking,
    ) -> Result<Import> {
        if self.owned(viewer, id).await?.0.managed_by.is_some() {
            return Err(kept());
        }
        // Two imports at once would both add the same new transactions.
        let running = self.inner.imports.begin(id)?;
        let hashed = file.clone();
        let hash = compute(move || sha256(&hashed)).await?;
        let once = Once::of(viewer.account, "imports.take", &(id, &how, hash))?;
        if let Some(taken) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(taken);
        }
        let plan = self.plan(viewer, id, file, &how).await?;
        let Plan {
            mut import,
            taken,
            tables,
        } = plan;
        if let Some(conflict) = import.conflict {
            return Err(conflict);
        }
        if taken.is_empty() {
            return Ok(import);
        }
        self.sweep(id).await?;
        let past = PastImport {
            id: ImportId::new(),
            name: file_name(&how.name),
            origin: Origin::File,
            brought: i64::try_from(taken.len()).unwrap_or(i64::MAX),
            at: time::now(),
        };
        let made = past.id;
        import.id = Some(made);
        let done = (import, once);
        let taken = self.take_in(viewer, id, past, (taken, tables), &running, done);
        let taken = taken.await;
        if taken.is_err() {
            self.delete_import(id, made).await?;
        }
        taken
    }

    /// Writes the transactions of a file in batches. They do not count until the last step, which
    /// makes all of them count and stores the response for retries.
    async fn take_in(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        past: PastImport,
        (taken, tables): (Vec<Checked>, Tables),
        running: &Running<'_>,
        (import, once): (Import, Option<Once>),
    ) -> Result<Import> {
        let (account, made) = (viewer.account, past.id);
        let job = move |tx: Tx| async move {
            take(&tx, account, id).await?;
            store::begin_import(&tx, id, &past).await
        };
        self.inner.db.write(id.0, job).await?;
        let counting = Arc::new(store::counting(&self.inner.db, id).await?);
        running.at(0, taken.len());
        let mut written = 0;
        for some in taken.chunks(AT_ONCE) {
            let (some, counting) = (some.to_vec(), Arc::clone(&counting));
            written += some.len();
            let job = move |tx: Tx| async move {
                let more = i64::try_from(some.len()).unwrap_or(i64::MAX);
                let there = store::add_transactions(&tx, id, more).await?;
                there.ok_or_else(Error::not_found)?;
                has_room(&tx, account).await?;
                store::insert_import(&tx, id, made, &some, &counting).await
            };
            self.inner.db.write(id.0, job).await?;
            running.at(written, taken.len());
        }
        let mut turn = self.turn(account, id).await?;
        loop {
            turn.read().await?;
            let now = turn.counting();
            let generation = |symbol: &str| counting.removal(symbol).generation;
            // A symbol was removed meanwhile, and the new transactions with it.
            if tables
                .iter()
                .any(|(symbol, _)| now.removal(symbol).generation != generation(symbol))
            {
                return Err(busy());
            }
            now.unfinished.remove(&made);
            let (entries, before) = turn.all().await?;
            let tables = tables.clone();
            let change = Change {
                more: 0,
                act: Act::Finish(made),
                computed: compute(move || computed(entries, before, tables)).await??,
            };
            let answer = import.clone();
            if let Some(taken) = turn.write_once(change, once.clone(), answer).await? {
                return Ok(taken);
            }
        }
    }

    /// Undoes an import: its transactions stop counting and are deleted in batches. Returns their
    /// number.
    ///
    /// # Errors
    /// `not-found`; `oversold` if a sell needs them.
    pub async fn undo_import(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        import: ImportId,
    ) -> Result<u64> {
        self.owned(viewer, id).await?;
        let mut turn = self.turn(viewer.account, id).await?;
        loop {
            turn.read().await?;
            if !store::has_import(&self.inner.db, id, import).await? {
                return Err(Error::not_found());
            }
            let symbols = store::symbols_of_import(&self.inner.db, id, import).await?;
            let tables: Tables = symbols.into_iter().map(|symbol| (symbol, None)).collect();
            turn.counting().unfinished.insert(import);
            let (entries, before) = turn.all().await?;
            let change = Change {
                more: 0,
                act: Act::Undo(import),
                computed: compute(move || computed(entries, before, tables)).await??,
            };
            if turn.write(change).await? {
                break;
            }
        }
        drop(turn);
        self.delete_import(id, import).await
    }

    /// Deletes an unfinished import with its transactions, in batches; returns their number.
    pub(super) async fn delete_import(&self, id: PortfolioId, import: ImportId) -> Result<u64> {
        let job = move |tx: Tx| async move {
            let limit = AT_ONCE as u64;
            let gone = store::delete_import_rows(&tx, id, import, limit).await?;
            store::add_transactions(&tx, id, -i64::try_from(gone).unwrap_or(0)).await?;
            Ok(gone)
        };
        let mut all = 0;
        loop {
            match self.inner.db.write(id.0, job).await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }

    /// Deletes imports that were interrupted, by a disconnect or a stop of the server. Their
    /// transactions never counted.
    async fn sweep(&self, id: PortfolioId) -> Result<()> {
        for import in store::unfinished_imports(&self.inner.db, id).await? {
            self.delete_import(id, import).await?;
        }
        Ok(())
    }

    /// Returns past imports, latest first, from before one of them.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn imports(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        before: Option<ImportId>,
    ) -> Result<Imports> {
        self.owned(viewer, id).await?;
        let running = self.inner.imports.progress(id);
        if running.is_none()
            && !store::unfinished_imports(&self.inner.db, id)
                .await?
                .is_empty()
        {
            // While this guard exists no import can start, so the sweep deletes no running one.
            if let Ok(_held) = self.inner.imports.begin(id) {
                self.sweep(id).await?;
            }
        }
        let mut imports = store::imports(&self.inner.db, id, before, PAGE + 1).await?;
        let more = paging::cut(&mut imports, PAGE);
        let next = imports.last().filter(|_| more).map(|last| last.id);
        Ok(Imports {
            imports,
            next,
            running,
        })
    }

    /// Reads a file and compares it with the portfolio.
    async fn plan(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        file: Bytes,
        how: &Taking,
    ) -> Result<Plan> {
        let (owned, _) = self.owned(viewer, id).await?;
        let today = self.inner.markets.today().await?;
        let mut lines = compute(move || statement::read(&file, today)).await??;
        let read = || lines.iter().filter_map(|line| line.read.as_ref().ok());
        let symbols: BTreeSet<&str> = read().map(symbol_of).collect();
        let symbols: Vec<String> = symbols.into_iter().map(str::to_owned).collect();
        let known = store::holdings(&self.inner.db, id).await?;
        let markets = self.inner.markets.requested_by(viewer);
        let (asked, unasked) = if markets.counts() {
            let held = known.iter().map(|kept| kept.symbol.as_str()).collect();
            first_asked(symbols, &held)
        } else {
            (symbols, Vec::new())
        };
        // Symbols above the limit need no splits: the file is rejected.
        let priced = markets.closes(asked.get(..MAX_INSTRUMENTS).unwrap_or(&asked));
        let priced = priced.await.into_iter().map(|closes| closes.ok().flatten());
        let priced: Vec<Option<Arc<Closes>>> = priced.collect();
        if lines.iter().any(|line| line.currency.is_some()) {
            let of_prices = asked.iter().zip(priced.iter().map(Option::as_ref));
            let portfolio = self.currency_of(&known).await;
            refuse_others(&mut lines, &currencies::known(of_prices), portfolio);
        }
        let unasked_count = unasked.len();
        let priced = priced.into_iter().chain(std::iter::repeat(None));
        let tables = asked.into_iter().chain(unasked).zip(priced);
        let splits = |closes: Arc<Closes>| closes.splits.clone();
        let tables: Tables = tables
            .map(|(symbol, closes)| (symbol, closes.and_then(splits)))
            .collect();
        let there = self.entries(viewer.account, id, None).await?;
        let count = store::transaction_count(&self.inner.db, viewer.account).await?;
        let room = MAX_TRANSACTIONS.saturating_sub(count);
        let (is_kept, how) = (owned.managed_by.is_some(), how.clone());
        let plan = compute(move || {
            let there = There {
                entries: &there,
                kept: &known,
                room: usize::try_from(room).unwrap_or_default(),
                is_kept,
            };
            beside(lines, tables, &there, &how)
        });
        let mut plan = plan.await?;
        plan.import.unasked = unasked_count;
        Ok(plan)
    }

    /// Returns a batch of transactions for an export, from before a position; finally an empty one.
    pub async fn stretch(
        &self,
        portfolio: PortfolioId,
        before: Option<(NaiveDate, TransactionId)>,
    ) -> Result<Vec<Transaction>> {
        store::transactions(&self.inner.db, portfolio, None, before, STRETCH).await
    }

    /// Returns the name of a portfolio of the viewer.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn name(&self, viewer: &Viewer, id: PortfolioId) -> Result<String> {
        Ok(self.owned(viewer, id).await?.0.name)
    }
}

/// Splits symbols into those to request prices for now (held ones, and the first [`MAX_NEW`]
/// others) and the rest.
fn first_asked(symbols: Vec<String>, held: &HashSet<&str>) -> (Vec<String>, Vec<String>) {
    let mut new = 0;
    symbols.into_iter().partition(|symbol| {
        let is_new = !held.contains(symbol.as_str());
        new += usize::from(is_new);
        !is_new || new <= MAX_NEW
    })
}

/// Returns a file name for display, without path, control characters and invisible characters.
fn file_name(written: &str) -> String {
    let last = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last
        .chars()
        .filter(|c| !c.is_control() && !names::is_invisible(*c));
    let name: String = plain.take(NAME).collect();
    name.trim().to_owned()
}
