//! Performance: computed from transactions and price histories, day by day.

use super::cache::{Known, Prices};
use super::errors::is_impossible;
use super::ledger::{Act, Change, KEPT_MOVES};
use super::{Naming, Service, compute};
use crate::accounts::Viewer;
use crate::markets::{Closes, Split, Symbol};
use crate::platform::database::Tx;
use crate::portfolio::model::{Benchmark, Performance, Point, PricedSince, Record};
use crate::portfolio::rules::{
    ledger::Entry,
    moves::{Move, Moved, moves, pack, splits},
    performance::{self as rules, Day, Line, ValueHistory},
    risk,
};
use crate::portfolio::store::{self, StoredMoves};
use crate::shared::{AccountId, Error, PortfolioId, Result};
use chrono::{Days, NaiveDate};
use std::{collections::HashMap, ops::Range, slice, sync::Arc};

/// Approximate number of points in a chart before the last year.
const POINTS: usize = 400;
/// Days before the last one of which every point is shown.
const RECENT: Days = Days::new(370);
/// Maximum number of records.
const RECORDS: usize = 100;
/// Symbols whose moves are stored at once.
const INSTRUMENTS: usize = 50;

/// A symbol of a portfolio, with the data for valuing its days.
pub(super) struct Instrument {
    pub symbol: String,
    pub moves: Vec<Move>,
    /// Splits of its price history.
    pub table: Vec<Split>,
    pub closes: Option<Arc<Closes>>,
}

impl Instrument {
    /// Returns its closing prices; empty if it has none.
    fn closes(&self) -> &[(NaiveDate, f64)] {
        let closes = self.closes.as_deref();
        closes.map_or(&[], |closes| &closes.days)
    }

    /// Returns the first day with a price, if the symbol was held before.
    fn priced_since(&self) -> Option<PricedSince> {
        let (date, _) = self.closes().first()?;
        let mut held = self
            .moves
            .iter()
            .filter(|one| matches!(one.what, Moved::Units { .. }));
        let first = held.next()?;
        (first.date < *date).then(|| PricedSince {
            symbol: self.symbol.clone(),
            date: *date,
        })
    }
}

impl Service {
    /// Returns the performance of a portfolio, compared with the same money in a `benchmark`.
    ///
    /// # Errors
    /// `not-found`; `bad-symbol`, `unknown-symbol` and `market-unavailable` of the benchmark.
    pub async fn performance(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
        benchmark: Option<&str>,
    ) -> Result<Arc<Performance>> {
        let (_, rev) = self.owned(viewer, id).await?;
        let benchmark = benchmark
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(str::parse::<Symbol>)
            .transpose()
            .map_err(|error| error.with("field", "benchmark"))?
            .map(|symbol| symbol.to_string());
        let key = (id, rev, benchmark.clone());
        if let Some(known) = self.inner.performances.get(&key)
            && self.are_latest(viewer, &known.prices).await
        {
            return Ok(known.performance);
        }
        let other = match benchmark {
            Some(code) => Some(self.benchmark(viewer, code).await?),
            None => None,
        };
        let (instruments, cash) = self.instruments(viewer, id).await?;
        let of_benchmark = other.iter();
        let of_benchmark = of_benchmark.map(|(symbol, closes)| (symbol, closes.days.last()));
        let prices = instruments
            .iter()
            .map(|one| (&one.symbol, one.closes().last()));
        let prices = prices.chain(of_benchmark);
        let prices = prices.map(|(symbol, last)| (symbol.clone(), last.copied()));
        let prices = prices.collect();
        let computed = compute(move || figures(&instruments, &cash, other)).await?;
        let performance = Arc::new(computed);
        let known = Known {
            prices,
            performance: Arc::clone(&performance),
        };
        self.inner.performances.insert(key, known);
        Ok(performance)
    }

