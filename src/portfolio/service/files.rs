//! Files of transactions: taken in, taken back, and written.

use super::{Service, recompute_all, take, transactions::not_twice};
use crate::accounts::Viewer;
use crate::markets::Split;
use crate::platform::{database::Tx, tasks::blocking};
use crate::portfolio::model::{Import, Problem, Transaction};
use crate::portfolio::rules::{Checked, ledger::What, statement};
use crate::portfolio::store::{self, symbol_of};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId, time};
use bytes::Bytes;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// Most bytes of a file.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// So many problems are told.
const TOLD: usize = 100;
/// So many transactions are written at once: others want to write too.
const AT_ONCE: usize = 2_000;
/// Transactions that are read at once to be written into a file.
const STRETCH: u64 = 1_000;

/// The splits of some instruments; none: nobody can be asked now.
type Tables = Vec<(String, Option<Vec<Split>>)>;

/// A file that was read.
struct Plan {
    import: Import,
    fresh: Vec<Checked>,
    tables: Tables,
}

impl Service {
    /// What a file would come to; nothing is changed.
    ///
    /// # Errors
    /// `not-found`, those of [`statement::read`].
    pub async fn preview(&self, viewer: &Viewer, id: PortfolioId, file: Bytes) -> Result<Import> {
        Ok(self.plan(viewer, id, file).await?.import)
    }

    /// Takes in what is new in a file and can be: all of it or nothing.
    ///
    /// # Errors
    /// As [`Self::preview`], and `oversold`, `too-many-units`, `too-many-transactions`.
    pub async fn import(&self, viewer: &Viewer, id: PortfolioId, file: Bytes) -> Result<Import> {
        let Plan {
            mut import,
            fresh,
            tables,
        } = self.plan(viewer, id, file).await?;
        if fresh.is_empty() {
            return Ok(import);
        }
        let (account, made) = (viewer.account, ImportId::new());
        for some in fresh.chunks(AT_ONCE) {
            let some = some.to_vec();
            let job = move |tx: Tx| async move {
                let more = i64::try_from(some.len()).unwrap_or(i64::MAX);
                take(&tx, account, id, more).await?;
                store::insert_import(&tx, id, made, &some).await
            };
            if let Err(error) = self.inner.db.write(id.0, job).await {
                self.take_back(viewer, id, made, Vec::new()).await?;
                return Err(error);
            }
        }
        let job = move |tx: Tx| async move {
            take(&tx, account, id, 0).await?;
            store::count_import(&tx, id, made).await?;
            recompute_all(&tx, id, tables).await
        };
        if let Err(error) = self.inner.db.write(id.0, job).await {
            self.take_back(viewer, id, made, Vec::new()).await?;
            return Err(error);
        }
        import.id = Some(made);
        Ok(import)
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
        let symbols = store::symbols_of_import(&self.inner.db, id, import).await?;
        if symbols.is_empty() {
            return Err(Error::not_found());
        }
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

    /// Reads a file and sets it beside what the portfolio has.
    async fn plan(&self, viewer: &Viewer, id: PortfolioId, file: Bytes) -> Result<Plan> {
        self.owned(viewer, id).await?;
        let today = time::now().date_naive();
        let lines = blocking(move || statement::read(&file, today)).await??;
        let read = || lines.iter().filter_map(|line| line.read.as_ref().ok());
        let symbols: BTreeSet<&str> = read().map(symbol_of).collect();
        let symbols: Vec<String> = symbols.into_iter().map(str::to_owned).collect();
        let histories = self.inner.markets.histories(&symbols).await;
        let tables = symbols.into_iter().zip(histories).map(|(symbol, history)| {
            let known = history.ok().flatten().map(|history| history.splits.clone());
            (symbol, known)
        });
        let tables: Tables = tables.collect();
        let of: HashMap<&str, &[Split]> = tables
            .iter()
            .filter_map(|(symbol, table)| Some((symbol.as_str(), table.as_deref()?)))
            .collect();
        // The same transaction may well have happened twice: each one that is there stands for one.
        let mut there: HashMap<(String, NaiveDate, What), usize> = HashMap::new();
        for (symbol, entry) in store::entries(&self.inner.db, id, None).await? {
            *there.entry((symbol, entry.date, entry.what)).or_default() += 1;
        }
        let mut import = Import::default();
        let mut fresh = Vec::new();
        for line in &lines {
            let number = line.number;
            let checked = line.read.as_ref().map_err(Error::clone);
            let checked = checked.and_then(|checked| {
                not_twice(checked, of.get(symbol_of(checked)).copied()).map(|()| checked)
            });
            match checked {
                Err(error) => {
                    import.refused += 1;
                    if import.problems.len() < TOLD {
                        import.problems.push(Problem {
                            line: number,
                            error,
                        });
                    }
                }
                Ok(checked) => {
                    let key = (
                        symbol_of(checked).to_owned(),
                        checked.date,
                        checked.what.clone(),
                    );
                    match there.get_mut(&key) {
                        Some(left) if *left > 0 => {
                            *left -= 1;
                            import.known += 1;
                        }
                        _ => fresh.push(checked.clone()),
                    }
                }
            }
        }
        import.fresh = fresh.len();
        Ok(Plan {
            import,
            fresh,
            tables,
        })
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
