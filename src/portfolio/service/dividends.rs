//! Dividends: what was paid, what sources tell of more, and the taking over of what is missing.

use super::ledger::{Act, Change, Tables, computed};
use super::{Service, compute, kept, transactions::entry};
use crate::accounts::Viewer;
use crate::markets::{Closes, Dividend, Split, Symbol};
use crate::platform::idempotency::Once;
use crate::portfolio::model::{
    ChosenDividend, Dividends, HoldingDividends, Kind, OfferedDividend, Origin, PaidDividends,
    PastImport, TakenDividends,
};
use crate::portfolio::rules::{
    Checked,
    dividends::{Compared, Due, missing, paid},
    ledger::{Entry, Method, What},
};
use crate::portfolio::store::{self, Kept, symbol_of};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId, near::near, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// What is told of an instrument.
struct Told {
    symbol: String,
    /// None: nobody can be asked now.
    table: Option<Vec<Split>>,
    /// The day of the last price.
    last: Option<NaiveDate>,
    /// None: no source tells.
    paid: Result<Option<Arc<Vec<Dividend>>>>,
}

impl Service {
    /// What a portfolio was paid, and what its instruments paid beside by what sources tell.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn dividends(&self, viewer: &Viewer, id: PortfolioId) -> Result<Dividends> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        let kept = store::holdings(&self.inner.db, id).await?;
        let symbols = kept.iter().map(|kept| kept.symbol.clone());
        let symbols = symbols.filter(|symbol| !symbol.is_empty()).collect();
        let told = self.told(symbols).await;
        let entries = self.entries(viewer.account, id, None).await?;
        let today = time::now().date_naive();
        compute(move || overview(&told, &entries, &kept, portfolio.method, today)).await
    }

    /// Writes dividends down that were offered: all that are chosen or none. They can be taken back
    /// together, as a file.
    ///
    /// # Errors
    /// `not-found`, `portfolio-kept`, `nothing-chosen`; `dividend-not-offered` when one is in the
    /// history by now, or never was due; `too-many-transactions`.
    pub async fn take_dividends(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        chosen: Vec<ChosenDividend>,
    ) -> Result<TakenDividends> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        if portfolio.kept_by.is_some() {
            return Err(kept());
        }
        let chosen = read(chosen)?;
        let once = Once::of(viewer.account, "dividends.take", &(id, &chosen))?;
        if let Some(taken) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(taken);
        }
        let taken = self.write_dividends(viewer, id, chosen, once.clone()).await;
        self.or_answered(once, taken).await
    }

    async fn write_dividends(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        chosen: Vec<ChosenDividend>,
        once: Option<Once>,
    ) -> Result<TakenDividends> {
        let symbols: BTreeSet<&str> = chosen.iter().map(|one| one.symbol.as_str()).collect();
        let told = self.told(symbols.into_iter().map(str::to_owned).collect());
        let told = Arc::new(told.await);
        let chosen = Arc::new(chosen);
        let today = time::now().date_naive();
        let mut turn = self.turn(viewer.account, id).await?;
        loop {
            turn.read().await?;
            // What is there now decides: another page may have taken the same over.
            let (mut entries, before) = turn.all().await?;
            let (told, chosen) = (Arc::clone(&told), Arc::clone(&chosen));
            let work = move || {
                let known = splits_of(&before);
                let drafts = drafts(&chosen, &told, &by_symbol(&entries), &known, today)?;
                for draft in &drafts {
                    let entry = entry(TransactionId::new(), draft);
                    entries.push((symbol_of(draft).to_owned(), entry));
                }
                let tables = told
                    .iter()
                    .map(|one| (one.symbol.clone(), one.table.clone()));
                Ok::<_, Error>((
                    drafts,
                    computed(entries, before, tables.collect::<Tables>())?,
                ))
            };
            let (drafts, computed) = compute(work).await??;
            let count = drafts.len();
            let past = PastImport {
                id: ImportId::new(),
                name: String::new(),
                origin: Origin::Dividends,
                brought: i64::try_from(count).unwrap_or(i64::MAX),
                at: time::now(),
            };
            let taken = TakenDividends {
                import_id: past.id,
                taken: count,
            };
            let change = Change {
                more: past.brought,
                act: Act::Take(past, drafts),
                computed,
            };
            if let Some(taken) = turn.write_once(change, once.clone(), taken).await? {
                return Ok(taken);
            }
        }
    }

    /// What is told of several instruments.
    async fn told(&self, symbols: Vec<String>) -> Vec<Told> {
        let markets = &self.inner.markets;
        let (closes, paid) =
            futures::join!(markets.closes(&symbols), markets.dividends_of(&symbols));
        let all = symbols.into_iter().zip(closes).zip(paid);
        all.map(|((symbol, closes), paid)| {
            let last = |closes: &Arc<Closes>| closes.days.last().map(|(date, _)| *date);
            let closes = closes.ok();
            Told {
                symbol,
                last: closes.iter().flatten().find_map(last),
                table: closes.map(|closes| {
                    closes
                        .and_then(|closes| closes.splits.clone())
                        .unwrap_or_default()
                }),
                paid,
            }
        })
        .collect()
    }
}

/// What was chosen, each once and by the code that instruments have here.
fn read(chosen: Vec<ChosenDividend>) -> Result<Vec<ChosenDividend>> {
    if chosen.is_empty() {
        return Err(Error::bad_request(
            "nothing-chosen",
            "Choose at least one dividend",
        ));
    }
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for one in chosen {
        let symbol: Symbol = one.symbol.parse().map_err(|_| not_offered(&one))?;
        let one = ChosenDividend {
            symbol: symbol.to_string(),
            per_share: one.per_share.normalize(),
            ..one
        };
        if seen.insert(one.clone()) {
            all.push(one);
        }
    }
    match all.get(Dividends::OFFERED) {
        Some(over) => Err(not_offered(over)),
        None => Ok(all),
    }
}