    /// true if the data sources have no later prices.
    async fn are_latest(&self, viewer: &Viewer, prices: &Prices) -> bool {
        let symbols: Vec<String> = prices.iter().map(|(symbol, _)| symbol.clone()).collect();
        let markets = self.inner.markets.requested_by(viewer);
        let now = markets.closes(&symbols).await;
        prices.iter().zip(now).all(|((_, before), now)| {
            // A source that does not answer has no later ones.
            let Ok(now) = now else { return true };
            now.and_then(|now| now.days.last().copied()) == *before
        })
    }

    async fn benchmark(&self, viewer: &Viewer, code: String) -> Result<(String, Arc<Closes>)> {
        let markets = self.inner.markets.requested_by(viewer);
        let known = markets.closes(slice::from_ref(&code)).await;
        match known.into_iter().next().transpose()?.flatten() {
            Some(closes) => Ok((code, closes)),
            None => Err(Error::new(
                crate::shared::Kind::NotFound,
                "unknown-symbol",
                "Symbol not found",
            )
            .with("symbol", &code)
            .with("field", "benchmark")),
        }
    }

    /// Returns the symbols of a portfolio, and the moves that concern only cash. If the splits of a
    /// price history differ from those of the stored sums, it computes the sums again.
    async fn instruments(
        &self,
        viewer: &Viewer,
        id: PortfolioId,
    ) -> Result<(Vec<Instrument>, Vec<Move>)> {
        let mut cash = Vec::new();
        let mut kept = Vec::new();
        for one in self.moves(viewer.account, id).await? {
            if one.symbol.is_empty() {
                cash = one.moves.unwrap_or_default();
            } else {
                kept.push(one);
            }
        }
        let symbols: Vec<String> = kept.iter().map(|one| one.symbol.clone()).collect();
        let priced = self
            .inner
            .markets
            .requested_by(viewer)
            .closes(&symbols)
            .await;
        let mut instruments = Vec::with_capacity(symbols.len());
        let mut outdated = Vec::new();
        for (one, closes) in kept.into_iter().zip(priced) {
            let moves = one.moves.unwrap_or_default();
            // All transactions of the symbol were removed.
            if moves.is_empty() {
                continue;
            }
            let closes = closes.ok().flatten();
            let told = closes.as_ref().and_then(|closes| closes.splits.clone());
            // The data source is unavailable: the splits known before apply.
            let table = told.unwrap_or_else(|| one.splits.clone());
            if table != one.splits {
                outdated.push((one.symbol.clone(), table.clone()));
            }
            instruments.push(Instrument {
                symbol: one.symbol,
                moves,
                table,
                closes,
            });
        }
        for (symbol, table) in outdated {
            self.resplit(viewer.account, id, symbol, table).await?;
        }
        Ok((instruments, cash))
    }

    /// Returns the moves of a portfolio. Computes missing ones, and stores them if they are few.
    async fn moves(&self, account: AccountId, id: PortfolioId) -> Result<Vec<StoredMoves>> {
        let db = &self.inner.db;
        let found = store::portfolio(db, account, id).await?;
        let (_, rev) = found.ok_or_else(Error::not_found)?;
        let mut kept = store::all_moves(db, id).await?;
        if kept.iter().all(|one| one.moves.is_some()) {
            return Ok(kept);
        }
        let entries = self.entries(account, id, None).await?;
        let work = move || {
            let mut all: HashMap<String, Vec<Entry>> = HashMap::new();
            for (symbol, entry) in entries {
                all.entry(symbol).or_default().push(entry);
            }
            let mut small = Vec::new();
            for one in kept.iter_mut().filter(|one| one.moves.is_none()) {
                let entries = all.remove(&one.symbol).unwrap_or_default();
                let moves = moves(&entries);
                if moves.len() <= KEPT_MOVES {
                    small.push((one.symbol.clone(), moves.len(), pack(&moves)));
                }
                one.moves = Some(moves);
            }
            (kept, small)
        };
        let (kept, small) = compute(work).await?;
        self.save_moves(id, rev, small).await?;
        Ok(kept)
    }

