//! Daily values of a portfolio, and its returns.
//!
//! A portfolio with deposits or withdrawals keeps cash: its value is cash plus holdings, and only
//! deposits and withdrawals are external flows. A portfolio without them keeps no cash: each buy is
//! money put in, each sell and dividend is money taken out.
//!
//! Returns are time-weighted as the GIPS standards have it: money that comes or goes divides a day,
//! and the parts are linked. What is traded is valued at the trade's own price at that moment, so a
//! buy at the close does not dilute the day. A day without holdings ends the record, and so does a
//! loss of everything; what comes later is a new record ([`records`]).
//!
//! If more is spent than there is cash, a deposit is missing: the shortfall counts as money put in
//! on that day, and later income repays it. So cash is never negative; returns would be meaningless
//! with debt.

use super::ledger::SMALLEST;
use super::moves::{Move, Moved, units_since};
use super::parts::{HALF_A_CENT, Money, Parts, Trade};
use super::{Flow, xirr};
use crate::markets::Split;
use crate::shared::near::near;
use chrono::{Days, NaiveDate};
use std::ops::{Range, RangeInclusive};

/// Days of a year; returns over fewer days are not annualized.
pub const YEAR: i64 = 365;
/// Sums below this are rounding errors and count as zero.
const DUST: f64 = 1e-9;
/// A return over more days than this is not a daily return: markets never close for longer.
const MOST_REST: i64 = 7;
/// A trade at a price between these multiples of the last one was made on the market: its price
/// values all shares of the symbol. Others, such as a gift at 0, value only what was traded.
const ON_MARKET: RangeInclusive<f64> = 0.1..=10.0;

/// A symbol of a portfolio with its transactions and prices.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Moves, in the order in which they happened.
    pub moves: &'a [Move],
    /// The splits that apply, oldest first.
    pub splits: &'a [Split],
    /// Closing prices, adjusted for splits, oldest first.
    pub closes: &'a [(NaiveDate, f64)],
}

/// A portfolio on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    pub date: NaiveDate,
    /// Value at the end of the day.
    pub value: f64,
    /// Money put in.
    pub put_in: f64,
    /// Money taken out.
    pub taken_out: f64,
    /// What became of 1 on this day, time-weighted. None: nothing was held.
    pub growth: Option<f64>,
    /// A holding without prices got its first price, or a trade changed its price: the day's return
    /// is not a daily return.
    pub revalued: bool,
}

/// A portfolio from its first transaction to the last known day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueHistory {
    pub days: Vec<Day>,
    /// External flows, one per day, in order.
    pub flows: Vec<Flow>,
    /// true if cash is part of the value.
    pub keeps_cash: bool,
    /// Largest shortfall of cash on any day.
    pub lacking: f64,
}

