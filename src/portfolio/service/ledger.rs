//! Changes of what a portfolio holds. What its transactions add up to is computed before it is
//! written, off the async threads and without holding up other writers; the write transaction checks
//! that the portfolio is still as it was read, and writes a few rows.

use super::turns::Ticket;
use super::{
    MAX_INSTRUMENTS, MAX_TRANSACTIONS, Naming, Service, busy, compute, impossible, kept,
    too_many_instruments, too_many_transactions,
};
use crate::markets::Split;
use crate::platform::{database::Tx, idempotency::Once};
use crate::portfolio::model::{PastImport, Portfolio};
use crate::portfolio::rules::{
    Checked,
    ledger::{Entry, position},
    moves::{moves, pack},
};
use crate::portfolio::store::{self, Counting, Kept, Removal};
use crate::shared::{AccountId, Error, ImportId, PortfolioId, Result, TransactionId};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

/// Times that a change is computed before it is refused, because the portfolio keeps changing.
const TRIES: u32 = 6;
/// The way out of a transaction that came too late.
const CHANGED: &str = "portfolio-changed";
/// Most milliseconds between two tries.
const PAUSE: u128 = 60;
/// Moves that are kept in one change: a row of a holding stays small. What has more is computed when
/// it is asked for. A season of paper trading has no more orders of a member.
pub(super) const KEPT_MOVES: usize = 10_000;

/// The splits of some instruments; none: no source answers now.
pub(super) type Tables = Vec<(String, Option<Vec<Split>>)>;

/// An instrument as it is before a change, or with it.
pub(super) struct Ledger {
    pub symbol: String,
    /// What counts of its transactions.
    pub entries: Vec<Entry>,
    /// What they added up to before.
    pub before: Option<Kept>,
}

/// What a change makes of an instrument.
pub(super) struct Computed {
    symbol: String,
    /// The portfolio had it before.
    was: bool,
    /// What its transactions add up to, and its packed moves; none: it has none.
    kept: Option<(Kept, Option<Vec<u8>>)>,
}

impl Ledger {
    /// What the transactions add up to. Without a table of splits the one that it was computed with
    /// before is good. At most `room` moves are kept, which are counted off.
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
        let kept = Kept {
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

/// What a change makes of several instruments.
pub(super) fn computed(
    entries: Vec<(String, Entry)>,
    before: Vec<Kept>,
    tables: Tables,
) -> Result<Vec<Computed>> {
    let mut all: HashMap<String, Vec<Entry>> = HashMap::new();
    for (symbol, entry) in entries {
        all.entry(symbol).or_default().push(entry);
    }
    let before = before.into_iter().map(|kept| (kept.symbol.clone(), kept));
    let mut before: HashMap<String, Kept> = before.collect();
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

/// What a change does to the transactions.
pub(super) enum Act {
    /// Nothing.
    Nothing,
    /// Writes one down.
    Insert(TransactionId, Checked),
    /// Writes one down anew.
    Update(TransactionId, Checked),
    /// Deletes one.
    Delete(TransactionId),
    /// Removes an instrument, or brings it back.
    Mark(String, Removal),
    /// Has those of an import count.
    Finish(ImportId),
    /// Has those of an import count no more.
    Undo(ImportId),
    /// Writes several down that count at once, as an import.
    Take(PastImport, Vec<Checked>),
}

/// A change with what it makes of its instruments.
pub(super) struct Change {
    /// So many transactions more.
    pub more: i64,
    pub act: Act,
    pub computed: Vec<Computed>,
}

/// The only change of a portfolio that is under way in this process.
pub(super) struct Turn<'a> {
    service: &'a Service,
    account: AccountId,
    id: PortfolioId,
    tries: u32,
    /// What the portfolio was read at.
    rev: i64,
    counting: Counting,
    _ticket: Ticket<'a>,
}

impl Service {
    /// Begins a change of a portfolio. It is read, computed and written until nothing has come in
    /// between.
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

    /// What the same request was answered before, in the place of an error: it may fail because the first
    /// one has done it meanwhile.
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

    /// What counts of a portfolio's transactions, of one instrument or of all.
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
            let entries = store::entries(db, id, symbol, &counting).await?;
            let after = store::portfolio(db, account, id).await?;
            // They are read in stretches: one from before a change and one from after it do not fit.
            if after.is_some_and(|(_, after)| after == rev) {
                return Ok(entries);
            }
        }
        Err(busy())
    }
}

