//! Files of transactions: taken in, taken back, and written.

use super::currencies::{self, refuse_others};
use super::plan::{Plan, Tables, There, beside};
use super::{
    MAX_INSTRUMENTS, MAX_TRANSACTIONS, Service, is_impossible, kept, recompute_all,
    running::Running, take,
};
use crate::accounts::Viewer;
use crate::markets::Closes;
use crate::platform::{database::Tx, tasks::blocking};
use crate::portfolio::model::{Import, Imports, Origin, PastImport, Transaction};
use crate::portfolio::rules::{Checked, statement};
use crate::portfolio::store::{self, symbol_of};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId, names, time};
use bytes::Bytes;
use chrono::NaiveDate;
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// So many transactions are written at once: others want to write too.
const AT_ONCE: usize = 2_000;
/// Transactions that are read at once to be written into a file.
const STRETCH: u64 = 1_000;
/// Past imports of one page.
const PAGE: u64 = 20;
/// Most characters of a file's name.
const NAME: usize = 120;
/// So many instruments that are not held yet a source that counts is asked about for one file.
const MAX_NEW: usize = 50;

/// How a file is taken in.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// What it is called.
    pub name: String,
    /// Also what the portfolio has already.
    pub duplicates: bool,
    /// Without the lines of instruments that cannot be taken in.
    pub rest: bool,
}

impl Service {
    /// What a file would come to; nothing is changed.
    ///
    /// # Errors
    /// `not-found`, those of [`statement::read`].
    pub async fn preview(&self, viewer: &Viewer, id: PortfolioId, file: Bytes) -> Result<Import> {
        let how = Taking::default();
        Ok(self.plan(viewer, id, file, &how).await?.import)
    }

    /// Takes in what is new in a file and can be: all of it or nothing.
    ///
    /// # Errors
    /// As [`Self::preview`], and `portfolio-kept`, `oversold`, `too-many-units`, `too-few-units`,
    /// `too-many-splits`, `too-many-transactions`, `too-many-instruments`, `import-running`.
    pub async fn import(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        file: Bytes,
        how: Taking,
    ) -> Result<Import> {
        if self.owned(viewer, id).await?.0.kept_by.is_some() {
            return Err(kept());
        }
        // Two at once would both take in what is new to each.
        let running = self.inner.imports.begin(id)?;
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
        self.sweep(viewer, id).await?;
        let past = PastImport {
            id: ImportId::new(),
            name: file_name(&how.name),
            origin: Origin::File,
            brought: i64::try_from(taken.len()).unwrap_or(i64::MAX),
            at: time::now(),
        };
        let made = past.id;
        if let Err(error) = self
            .take_in(viewer, id, past, (taken, tables), &running)
            .await
        {
            self.take_back(viewer, id, made, Vec::new()).await?;
            return Err(error);
        }
        import.id = Some(made);
        Ok(import)
    }

    /// Writes the transactions of a file in parts that do not count until the last step makes all
    /// of them count.
    async fn take_in(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        past: PastImport,
        (taken, tables): (Vec<Checked>, Tables),
        running: &Running<'_>,
    ) -> Result<()> {
        let (account, made) = (viewer.account, past.id);
        let job = move |tx: Tx| async move {
            take(&tx, account, id, 0).await?;
            store::begin_import(&tx, id, &past).await
        };
        self.inner.db.write(id.0, job).await?;
        running.at(0, taken.len());
        let mut written = 0;
        for some in taken.chunks(AT_ONCE) {
            let some = some.to_vec();
            written += some.len();
            let job = move |tx: Tx| async move {
                let more = i64::try_from(some.len()).unwrap_or(i64::MAX);
                take(&tx, account, id, more).await?;
                store::insert_import(&tx, id, made, &some).await
            };
            self.inner.db.write(id.0, job).await?;
            running.at(written, taken.len());
        }
        let job = move |tx: Tx| async move {
            take(&tx, account, id, 0).await?;
            store::count_import(&tx, id, made).await?;
            recompute_all(&tx, id, tables).await
        };
        self.inner.db.write(id.0, job).await
    }

    /// Takes a file back: its transactions are deleted. How many there were.
    ///
    /// # Errors
    /// `not-found`; `oversold` when a sale needs them.
    pub async fn undo_import(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        import: ImportId,
    ) -> Result<u64> {
        self.owned(viewer, id).await?;
        if !store::has_import(&self.inner.db, id, import).await? {
            return Err(Error::not_found());
        }
        let symbols = store::symbols_of_import(&self.inner.db, id, import).await?;
        let tables = symbols.into_iter().map(|symbol| (symbol, None)).collect();
        self.take_back(viewer, id, import, tables).await
    }

