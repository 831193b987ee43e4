//! Merges positions that earlier versions stored under several spellings of a symbol. After the
//! first start none is left; a crash leaves the rest for the next start.

use super::{
    Naming, Service,
    errors::is_impossible,
    ledger::{Act, Change, Computed, Turn},
};
use crate::markets;
use crate::portfolio::rules::ledger::{What, splits};
use crate::portfolio::store::{self, Merged, StoredHolding};
use crate::shared::{AccountId, PortfolioId, Result, TransactionId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Portfolios read per query.
const AT_ONCE: u64 = 500;

impl Service {
    /// Merges the spellings of each symbol into one position, a portfolio per transaction. One that
    /// fails stays as it is.
    pub(in crate::portfolio) async fn merge_spellings(&self) -> Result<()> {
        let mut after = PortfolioId(Uuid::nil());
        loop {
            let page = store::with_other_spellings(&self.inner.db, after, AT_ONCE).await?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            for (id, account) in page {
                if let Err(error) = self.merge_in(account, id).await {
                    tracing::warn!(portfolio = %id, error.code = %error.code, "merging the spellings of symbols failed; retrying at the next start");
                }
            }
        }
    }

    async fn merge_in(&self, account: AccountId, id: PortfolioId) -> Result<()> {
        let mut turn = self.turn(account, id).await?;
        loop {
            turn.read_any().await?;
            let removals = turn.counting().removals.clone();
            let held = turn.holdings().await?;
            let held = held.iter().map(|kept| kept.symbol.as_str());
            let mut change = Change {
                more: 0,
                act: Act::Nothing,
                computed: Vec::new(),
            };
            let mut all = Vec::new();
            for (symbol, spellings) in groups(held.chain(removals.keys().map(String::as_str))) {
                let (sums, doubles) = match merge(&turn, &symbol, &spellings).await {
                    // The splits of one spelling do not fit the sells of another.
                    Err(error) if is_impossible(&error) => {
                        tracing::warn!(portfolio = %id, symbol, error.code = %error.code, "the spellings of a symbol cannot be merged");
                        continue;
                    }
                    merged => merged?,
                };
                change.more -= i64::try_from(doubles.len()).unwrap_or_default();
                change.computed.extend(sums);
                let removal = |spelling: String| {
                    let removal = removals.get(&spelling).copied();
                    (spelling, removal.unwrap_or_default())
                };
                all.push(Merged {
                    symbol,
                    spellings: spellings.into_iter().map(removal).collect(),
                    doubles,
                });
            }
            if all.is_empty() {
                return Ok(());
            }
            change.act = Act::Merge(all);
            if turn.write(change).await? {
                return Ok(());
            }
        }
    }
}

/// Returns the spellings by canonical symbol, without symbols that have only this one.
fn groups<'a>(stored: impl Iterator<Item = &'a str>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for spelling in stored {
        let symbol = markets::canonical(spelling).to_owned();
        all.entry(symbol).or_default().insert(spelling.to_owned());
    }
    all.retain(|symbol, spellings| spellings.iter().any(|spelling| spelling != symbol));
    all
}

/// Computes the sums of all spellings as one symbol. Also returns the splits that were entered under
/// several spellings, all but the first: each happened once.
async fn merge(
    turn: &Turn<'_>,
    symbol: &str,
    spellings: &BTreeSet<String>,
) -> Result<(Vec<Computed>, Vec<TransactionId>)> {
    let mut whole = turn.ledger(symbol).await?;
    let (mut computed, mut doubles) = (Vec::new(), Vec::new());
    for spelling in spellings.iter().filter(|spelling| *spelling != symbol) {
        let mut part = turn.ledger(spelling).await?;
        let known = splits(&whole.entries, &[]);
        for entry in std::mem::take(&mut part.entries) {
            let is_split = matches!(entry.what, What::Split { .. });
            if is_split && splits(std::slice::from_ref(&entry), &known).len() == known.len() {
                doubles.push(entry.id);
            } else {
                whole.entries.push(entry);
            }
        }
        whole.before = joined(whole.before, part.before.clone());
        // Without transactions its sums are deleted.
        computed.push(part.compute(None, Naming::default()).await?);
    }
    computed.push(whole.compute(None, Naming::default()).await?);
    Ok((computed, doubles))
}

/// Returns the owner's names and the splits of two spellings; the first one takes precedence.
fn joined(one: Option<StoredHolding>, other: Option<StoredHolding>) -> Option<StoredHolding> {
    match (one, other) {
        (Some(one), Some(other)) => Some(StoredHolding {
            name: one.name.or(other.name),
            sector: one.sector.or(other.sector),
            // One may have been computed before the latest split was known.
            splits: if other.splits.len() > one.splits.len() {
                other.splits
            } else {
                one.splits
            },
            ..one
        }),
        (one, other) => one.or(other),
    }
}
