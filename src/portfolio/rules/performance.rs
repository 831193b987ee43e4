//! The value of a portfolio from day to day, and what it earned.
//!
//! A portfolio with deposits or withdrawals keeps cash: its value is cash and holdings, and only
//! these two are flows from and to the outside. One without keeps none: every purchase is money
//! put in, every sale and dividend money taken out.
//!
//! Where more is spent than there is, a deposit is missing: what was lacking counts as put in that
//! day, and as given back by what comes in later. So there is no debt, under which a return would
//! mean nothing.

use super::moves::{Move, Moved, units_since};
use super::{Flow, xirr};
use crate::markets::Split;
use chrono::{Days, NaiveDate};

/// So many days are a year that a return may be stated for.
pub const YEAR: i64 = 365;
/// Fewer units than this are none: what rounding leaves of a figure.
const DUST: f64 = 1e-9;
/// Less money than this is none.
const HALF_A_CENT: f64 = 0.005;
/// Returns over more days than these are not those of a day: so long do markets rest at most.
const MOST_REST: i64 = 7;

/// An instrument of a portfolio: what was done, and what it cost from day to day.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// What moved, in the order in which it happened.
    pub moves: &'a [Move],
    /// The splits that apply, oldest first.
    pub splits: &'a [Split],
    /// Closes for shares of today, oldest first.
    pub closes: &'a [(NaiveDate, f64)],
}

/// A portfolio on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// What it is worth at its end.
    pub value: f64,
    /// What was put in, as if at its start.
    pub put_in: f64,
    /// What was taken out, as if at its end.
    pub taken_out: f64,
    /// Something that is held had no price for a while and has one now: its return is not of a day.
    pub revalued: bool,
}

/// A portfolio from its first transaction to the last known day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Day after day.
    pub days: Vec<Day>,
    /// Money that went in and out on the days on which it did, in their order.
    pub flows: Vec<Flow>,
    /// Whether cash is part of the value.
    pub keeps_cash: bool,
    /// The most that was lacking of cash on any day.
    pub lacking: f64,
}