    /// Stores moves in batches, while the `rev` is unchanged.
    async fn save_moves(
        &self,
        id: PortfolioId,
        rev: i64,
        small: Vec<(String, usize, Vec<u8>)>,
    ) -> Result<()> {
        let mut small = small.into_iter().peekable();
        while small.peek().is_some() {
            let (mut some, mut room) = (Vec::new(), KEPT_MOVES);
            while let Some((symbol, count, moves)) =
                small.next_if(|(_, count, _)| *count <= room && some.len() < INSTRUMENTS)
            {
                room -= count;
                some.push((symbol, moves));
            }
            let job = move |tx: Tx| async move {
                if store::hold_at(&tx, id, rev).await? {
                    for (symbol, moves) in some {
                        store::save_moves(&tx, id, &symbol, moves).await?;
                    }
                }
                Ok(())
            };
            self.inner.db.write(id.0, job).await?;
        }
        Ok(())
    }

    /// Computes the sums of a symbol again with other splits.
    pub(in crate::portfolio) async fn resplit(
        &self,
        account: AccountId,
        id: PortfolioId,
        symbol: String,
        table: Vec<Split>,
    ) -> Result<()> {
        let mut turn = self.turn(account, id).await?;
        loop {
            turn.read_any().await?;
            let ledger = turn.ledger(&symbol).await?;
            let computed = match ledger.compute(Some(table.clone()), Naming::default()).await {
                // With these splits more was sold than was held: the owner has to correct it.
                Err(error) if is_impossible(&error) => return Ok(()),
                computed => computed?,
            };
            let change = Change {
                more: 0,
                act: Act::Nothing,
                computed: vec![computed],
            };
            if turn.write(change).await? {
                return Ok(());
            }
        }
    }
}

/// Returns the value history of a portfolio.
pub(super) fn value_history(instruments: &[Instrument], cash: &[Move]) -> ValueHistory {
    let tables: Vec<Vec<Split>> = instruments
        .iter()
        .map(|instrument| splits(&instrument.moves, &instrument.table))
        .collect();
    let lines: Vec<Line<'_>> = instruments
        .iter()
        .zip(&tables)
        .map(|(instrument, splits)| Line {
            moves: &instrument.moves,
            splits,
            closes: instrument.closes(),
        })
        .collect();
    rules::value_history(&lines, cash)
}

fn figures(
    instruments: &[Instrument],
    cash: &[Move],
    other: Option<(String, Arc<Closes>)>,
) -> Performance {
    let history = value_history(instruments, cash);
    let (Some(first), Some(last)) = (history.days.first(), history.days.last()) else {
        return Performance::default();
    };
    let mut records = rules::records(&history.days);
    records.drain(..records.len().saturating_sub(RECORDS));
    let days_of = |record: &Range<usize>| history.days.get(record.clone()).unwrap_or_default();
    let latest = records.last().map(days_of).unwrap_or_default();
    let records: Vec<Record> = records.iter().map(days_of).filter_map(record).collect();
    let latest_record = records.last().copied();
    let returns = rules::returns(latest);
    let index = rules::index(&returns);
    let daily = rules::daily(latest, &returns);
    let put_in: f64 = history.days.iter().map(|day| day.put_in).sum();
    let taken_out: f64 = history.days.iter().map(|day| day.taken_out).sum();
    let elsewhere = elsewhere(&history, other.as_ref());
    let without_prices = instruments
        .iter()
        .filter(|instrument| instrument.closes().is_empty())
        .map(|instrument| instrument.symbol.clone());
    Performance {
        from: Some(first.date),
        to: Some(last.date),
        days: (last.date - first.date).num_days(),
        keeps_cash: history.keeps_cash,
        value: last.value,
        put_in,
        taken_out,
        simple: (put_in > 0.0).then(|| (last.value + taken_out - put_in) / put_in),
        time_weighted: latest_record.map(|record| record.time_weighted),
        time_weighted_yearly: latest_record.and_then(|record| record.time_weighted_yearly),
        records,
        money_weighted: rules::money_weighted(&history),
        volatility: risk::volatility(&daily),
        sharpe: risk::sharpe(&daily, 0.0),
        sortino: risk::sortino(&daily, 0.0),
        drawdown: risk::drawdown(&index),
        value_at_risk: risk::value_at_risk(&daily),
        returns: returns.len(),
        daily_returns: daily.len(),
        lacking: history.lacking,
        without_prices: without_prices.collect(),
        priced_since: instruments
            .iter()
            .filter_map(Instrument::priced_since)
            .collect(),
        history: points(&history, &elsewhere),
        benchmark: other.map(|(symbol, closes)| {
            let (mine, its): (Vec<f64>, Vec<f64>) = rules::beside(latest, &returns, &closes.days)
                .into_iter()
                .unzip();
            Benchmark {
                symbol,
                value: elsewhere.last().and_then(|one| one.value),
                time_weighted: latest_record
                    .and_then(|record| rules::between(&closes.days, record.from, record.to)),
                beta: risk::beta(&mine, &its),
            }
        }),
    }
}