impl Turn<'_> {
    /// Reads a portfolio that its owner keeps, anew with each try.
    pub async fn read(&mut self) -> Result<Portfolio> {
        let portfolio = self.read_any().await?;
        if portfolio.kept_by.is_some() {
            return Err(kept());
        }
        Ok(portfolio)
    }

    /// The same for a change that happens once; what the same request was answered before.
    pub async fn read_once<T: DeserializeOwned>(
        &mut self,
        once: Option<&Once>,
    ) -> Result<Option<T>> {
        self.read().await?;
        // A repeat may have waited for this turn while the first one wrote.
        self.service.inner.db.answered(once).await
    }

    /// The same whoever keeps it.
    pub async fn read_any(&mut self) -> Result<Portfolio> {
        if self.tries == TRIES {
            return Err(busy());
        }
        if self.tries > 0 {
            tokio::time::sleep(pause()).await;
        }
        self.tries += 1;
        let db = &self.service.inner.db;
        // First of all: what is read after it may be newer, and is not written then.
        let found = store::portfolio(db, self.account, self.id).await?;
        let (portfolio, rev) = found.ok_or_else(Error::not_found)?;
        self.rev = rev;
        self.counting = store::counting(db, self.id).await?;
        Ok(portfolio)
    }

    /// What decides which transactions count; a change may ask for others.
    pub const fn counting(&mut self) -> &mut Counting {
        &mut self.counting
    }

    /// One instrument.
    pub async fn ledger(&self, symbol: &str) -> Result<Ledger> {
        let db = &self.service.inner.db;
        let entries = store::entries(db, self.id, Some(symbol), &self.counting).await?;
        Ok(Ledger {
            symbol: symbol.to_owned(),
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            before: store::holding(db, self.id, symbol).await?,
        })
    }

    /// What all instruments added up to before.
    pub async fn holdings(&self) -> Result<Vec<Kept>> {
        store::holdings(&self.service.inner.db, self.id).await
    }

    /// All transactions that count, and what they added up to before.
    pub async fn all(&self) -> Result<(Vec<(String, Entry)>, Vec<Kept>)> {
        let db = &self.service.inner.db;
        let entries = store::entries(db, self.id, None, &self.counting).await?;
        Ok((entries, self.holdings().await?))
    }

    /// Writes a change. False: the portfolio was changed since it was read, and nothing was written.
    pub async fn write(&self, change: Change) -> Result<bool> {
        Ok(self.write_once(change, None, ()).await?.is_some())
    }

    /// The same once for each key, with what is answered then: a repeat gets the first answer. None:
    /// the portfolio was changed since it was read, and nothing was written.
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
            // An error, so that the key is not kept either.
            let written = prepared.write(&tx).await?;
            written.then_some(answer).ok_or_else(changed)
        };
        match self.service.inner.db.write_once(self.id.0, once, job).await {
            Err(error) if error.code == CHANGED => Ok(None),
            written => written.map(Some),
        }
    }

    /// A change of the portfolio as it was read.
    pub fn prepared(&self, change: Change) -> Prepared {
        Prepared {
            account: self.account,
            id: self.id,
            rev: self.rev,
            counting: self.counting.clone(),
            change,
        }
    }

    /// Is there room for the instruments that are new? What has too many from before can become less.
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

/// A change that is computed and not written yet.
pub struct Prepared {
    account: AccountId,
    id: PortfolioId,
    rev: i64,
    counting: Counting,
    change: Change,
}

impl Prepared {
    /// Writes it, and holds the portfolio until the transaction ends. False: the portfolio was changed
    /// since it was read, and nothing was written.
    ///
    /// # Errors
    /// `too-many-transactions`.
    pub async fn write(self, tx: &Tx) -> Result<bool> {
        let (id, change) = (self.id, self.change);
        let touched = store::touch_at(tx, self.account, id, self.rev, change.more).await?;
        let Some(touched) = touched else {
            return Ok(false);
        };
        if change.more > 0 && touched.kept_by.is_none() {
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
        store::keep_holdings(tx, id, there).await?;
        Ok(true)
    }
}

/// `too-many-transactions` when an account has more than it may have, all its portfolios together.
pub(super) async fn has_room(tx: &Tx, account: AccountId) -> Result<()> {
    if store::transaction_count(tx, account).await? > MAX_TRANSACTIONS {
        return Err(too_many_transactions());
    }
    Ok(())
}

async fn act(tx: &Tx, id: PortfolioId, act: Act, counting: &Counting) -> Result<()> {
    let generation = |draft: &Checked| counting.removal(store::symbol_of(draft)).generation;
    match act {
        Act::Nothing => Ok(()),
        Act::Insert(new, draft) => {
            store::insert_transaction(tx, id, new, &draft, generation(&draft)).await
        }
        Act::Update(one, draft) => {
            store::update_transaction(tx, one, &draft, generation(&draft)).await
        }
        Act::Delete(one) => store::delete_transaction(tx, one).await,
        Act::Mark(symbol, removal) => store::keep_removal(tx, id, &symbol, removal).await,
        Act::Finish(import) => store::finish_import(tx, id, import).await,
        Act::Undo(import) => store::undo_import(tx, id, import).await,
        Act::Take(past, drafts) => {
            store::begin_import(tx, id, &past).await?;
            store::insert_import(tx, id, past.id, &drafts, counting).await?;
            store::finish_import(tx, id, past.id).await
        }
    }
}

fn changed() -> Error {
    Error::conflict(CHANGED, "The portfolio was changed meanwhile")
}

/// Some time, so that two servers do not meet again.
fn pause() -> Duration {
    let random = Uuid::new_v4().as_u128() % PAUSE;
    Duration::from_millis(u64::try_from(random).unwrap_or_default())
}