fn not_offered(one: &ChosenDividend) -> Error {
    let (symbol, date) = (&one.symbol, one.ex_date);
    Error::conflict(
        "dividend-not-offered",
        format!("The dividend of {symbol} with ex-date {date} is no longer available"),
    )
    .with("symbol", symbol)
    .with("date", date)
}

type BySymbol = HashMap<String, Vec<Entry>>;

fn by_symbol(entries: &[(String, Entry)]) -> BySymbol {
    let mut all = BySymbol::new();
    for (symbol, entry) in entries {
        let of = all.entry(symbol.clone()).or_default();
        of.push(entry.clone());
    }
    all
}

fn splits_of(kept: &[Kept]) -> HashMap<String, Vec<Split>> {
    let one = |kept: &Kept| (kept.symbol.clone(), kept.splits.clone());
    kept.iter().map(one).collect()
}

/// The transactions that were chosen.
fn drafts(
    chosen: &[ChosenDividend],
    told: &[Told],
    entries: &BySymbol,
    known: &HashMap<String, Vec<Split>>,
    today: NaiveDate,
) -> Result<Vec<Checked>> {
    let mut offered: HashMap<ChosenDividend, Due> = HashMap::new();
    for one in told {
        let known = known.get(&one.symbol).map_or(&[][..], Vec::as_slice);
        for due in compared(one, entries, known, today).missing {
            let choice = ChosenDividend {
                symbol: one.symbol.clone(),
                ex_date: due.ex_date,
                per_share: due.per_share.normalize(),
            };
            offered.insert(choice, due);
        }
    }
    let draft = |one: &ChosenDividend| {
        let due = offered.get(one).ok_or_else(|| not_offered(one))?;
        let (units, each) = (due.quantity.normalize(), due.per_share.normalize());
        Ok(Checked {
            kind: Kind::Dividend,
            symbol: Some(one.symbol.parse()?),
            date: due.date,
            what: What::Dividend(due.amount),
            note: format!("{units} × {each}, {}", due.ex_date),
        })
    };
    chosen.iter().map(draft).collect()
}

/// What an instrument paid beside what is in the history.
fn compared(told: &Told, entries: &BySymbol, known: &[Split], today: NaiveDate) -> Compared {
    let Ok(Some(dividends)) = &told.paid else {
        return Compared::default();
    };
    let entries = entries.get(&told.symbol).map_or(&[][..], Vec::as_slice);
    let table = told.table.as_deref().unwrap_or(known);
    missing(entries, table, dividends, today)
}

fn overview(
    told: &[Told],
    entries: &[(String, Entry)],
    kept: &[Kept],
    method: Method,
    today: NaiveDate,
) -> Dividends {
    let last_entry = entries.iter().map(|(_, entry)| entry.date).max();
    let last_price = told.iter().filter_map(|one| one.last).max();
    let until = last_entry.max(last_price);
    let entries = by_symbol(entries);
    let sums: HashMap<&str, &Kept> = kept.iter().map(|one| (one.symbol.as_str(), one)).collect();
    let mut all = Dividends {
        until,
        ..Dividends::default()
    };
    for one in told {
        let Some(own) = entries.get(&one.symbol) else {
            // All of it was taken out.
            continue;
        };
        let kept = sums.get(one.symbol.as_str());
        let known = kept.map_or(&[][..], |kept| &kept.splits);
        let cost = kept.map_or(Decimal::ZERO, |kept| kept.sums.cost.by(method));
        let table = one.table.as_deref().unwrap_or(known);
        let sums = paid(own, table, until.unwrap_or(today));
        all.paid.total += sums.total;
        all.paid.last_year += sums.last_year;
        all.paid.held += sums.held;
        all.paid.cost += cost;
        if !sums.total.is_zero() {
            let mut paid = PaidDividends {
                total: sums.total,
                last_year: sums.last_year,
                held: cents(sums.held),
                cost,
                yield_on_cost: None,
            };
            paid.yield_on_cost = part(sums.held, cost);
            let symbol = one.symbol.clone();
            all.holdings.push(HoldingDividends { symbol, paid });
        }
        match &one.paid {
            Ok(Some(_)) => {}
            Ok(None) => all.untold.push(one.symbol.clone()),
            Err(_) => all.away.push(one.symbol.clone()),
        }
        let compared = compared(one, &entries, known, today);
        all.known += compared.known;
        let offer = |due: Due| OfferedDividend {
            symbol: one.symbol.clone(),
            ex_date: due.ex_date,
            date: due.date,
            per_share: due.per_share,
            quantity: due.quantity.normalize(),
            amount: due.amount,
        };
        all.offered.extend(compared.missing.into_iter().map(offer));
    }
    all.paid.yield_on_cost = part(all.paid.held, all.paid.cost);
    all.paid.held = cents(all.paid.held);
    all.holdings
        .sort_by_key(|one| std::cmp::Reverse(one.paid.total));
    all.offered.sort_by(|one, other| {
        let by_symbol = || one.symbol.cmp(&other.symbol);
        other.ex_date.cmp(&one.ex_date).then_with(by_symbol)
    });
    all.more = all.offered.len().saturating_sub(Dividends::OFFERED);
    all.offered.truncate(Dividends::OFFERED);
    all
}

/// What was divided on the way is no more exact than that.
fn cents(money: Decimal) -> Decimal {
    money.round_dp(2)
}

fn part(of: Decimal, whole: Decimal) -> Option<f64> {
    (!whole.is_zero()).then(|| near(of) / near(whole))
}
