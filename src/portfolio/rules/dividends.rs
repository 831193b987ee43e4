//! Dividends: what an owner was due, from what was held and what a share paid, and what dividends
//! come to beside the cost of what is held.
//!
//! A share pays whoever held it at the end of the day before its ex-date. The amounts of
//! [`Dividend`] are for shares as they were then, so the units are those of that day: splits up to
//! the day before are counted, later ones are not, nor is one of the ex-date itself.

use super::ledger::{Entry, What, in_order, splits};
use crate::markets::{Dividend, Split};
use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// So many days after the day of payment a dividend is still taken for that one.
pub const LATE: i64 = 14;
/// The same after the ex-date, where nobody tells the day of payment.
pub const WINDOW: i64 = 60;
/// Days of a year.
const YEAR: u64 = 365;

/// A dividend that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first day on which whoever buys gets none of it.
    pub ex_date: NaiveDate,
    /// The day of payment, or the ex-date where it is not known.
    pub date: NaiveDate,
    /// So much for each share as it was then.
    pub per_share: Decimal,
    /// Shares as they were then.
    pub quantity: Decimal,
    /// Money, to the cent.
    pub amount: Decimal,
    /// Until this day a dividend in the history is taken for this one.
    until: NaiveDate,
}

/// What was due and what is there of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What is not in the history, oldest first.
    pub missing: Vec<Due>,
    pub known: usize,
}

/// Units that are held, from day to day.
struct Held<'a> {
    entries: std::iter::Peekable<std::slice::Iter<'a, Entry>>,
    splits: std::iter::Peekable<std::slice::Iter<'a, Split>>,
    units: Decimal,
}

impl<'a> Held<'a> {
    /// Of entries in the order in which they happened.
    fn of(entries: &'a [Entry], splits: &'a [Split]) -> Self {
        Self {
            entries: entries.iter().peekable(),
            splits: splits.iter().peekable(),
            units: Decimal::ZERO,
        }
    }

    /// What is held at the end of the day before this one; days come in their order.
    fn before(&mut self, day: NaiveDate) -> Decimal {
        while let Some(entry) = self.entries.next_if(|entry| entry.date < day) {
            self.split_until(entry.date);
            match &entry.what {
                What::Buy { quantity, .. } => self.units += quantity,
                What::Sell { quantity, .. } => {
                    self.units = (self.units - quantity).max(Decimal::ZERO);
                }
                _ => {}
            }
        }
        if let Some(before) = day.pred_opt() {
            self.split_until(before);
        }
        self.units
    }

    fn split_until(&mut self, day: NaiveDate) {
        while let Some(split) = self.splits.next_if(|split| split.date <= day) {
            let (from, to) = (Decimal::from(split.from), Decimal::from(split.to));
            // What cannot be counted was refused when it was written down.
            if let Some(units) = self.units.checked_mul(to) {
                self.units = units / from;
            }
        }
    }
}

/// What an instrument paid for what was held of it, until `today`, by the day of its ex-date.
fn due(entries: &[Entry], table: &[Split], dividends: &[Dividend], today: NaiveDate) -> Vec<Due> {
    let splits = splits(entries, table);
    let mut dividends = dividends.to_vec();
    dividends.sort_by_key(|one| (one.date, one.pays, one.amount));
    dividends.dedup();
    let mut held = Held::of(entries, &splits);
    let due = |one: Dividend| {
        let quantity = held.before(one.date);
        let date = one.pays.unwrap_or(one.date).max(one.date);
        let amount = quantity.checked_mul(one.amount)?;
        let amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let days = one.pays.map_or(WINDOW, |_| LATE);
        let until = date.checked_add_days(Days::new(days.unsigned_abs()))?;
        (date <= today && amount > Decimal::ZERO).then_some(Due {
            ex_date: one.date,
            date,
            per_share: one.amount,
            quantity,
            amount,
            until,
        })
    };
    dividends.into_iter().filter_map(due).collect()
}

/// What was due until `today` and is not in the history. A dividend in the history stands for one
/// that was due: of those whose time it falls into (from the ex-date until [`LATE`] days after the
/// payment, or [`WINDOW`] days after the ex-date where the payment is not known) for the one whose
/// day of payment is the nearest.
pub fn missing(
    entries: &[Entry],
    table: &[Split],
    dividends: &[Dividend],
    today: NaiveDate,
) -> Compared {
    let mut entries = entries.to_vec();
    in_order(&mut entries);
    let mut open = due(&entries, table, dividends, today);
    let mut known = 0;
    for entry in &entries {
        if !matches!(entry.what, What::Dividend(_)) {
            continue;
        }
        let could_be = |one: &Due| (one.ex_date..=one.until).contains(&entry.date);
        let distance = |one: &Due| (entry.date - one.date).num_days().abs();
        let nearest = open
            .iter()
            .enumerate()
            .filter(|(_, one)| could_be(one))
            .min_by_key(|(_, one)| (distance(one), std::cmp::Reverse(one.ex_date)));
        if let Some((place, _)) = nearest {
            open.remove(place);
            known += 1;
        }
    }
    Compared {
        missing: open,
        known,
    }
}

/// What an instrument paid, as it was written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// All of it.
    pub total: Decimal,
    /// In the last 365 days.
    pub last_year: Decimal,
    /// In the last 365 days for what is held now: what each share of today was paid, times the
    /// shares that are held.
    pub held: Decimal,
}

/// What an instrument paid until `until`, from dividends in the history. Each is of the shares that
/// were held before its day.
pub fn paid(entries: &[Entry], table: &[Split], until: NaiveDate) -> Paid {
    let mut entries = entries.to_vec();
    in_order(&mut entries);
    let splits = splits(&entries, table);
    let start = until.checked_sub_days(Days::new(YEAR));
    let mut held = Held::of(&entries, &splits);
    let mut paid = Paid::default();
    let mut per_share = Decimal::ZERO;
    // Who sold between the ex-date and the payment was paid for what there was.
    let mut last = Decimal::ZERO;
    for entry in &entries {
        let now = held.before(entry.date);
        if !now.is_zero() {
            last = now;
        }
        let What::Dividend(amount) = &entry.what else {
            continue;
        };
        paid.total += amount;
        if entry.date > until || start.is_some_and(|start| entry.date <= start) {
            continue;
        }
        paid.last_year += amount;
        let later = splits.iter().filter(|split| split.date >= entry.date);
        let today = later.fold(last, |units, split| {
            let units = units.checked_mul(split.to.into()).unwrap_or(units);
            units / Decimal::from(split.from)
        });
        per_share += amount.checked_div(today).unwrap_or_default();
    }
    let units = held.before(NaiveDate::MAX);
    paid.held = per_share.checked_mul(units).unwrap_or_default();
    paid
}