/// Computes the daily values of a portfolio. `cash` contains the moves without a symbol.
pub fn value_history(lines: &[Line<'_>], cash: &[Move]) -> ValueHistory {
    let everything = || {
        let lines = lines.iter().flat_map(|line| line.moves);
        lines.chain(cash)
    };
    let dates = || everything().map(|one| one.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else {
        return ValueHistory::default();
    };
    let keeps_cash = everything().any(|one| matches!(one.what, Moved::Outside(_)));
    let calendar = Calendar::of(lines, dates, first, last);
    let mut days: Vec<Day> = calendar
        .days
        .iter()
        .map(|date| Day {
            date: *date,
            value: 0.0,
            put_in: 0.0,
            taken_out: 0.0,
            growth: None,
            revalued: false,
        })
        .collect();
    let mut trades = Vec::new();
    for line in lines {
        add_line(&mut days, &calendar, *line, &mut trades);
    }
    trades.sort_by_key(|trade| (trade.day, trade.date, trade.worth < 0.0));
    let mut moved = vec![Money::default(); days.len()];
    let mut flows: Vec<Flow> = Vec::new();
    for one in everything() {
        let at = calendar.place(one.date);
        let money = one.what.cash();
        if let Some(moved) = moved.get_mut(at) {
            moved.take(one.what);
        }
        let outside = match one.what {
            Moved::Outside(_) => -money,
            _ if keeps_cash => 0.0,
            // A portfolio without cash: each trade is an external flow.
            _ => money,
        };
        if outside == 0.0 {
            continue;
        }
        if let Some(day) = days.get_mut(at) {
            if outside < 0.0 {
                day.put_in -= outside;
            } else {
                day.taken_out += outside;
            }
        }
        flows.push(Flow {
            date: one.date,
            amount: outside,
        });
    }
    let mut trades = trades.into_iter().peekable();
    let (mut cash, mut before, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut value = 0.0;
    for (at, (day, moved)) in days.iter_mut().zip(moved).enumerate() {
        let purse = cash + before;
        if keeps_cash {
            cash += moved.kept;
        }
        let lacking = (-cash).max(0.0);
        day.value += cash + lacking;
        let more = lacking - before;
        if more.abs() > DUST {
            day.come(more);
            flows.push(Flow {
                date: day.date,
                amount: -more,
            });
            before = lacking;
        }
        most = most.max(lacking);
        let mut parts = Parts::of(value);
        let trades = std::iter::from_fn(|| trades.next_if(|trade| trade.day == at));
        if keeps_cash {
            parts.with_cash(day.value, moved, trades, (purse, more));
        } else {
            parts.without_cash(day.value, moved, trades);
        }
        day.growth = parts.growth;
        value = day.value;
    }
    ValueHistory {
        days,
        flows: by_day(flows),
        keeps_cash,
        lacking: if most > HALF_A_CENT { most } else { 0.0 },
    }
}

impl Day {
    /// Adds an external flow (negative: outwards), offsetting it against flows in the other
    /// direction.
    fn come(&mut self, money: f64) {
        let (same, other) = if money > 0.0 {
            (&mut self.put_in, &mut self.taken_out)
        } else {
            (&mut self.taken_out, &mut self.put_in)
        };
        let money = money.abs();
        let set_off = money.min(*other);
        *other -= set_off;
        *same += money - set_off;
    }
}

/// Merges flows into one per day.
fn by_day(mut flows: Vec<Flow>) -> Vec<Flow> {
    flows.sort_by_key(|flow| flow.date);
    let mut days: Vec<Flow> = Vec::new();
    for flow in flows {
        match days.last_mut() {
            Some(last) if last.date == flow.date => last.amount += flow.amount,
            _ => days.push(flow),
        }
    }
    days
}

/// The days of a history, with an index from dates to days.
struct Calendar {
    first: NaiveDate,
    days: Vec<NaiveDate>,
    /// For each date since `first`: index of the first of `days` that is not before it.
    places: Vec<usize>,
}

impl Calendar {
    /// Contains the days since the first move on which any symbol was traded, and the days of moves
    /// after which nothing was traded for longer than markets close: before the price history
    /// begins, and after it ends.
    fn of<I: Iterator<Item = NaiveDate>>(
        lines: &[Line<'_>],
        dates: impl Fn() -> I,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Self {
        let traded = lines.iter().filter_map(|line| line.closes.last());
        let end = traded.map(|(date, _)| *date).fold(last, NaiveDate::max);
        let after = |date: NaiveDate| usize::try_from((date - first).num_days()).ok();
        let mut there = vec![false; after(end).unwrap_or_default() + 1];
        let mut note = |date: NaiveDate| {
            if let Some(there) = after(date).and_then(|at| there.get_mut(at)) {
                *there = true;
            }
        };
        for line in lines {
            let from = line.closes.partition_point(|(date, _)| *date < first);
            let closes = line.closes.get(from..).unwrap_or_default();
            closes.iter().for_each(|(date, _)| note(*date));
        }
        let traded = there.clone();
        let rests = |at: usize| {
            let until = at.saturating_add(usize::try_from(MOST_REST).unwrap_or_default());
            let soon = traded.get(at..=until.min(traded.len().saturating_sub(1)));
            !soon.unwrap_or_default().contains(&true)
        };
        for at in dates().filter_map(after).filter(|at| rests(*at)) {
            if let Some(there) = there.get_mut(at) {
                *there = true;
            }
        }
        let mut days = Vec::new();
        let mut places = Vec::with_capacity(there.len());
        for (after, there) in (0..).zip(there) {
            places.push(days.len());
            if there && let Some(day) = first.checked_add_days(Days::new(after)) {
                days.push(day);
            }
        }
        Self {
            first,
            days,
            places,
        }
    }

    /// Returns the index of a date; dates on which the market was closed map to the next day.
    fn place(&self, date: NaiveDate) -> usize {
        let after = usize::try_from((date - self.first).num_days()).unwrap_or_default();
        let at = self.places.get(after).copied().unwrap_or(self.days.len());
        at.min(self.days.len().saturating_sub(1))
    }
}

/// Adds the value of a holding to each day from its first move on, and notes its trades.
fn add_line(days: &mut [Day], calendar: &Calendar, line: Line<'_>, noted: &mut Vec<Trade>) {
    let Some(first) = line.moves.first() else {
        return;
    };
    let start = calendar.place(first.date);
    let days = days.get_mut(start..).unwrap_or_default();
    let mut trades = line.moves.iter().filter_map(trade).peekable();
    let mut closes = line.closes.iter().peekable();
    let (mut units, mut paid, mut close) = (0.0_f64, 0.0_f64, None);
    // Upper bound of the rounding errors in `units`.
    let mut rounding = 0.0;
    for (at, day) in (start..).zip(days) {
        let (held, before) = (units > 0.0, close);
        // Value of a share: at the last close, or at the last trade.
        let mut each = close.unwrap_or(paid);
        let known = paid;
        while let Some((date, quantity, price, cash)) = trades.next_if(|one| one.0 <= day.date) {
            let later = units_since(line.splits, date);
            let (traded, now) = (quantity * later, price / later);
            let on_market = now > 0.0 && (close.is_none() || ON_MARKET.contains(&(now / each)));
            // Shares that are sold are worth their price, whatever it is.
            let valued = if on_market { units } else { -traded.min(0.0) };
            noted.push(Trade {
                day: at,
                date,
                mark: valued.min(units) * (now - each),
                worth: traded * now,
                cash,
            });
            if on_market || units <= 0.0 {
                each = now;
            } else if traded > 0.0 {
                each = (units * each + traded * now) / (units + traded);
            }
            rounding += f64::EPSILON * (units + 2.0 * traded.abs());
            units += traded;
            paid = now;
            // As in the ledger: such a sell sells all shares.
            if quantity < 0.0 && units < near(SMALLEST) * later + rounding {
                (units, rounding) = (0.0, 0.0);
            }
        }
        while let Some((_, price)) = closes.next_if(|(date, _)| *date <= day.date) {
            close = Some(*price);
        }
        if held && before.is_none() && (close.is_some() || paid.total_cmp(&known).is_ne()) {
            day.revalued = true;
        }
        // Nothing is added for a symbol that was sold completely. The price of the last trade is
        // used until there is a closing price.
        if units > 0.0 {
            day.value += units * close.unwrap_or(paid);
        } else if trades.peek().is_none() {
            return;
        }
    }
}

/// Returns date, change of quantity, price and change of cash of a trade.
fn trade(one: &Move) -> Option<(NaiveDate, f64, f64, f64)> {
    match one.what {
        Moved::Units { units, price, cash } => Some((one.date, units, price, cash)),
        _ => None,
    }
}

/// Returns the daily returns with their dates; days on which nothing was held have none.
pub fn returns(days: &[Day]) -> Vec<(NaiveDate, f64)> {
    let growth = |day: &Day| Some((day.date, day.growth? - 1.0));
    days.iter().filter_map(growth).collect()
}

/// Returns the records of a history, oldest first, as ranges of its days. A record is a time in
/// which something was held every day. A loss of everything is the last day of one.
pub fn records(days: &[Day]) -> Vec<Range<usize>> {
    let mut records: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut before: Option<&Day> = None;
    for (at, day) in days.iter().enumerate() {
        // Without prices there are no days between a sell of everything and the next buy.
        let gap = before.is_some_and(|before| {
            before.value <= HALF_A_CENT && (day.date - before.date).num_days() > MOST_REST
        });
        before = Some(day);
        let Some(growth) = day.growth else {
            open = false;
            continue;
        };
        match records.last_mut().filter(|_| open && !gap) {
            Some(record) => record.end = at + 1,
            None => records.push(at..at + 1),
        }
        open = growth > 0.0;
    }
    records
}

/// Returns the days of the latest record.
pub fn latest_record(days: &[Day]) -> &[Day] {
    let last = records(days).pop();
    last.and_then(|record| days.get(record)).unwrap_or_default()
}

/// Returns only the returns that cover a single day. Without prices, the next day can be that of
/// the next transaction, months later.
pub fn daily(days: &[Day], returns: &[(NaiveDate, f64)]) -> Vec<f64> {
    let mut returns = returns.iter().peekable();
    let mut before: Option<&Day> = None;
    let mut all = Vec::with_capacity(returns.len());
    for day in days {
        // The first day has no previous day.
        let of_a_day = before.is_none_or(|before| is_daily(before, day));
        before = Some(day);
        let found = returns.next_if(|(date, _)| *date == day.date);
        all.extend(found.filter(|_| of_a_day).map(|(_, one)| *one));
    }
    all
}

/// true if the return between two days of a history is a daily return.
fn is_daily(before: &Day, day: &Day) -> bool {
    !day.revalued && (day.date - before.date).num_days() <= MOST_REST
}

/// Returns the value of 1 invested on the first day, by compounding the returns. The amount of
/// money invested has no influence.
pub fn index(returns: &[(NaiveDate, f64)]) -> Vec<(NaiveDate, f64)> {
    let mut value = 1.0;
    let grow = |(date, one): &(NaiveDate, f64)| {
        value *= 1.0 + one;
        (*date, value)
    };
    returns.iter().map(grow).collect()
}

/// Annualizes a return over `days`. `None`: less than a year.
pub fn yearly(total: f64, days: i64) -> Option<f64> {
    (days >= YEAR && total > -1.0).then(|| (1.0 + total).powf(YEAR as f64 / days as f64) - 1.0)
}

/// Returns the money-weighted return per year (XIRR), as if everything were taken out on the last
/// day.
pub fn money_weighted(history: &ValueHistory) -> Option<f64> {
    let last = history.days.last()?;
    let mut flows = history.flows.clone();
    flows.push(Flow {
        date: last.date,
        amount: last.value,
    });
    xirr(&flows)
}

/// Returns the daily value of the same money in another symbol: money put in buys it at the close
/// of that day, money taken out sells it. `None` before its price history begins, and from the day
/// on which the money would be used up.
pub fn in_its_place(days: &[Day], closes: &[(NaiveDate, f64)]) -> Vec<(NaiveDate, Option<f64>)> {
    let mut closes = closes.iter().peekable();
    let mut price: Option<f64> = None;
    let mut units = Some(0.0);
    let value = |day: &Day| {
        while let Some((_, close)) = closes.next_if(|(date, _)| *date <= day.date) {
            price = Some(*close);
        }
        units = match price {
            // No price is needed while no money moves.
            None if day.put_in + day.taken_out < HALF_A_CENT => units,
            None => None,
            Some(price) => units
                .map(|units| units + (day.put_in - day.taken_out) / price)
                .filter(|units| *units > -DUST),
        };
        let worth = units.map(|units| units * price.unwrap_or_default());
        (day.date, worth)
    };
    days.iter().map(value).collect()
}

/// Pairs the daily returns of a portfolio with those of a symbol over the same days, if the symbol
/// has a price on both days.
pub fn beside(
    days: &[Day],
    returns: &[(NaiveDate, f64)],
    closes: &[(NaiveDate, f64)],
) -> Vec<(f64, f64)> {
    let on = |day: NaiveDate| {
        let place = closes.binary_search_by_key(&day, |(date, _)| *date).ok()?;
        closes.get(place).map(|(_, close)| *close)
    };
    let mut returns = returns.iter().peekable();
    let mut both = Vec::new();
    for two in days.windows(2) {
        let [before, day] = two else { continue };
        while returns.next_if(|(date, _)| *date < day.date).is_some() {}
        let Some((_, mine)) = returns.next_if(|(date, _)| *date == day.date) else {
            continue;
        };
        if !is_daily(before, day) {
            continue;
        }
        if let (Some(first), Some(last)) = (on(before.date), on(day.date))
            && first > 0.0
        {
            both.push((*mine, last / first - 1.0));
        }
    }
    both
}

/// Returns the return of a symbol between two days. `None`: its price history begins later.
pub fn between(closes: &[(NaiveDate, f64)], from: NaiveDate, to: NaiveDate) -> Option<f64> {
    let on = |day: NaiveDate| {
        let after = closes.partition_point(|(date, _)| *date <= day);
        closes.get(after.checked_sub(1)?).map(|(_, close)| *close)
    };
    let (first, last) = (on(from)?, on(to)?);
    (first > 0.0).then(|| last / first - 1.0)
}
