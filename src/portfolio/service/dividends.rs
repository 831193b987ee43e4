//! Dividends: totals of those received, and adding missing ones that data sources report.

use super::errors::kept;
use super::ledger::{Act, Change, Tables, computed};
use super::{Service, canonical, compute, transactions::entry};
use crate::accounts::Viewer;
use crate::markets::{Closes, Dividend, Split};
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
use crate::portfolio::store::{self, StoredHolding, symbol_of};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId, near::near, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Market data of a symbol.
struct Reported {
    symbol: String,
    /// Splits of the price history. None: the data source is unavailable.
    table: Option<Vec<Split>>,
    /// Date of the last price.
    last: Option<NaiveDate>,
    /// None: no data source has dividends of the symbol.
    paid: Result<Option<Arc<Vec<Dividend>>>>,
}

impl Service {
    /// Returns the dividends that a portfolio received, and missing ones that data sources report.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn dividends(&self, viewer: &Viewer, id: PortfolioId) -> Result<Dividends> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        let kept = store::holdings(&self.inner.db, id).await?;
        let symbols = kept.iter().map(|kept| kept.symbol.clone());
        let symbols = symbols.filter(|symbol| !symbol.is_empty()).collect();
        let reported = self.reported(symbols).await;
        let entries = self.entries(viewer.account, id, None).await?;
        let today = self.inner.markets.today().await?;
        compute(move || overview(&reported, &entries, &kept, portfolio.method, today)).await
    }

    /// Adds missing dividends: all of the selected ones or none. They can be undone together, as an
    /// import.
    ///
    /// # Errors
    /// `not-found`, `portfolio-managed`, `nothing-chosen`; `dividend-not-offered` if one is already
    /// entered or was never due; `too-many-transactions`.
    pub async fn take_dividends(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        chosen: Vec<ChosenDividend>,
    ) -> Result<TakenDividends> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        if portfolio.managed_by.is_some() {
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
        let reported = self.reported(symbols.into_iter().map(str::to_owned).collect());
        let reported = Arc::new(reported.await);
        let chosen = Arc::new(chosen);
        let today = self.inner.markets.today().await?;
        let mut turn = self.turn(viewer.account, id).await?;
        loop {
            turn.read().await?;
            // Reads the transactions again: another page may have added the same dividends.
            let (mut entries, before) = turn.all().await?;
            let (reported, chosen) = (Arc::clone(&reported), Arc::clone(&chosen));
            let work = move || {
                let known = splits_of(&before);
                let inputs = inputs(&chosen, &reported, &by_symbol(&entries), &known, today)?;
                for input in &inputs {
                    let entry = entry(TransactionId::new(), input);
                    entries.push((symbol_of(input).to_owned(), entry));
                }
                let tables = reported
                    .iter()
                    .map(|one| (one.symbol.clone(), one.table.clone()));
                Ok::<_, Error>((
                    inputs,
                    computed(entries, before, tables.collect::<Tables>())?,
                ))
            };
            let (inputs, computed) = compute(work).await??;
            let count = inputs.len();
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
                act: Act::Take(past, inputs),
                computed,
            };
            if let Some(taken) = turn.write_once(change, once.clone(), taken).await? {
                return Ok(taken);
            }
        }
    }

    /// Loads the market data of several symbols.
    async fn reported(&self, symbols: Vec<String>) -> Vec<Reported> {
        let markets = &self.inner.markets;
        let (closes, paid) =
            futures::join!(markets.closes(&symbols), markets.dividends_of(&symbols));
        let all = symbols.into_iter().zip(closes).zip(paid);
        all.map(|((symbol, closes), paid)| {
            let last = |closes: &Arc<Closes>| closes.days.last().map(|(date, _)| *date);
            let closes = closes.ok();
            Reported {
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

/// Removes duplicates from the selection, and normalizes symbols.
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
        let symbol = canonical(&one.symbol).map_err(|_| not_offered(&one))?;
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

fn splits_of(kept: &[StoredHolding]) -> HashMap<String, Vec<Split>> {
    let one = |kept: &StoredHolding| (kept.symbol.clone(), kept.splits.clone());
    kept.iter().map(one).collect()
}

/// Returns the selected dividends as transactions.
fn inputs(
    chosen: &[ChosenDividend],
    reported: &[Reported],
    entries: &BySymbol,
    known: &HashMap<String, Vec<Split>>,
    today: NaiveDate,
) -> Result<Vec<Checked>> {
    let mut offered: HashMap<ChosenDividend, Due> = HashMap::new();
    for one in reported {
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
    let input = |one: &ChosenDividend| {
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
    chosen.iter().map(input).collect()
}

/// Compares the dividends reported for a symbol with those entered.
fn compared(
    reported: &Reported,
    entries: &BySymbol,
    known: &[Split],
    today: NaiveDate,
) -> Compared {
    let Ok(Some(dividends)) = &reported.paid else {
        return Compared::default();
    };
    let entries = entries.get(&reported.symbol).map_or(&[][..], Vec::as_slice);
    let table = reported.table.as_deref().unwrap_or(known);
    missing(entries, table, dividends, today)
}

fn overview(
    reported: &[Reported],
    entries: &[(String, Entry)],
    kept: &[StoredHolding],
    method: Method,
    today: NaiveDate,
) -> Dividends {
    let last_entry = entries.iter().map(|(_, entry)| entry.date).max();
    let last_price = reported.iter().filter_map(|one| one.last).max();
    let until = last_entry.max(last_price);
    let entries = by_symbol(entries);
    let sums: HashMap<&str, &StoredHolding> =
        kept.iter().map(|one| (one.symbol.as_str(), one)).collect();
    let mut all = Dividends {
        until,
        ..Dividends::default()
    };
    for one in reported {
        let Some(own) = entries.get(&one.symbol) else {
            // All transactions of the symbol were removed.
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

/// Quotients are not more precise than that.
fn cents(money: Decimal) -> Decimal {
    money.round_dp(2)
}

fn part(of: Decimal, whole: Decimal) -> Option<f64> {
    (!whole.is_zero()).then(|| near(of) / near(whole))
}