/// Follows a portfolio from day to day. `cash` is what belongs to no instrument.
pub fn course(lines: &[Line<'_>], cash: &[Move]) -> Course {
    let everything = || {
        let lines = lines.iter().flat_map(|line| line.moves);
        lines.chain(cash)
    };
    let dates = || everything().map(|one| one.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else {
        return Course::default();
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
            revalued: false,
        })
        .collect();
    for line in lines {
        add_line(&mut days, &calendar, *line);
    }
    let mut kept = vec![0.0; days.len()];
    let mut flows: Vec<Flow> = Vec::new();
    for one in everything() {
        let at = calendar.place(one.date);
        let money = one.what.cash();
        if keeps_cash && let Some(kept) = kept.get_mut(at) {
            *kept += money;
        }
        let outside = match one.what {
            Moved::Outside(_) => -money,
            _ if keeps_cash => 0.0,
            // Without cash the money of a trade comes from outside and goes there.
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
    let (mut cash, mut before, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (day, kept) in days.iter_mut().zip(kept) {
        cash += kept;
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
    }
    Course {
        days,
        flows: by_day(flows),
        keeps_cash,
        lacking: if most > HALF_A_CENT { most } else { 0.0 },
    }
}

impl Day {
    /// Money that came from outside, or went there below zero: one is set off against the other.
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

/// One flow for each day.
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

/// The days of a course, and which of them any day is.
struct Calendar {
    first: NaiveDate,
    days: Vec<NaiveDate>,
    /// For each day since the first one the place of the first of `days` that is not before it.
    places: Vec<usize>,
}

impl Calendar {
    /// The days on which anything was traded since the first move, and those of moves after which
    /// nothing was traded for longer than markets rest: before prices begin, after they have ended.
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

    /// What happens when the market rests counts on the next day that is there.
    fn place(&self, date: NaiveDate) -> usize {
        let after = usize::try_from((date - self.first).num_days()).unwrap_or_default();
        let at = self.places.get(after).copied().unwrap_or(self.days.len());
        at.min(self.days.len().saturating_sub(1))
    }
}

/// Adds what an instrument is worth to every day from its first move on.
fn add_line(days: &mut [Day], calendar: &Calendar, line: Line<'_>) {
    let Some(first) = line.moves.first() else {
        return;
    };
    let days = days
        .get_mut(calendar.place(first.date)..)
        .unwrap_or_default();
    let mut trades = line.moves.iter().filter_map(trade).peekable();
    let mut closes = line.closes.iter().peekable();
    let (mut units, mut paid, mut close) = (0.0_f64, 0.0_f64, None);
    for day in days {
        let (held, before) = (units.abs() > DUST, close);
        let known = paid;
        while let Some((date, quantity, price)) = trades.next_if(|(date, ..)| *date <= day.date) {
            let later = units_since(line.splits, date);
            units += quantity * later;
            paid = price / later;
        }
        while let Some((_, price)) = closes.next_if(|(date, _)| *date <= day.date) {
            close = Some(*price);
        }
        if held && before.is_none() && (close.is_some() || paid.total_cmp(&known).is_ne()) {
            day.revalued = true;
        }
        // What was sold to the last unit is gone. What was last paid is the price for as long as
        // the market tells none.
        if units.abs() > DUST {
            day.value += units * close.unwrap_or(paid);
        } else if trades.peek().is_none() {
            return;
        }
    }
}

/// Units that came or went, with their price.
fn trade(one: &Move) -> Option<(NaiveDate, f64, f64)> {
    match one.what {
        Moved::Units { units, price, .. } => Some((one.date, units, price)),
        _ => None,
    }
}

/// The returns of the days, each with its day:
/// `(value + taken out) / (value of the day before + put in) - 1`. Days that begin with nothing
/// have none, nor have those on which nothing was held: a fee alone is no loss of everything.
pub fn returns(days: &[Day]) -> Vec<(NaiveDate, f64)> {
    let mut before = 0.0;
    let mut all = Vec::with_capacity(days.len());
    for day in days {
        let (start, end) = (before + day.put_in, day.value + day.taken_out);
        let was_held = before > HALF_A_CENT || end > HALF_A_CENT;
        if start > HALF_A_CENT && was_held {
            all.push((day.date, end / start - 1.0));
        }
        before = day.value;
    }
    all
}

/// The returns that are those of a day: where nothing has prices, the next day may be that of the
/// next transaction, months later.
pub fn daily(days: &[Day], returns: &[(NaiveDate, f64)]) -> Vec<f64> {
    let mut returns = returns.iter().peekable();
    let mut before: Option<&Day> = None;
    let mut all = Vec::with_capacity(returns.len());
    for day in days {
        // The first day has none before it.
        let of_a_day = before.is_none_or(|before| is_daily(before, day));
        before = Some(day);
        let found = returns.next_if(|(date, _)| *date == day.date);
        all.extend(found.filter(|_| of_a_day).map(|(_, one)| *one));
    }
    all
}

/// Is what came between two days of a course the return of a day?
fn is_daily(before: &Day, day: &Day) -> bool {
    !day.revalued && (day.date - before.date).num_days() <= MOST_REST
}

/// What 1 became, day after day: the returns one after the other, which leaves out how much money
/// was there.
pub fn index(returns: &[(NaiveDate, f64)]) -> Vec<(NaiveDate, f64)> {
    let mut value = 1.0;
    let grow = |(date, one): &(NaiveDate, f64)| {
        value *= 1.0 + one;
        (*date, value)
    };
    returns.iter().map(grow).collect()
}

/// A return over some days as one of a year; `None` for less than a year.
pub fn yearly(total: f64, days: i64) -> Option<f64> {
    (days >= YEAR && total > -1.0).then(|| (1.0 + total).powf(YEAR as f64 / days as f64) - 1.0)
}

/// The yearly rate that the money in it earned, as if all were taken out on the last day.
pub fn money_weighted(course: &Course) -> Option<f64> {
    let last = course.days.last()?;
    let mut flows = course.flows.clone();
    flows.push(Flow {
        date: last.date,
        amount: last.value,
    });
    xirr(&flows)
}

/// What the same money would be worth in another instrument: bought with what was put in at the
/// close of that day, sold for what was taken out. `None` on days before its prices begin, and
/// from the day on which it would be used up.
pub fn in_its_place(days: &[Day], closes: &[(NaiveDate, f64)]) -> Vec<(NaiveDate, Option<f64>)> {
    let mut closes = closes.iter().peekable();
    let mut price: Option<f64> = None;
    let mut units = Some(0.0);
    let value = |day: &Day| {
        while let Some((_, close)) = closes.next_if(|(date, _)| *date <= day.date) {
            price = Some(*close);
        }
        units = match price {
            // Nothing has to be bought yet.
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

/// The returns of a portfolio beside those of an instrument over the same days: from one day of the
/// portfolio to the next, where the instrument has a price on both.
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

/// What an instrument returned from one day to another; `None` where its prices begin later.
pub fn between(closes: &[(NaiveDate, f64)], from: NaiveDate, to: NaiveDate) -> Option<f64> {
    let on = |day: NaiveDate| {
        let after = closes.partition_point(|(date, _)| *date <= day);
        closes.get(after.checked_sub(1)?).map(|(_, close)| *close)
    };
    let (first, last) = (on(from)?, on(to)?);
    (first > 0.0).then(|| last / first - 1.0)
}