/// The return over the days of a record. `None`: it has no days.
fn record(days: &[Day]) -> Option<Record> {
    let (from, to) = (days.first()?.date, days.last()?.date);
    let length = (to - from).num_days();
    let (_, value) = rules::index(&rules::returns(days)).pop()?;
    Some(Record {
        from,
        to,
        days: length,
        time_weighted: value - 1.0,
        time_weighted_yearly: rules::yearly(value - 1.0, length),
    })
}

/// A benchmark on one day.
#[derive(Clone, Copy, Default)]
struct Elsewhere {
    /// Value of the same money in the benchmark.
    value: Option<f64>,
    /// Value of 1 invested in the benchmark on the first day.
    index: Option<f64>,
}

fn elsewhere(history: &ValueHistory, other: Option<&(String, Arc<Closes>)>) -> Vec<Elsewhere> {
    let Some((_, closes)) = other else {
        return Vec::new();
    };
    let same_money = rules::in_its_place(&history.days, &closes.days);
    let mut known = closes.days.iter().peekable();
    let (mut first, mut close) = (None, None);
    let one = |(date, value): (NaiveDate, Option<f64>)| {
        while let Some((_, next)) = known.next_if(|(day, _)| *day <= date) {
            close = Some(*next);
        }
        first = first.or(close);
        let index = close.zip(first).map(|(close, first)| close / first);
        Elsewhere { value, index }
    };
    same_money.into_iter().map(one).collect()
}

/// Returns all points of the last year, and a sample of the days before.
fn points(history: &ValueHistory, elsewhere: &[Elsewhere]) -> Vec<Point> {
    let last = history.days.last().map(|day| day.date);
    let recent = last.and_then(|last| last.checked_sub_days(RECENT));
    let recent = recent.unwrap_or(NaiveDate::MIN);
    let before = history.days.partition_point(|day| day.date < recent);
    let every = before.div_ceil(POINTS).max(1);
    let mut records = rules::records(&history.days).into_iter().peekable();
    let (mut value, mut put_in) = (1.0, 0.0);
    let mut points = Vec::new();
    for (place, day) in history.days.iter().enumerate() {
        if records.next_if(|record| record.start == place).is_some() {
            value = 1.0;
        }
        value *= day.growth.unwrap_or(1.0);
        put_in += day.put_in - day.taken_out;
        if place >= before || place % every == 0 {
            let other = elsewhere.get(place).copied().unwrap_or_default();
            points.push(Point {
                date: day.date,
                value: day.value,
                put_in,
                index: value,
                benchmark: other.value,
                benchmark_index: other.index,
            });
        }
    }
    points
}