    async fn take_back(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        import: ImportId,
        tables: Tables,
    ) -> Result<u64> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            let gone = store::delete_import(&tx, id, import).await?;
            take(&tx, account, id, -i64::try_from(gone).unwrap_or(0)).await?;
            if !tables.is_empty() {
                recompute_all(&tx, id, tables).await?;
            }
            Ok(gone)
        };
        self.inner.db.write(id.0, job).await
    }

    /// Clears away what broke off half-way: whoever sent it went, or the server ended. None of it
    /// should ever have counted; what its instruments come to is computed without it all the same.
    async fn sweep(&self, viewer: &Viewer, id: PortfolioId) -> Result<()> {
        let db = &self.inner.db;
        for import in store::unfinished_imports(db, id).await? {
            let symbols = store::symbols_of_import(db, id, import).await?;
            let tables = symbols.into_iter().map(|symbol| (symbol, None)).collect();
            match self.take_back(viewer, id, import, tables).await {
                // Something was sold of it: its owner has to put that right.
                Err(error) if is_impossible(&error) => {
                    self.take_back(viewer, id, import, Vec::new()).await?;
                }
                done => _ = done?,
            }
        }
        Ok(())
    }

    /// The files that were taken in, the latest first, from before one of them.
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
            // Whoever begins in between is not swept away: that waits for this.
            if let Ok(_held) = self.inner.imports.begin(id) {
                self.sweep(viewer, id).await?;
            }
        }
        let mut imports = store::imports(&self.inner.db, id, before, PAGE + 1).await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = imports.len() > page;
        imports.truncate(page);
        let next = imports.last().filter(|_| more).map(|last| last.id);
        Ok(Imports {
            imports,
            next,
            running,
        })
    }

    /// Reads a file and sets it beside what the portfolio has.
    async fn plan(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        file: Bytes,
        how: &Taking,
    ) -> Result<Plan> {
        let (owned, _) = self.owned(viewer, id).await?;
        let today = time::now().date_naive();
        let mut lines = blocking(move || statement::read(&file, today)).await??;
        let read = || lines.iter().filter_map(|line| line.read.as_ref().ok());
        let symbols: BTreeSet<&str> = read().map(symbol_of).collect();
        let symbols: Vec<String> = symbols.into_iter().map(str::to_owned).collect();
        let known = store::holdings(&self.inner.db, id).await?;
        let markets = self.inner.markets.asked_by(viewer);
        let (asked, unasked) = if markets.counts() {
            let held = known.iter().map(|kept| kept.symbol.as_str()).collect();
            first_asked(symbols, &held)
        } else {
            (symbols, Vec::new())
        };
        // More than there can be need no splits: the file is refused.
        let priced = markets.closes(asked.get(..MAX_INSTRUMENTS).unwrap_or(&asked));
        let priced = priced.await.into_iter().map(|closes| closes.ok().flatten());
        let priced: Vec<Option<Arc<Closes>>> = priced.collect();
        if lines.iter().any(|line| line.currency.is_some()) {
            let of_prices = asked.iter().zip(priced.iter().map(Option::as_ref));
            let portfolio = self.currency_of(&known).await;
            refuse_others(&mut lines, &currencies::known(of_prices), portfolio);
        }
        let count = unasked.len();
        let priced = priced.into_iter().chain(std::iter::repeat(None));
        let tables = asked.into_iter().chain(unasked).zip(priced);
        let splits = |closes: Arc<Closes>| closes.splits.clone();
        let tables: Tables = tables
            .map(|(symbol, closes)| (symbol, closes.and_then(splits)))
            .collect();
        let there = store::entries(&self.inner.db, id, None).await?;
        let room = MAX_TRANSACTIONS.saturating_sub(owned.transactions);
        let (is_kept, how) = (owned.kept_by.is_some(), how.clone());
        let plan = blocking(move || {
            let there = There {
                entries: &there,
                kept: &known,
                room: usize::try_from(room).unwrap_or_default(),
                is_kept,
            };
            beside(lines, tables, &there, &how)
        });
        let mut plan = plan.await?;
        plan.import.unasked = count;
        Ok(plan)
    }

    /// Some transactions to be written into a file, from before a place; all of them in the end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stretch(
        &self,
        portfolio: PortfolioId,
        before: Option<(NaiveDate, TransactionId)>,
    ) -> Result<Vec<Transaction>> {
        store::transactions(&self.inner.db, portfolio, None, before, STRETCH).await
    }

    /// The name of a portfolio that is the viewer's.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn name(&self, viewer: &Viewer, id: PortfolioId) -> Result<String> {
        Ok(self.owned(viewer, id).await?.0.name)
    }
}

/// Which symbols of a file are asked for now, and which are not: those that are held and the first
/// [`MAX_NEW`] others are.
fn first_asked(symbols: Vec<String>, held: &HashSet<&str>) -> (Vec<String>, Vec<String>) {
    let mut new = 0;
    symbols.into_iter().partition(|symbol| {
        let is_new = !held.contains(symbol.as_str());
        new += usize::from(is_new);
        !is_new || new <= MAX_NEW
    })
}

/// A file's name as it can be shown: no way to it, no marks that turn a text around.
fn file_name(written: &str) -> String {
    let last = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last
        .chars()
        .filter(|c| !c.is_control() && !names::is_invisible(*c));
    let name: String = plain.take(NAME).collect();
    name.trim().to_owned()
}
