//! Dividends due to an owner, computed from holdings and dividends per share, and the yield on
//! cost.
//!
//! A share pays its holder at the end of the day before the ex-date. The amounts of [`Dividend`]
//! are not adjusted for later splits, so quantities are those of that day: they include splits up
//! to the day before the ex-date, but no later ones, nor one on the ex-date itself.

use super::ledger::{Entry, What, in_order, splits};
use crate::markets::{Dividend, Split};
use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// A transaction up to this many days after the payment date still matches the dividend.
pub const LATE: i64 = 14;
/// The same after the ex-date, if the payment date is unknown.
pub const WINDOW: i64 = 60;
/// Days per year.
const YEAR: u64 = 365;

/// A dividend that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// First day on which a buy does not receive the dividend.
    pub ex_date: NaiveDate,
    /// Payment date, or the ex-date if unknown.
    pub date: NaiveDate,
    /// Dividend per share, not adjusted for later splits.
    pub per_share: Decimal,
    /// Shares held, not adjusted for later splits.
    pub quantity: Decimal,
    /// Amount, rounded to cents.
    pub amount: Decimal,
    /// Last day on which a dividend transaction matches this one.
    until: NaiveDate,
}

/// Dividends due, compared with the dividends entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Dividends that were not entered, oldest first.
    pub missing: Vec<Due>,
    pub known: usize,
}

/// Quantity held, advanced day by day.
struct Held<'a> {
    entries: std::iter::Peekable<std::slice::Iter<'a, Entry>>,
    splits: std::iter::Peekable<std::slice::Iter<'a, Split>>,
    units: Decimal,
}

impl<'a> Held<'a> {
    /// `entries` are in the order in which they happened.
    fn of(entries: &'a [Entry], splits: &'a [Split]) -> Self {
        Self {
            entries: entries.iter().peekable(),
            splits: splits.iter().peekable(),
            units: Decimal::ZERO,
        }
    }

    /// Returns the quantity at the end of the day before `day`. Call it with days in ascending
    /// order.
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
            // Quantities that overflow were rejected when they were entered.
            if let Some(units) = self.units.checked_mul(to) {
                self.units = units / from;
            }
        }
    }
}

/// Returns the dividends due for the quantities held, with payment until `today`, by ex-date.
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

/// Returns the dividends due until `today` that were not entered. A dividend entered matches a due
/// one from its ex-date until [`LATE`] days after the payment, or [`WINDOW`] days after the ex-date
/// if the payment date is unknown; of several, the one with the nearest payment date.
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

/// Sums of the dividends entered for a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    pub total: Decimal,
    /// Dividends of the last 365 days.
    pub last_year: Decimal,
    /// Dividends of the last 365 days per share, adjusted for splits, times the shares held now.
    pub held: Decimal,
}

/// Returns the sums of the dividends entered, where the last 365 days end with `until`. Each
/// dividend belongs to the shares held before its date.
pub fn paid(entries: &[Entry], table: &[Split], until: NaiveDate) -> Paid {
    let mut entries = entries.to_vec();
    in_order(&mut entries);
    let splits = splits(&entries, table);
    let start = until.checked_sub_days(Days::new(YEAR));
    let mut held = Held::of(&entries, &splits);
    let mut paid = Paid::default();
    let mut per_share = Decimal::ZERO;
    // Shares sold between ex-date and payment still received the dividend.
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
