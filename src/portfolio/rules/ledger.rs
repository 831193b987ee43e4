//! Accounting: what transactions leave of an instrument, lot by lot, in exact decimals.
//!
//! Transactions of one day happen in a fixed order whatever the order in which they were written
//! down: splits (before the market opens), deposits, purchases, sales, dividends, fees,
//! withdrawals; within a kind in the order of their writing.

use crate::markets::Split;
use crate::shared::TransactionId;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Most splits of an instrument that its owner writes down: each of them touches all lots.
pub const MOST_SPLITS: usize = 100;

/// Most units of an instrument that a portfolio can hold: what is computed from them stays exact.
pub const MOST_UNITS: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

/// A split of the instrument's table and one written down by hand are the same when they have one
/// ratio and so many days lie between them.
const SAME_SPLIT_DAYS: i64 = 7;

/// Something that happened in a portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose entry this is. Later ids were written down later.
    pub id: TransactionId,
    /// The day on which it happened.
    pub date: NaiveDate,
    /// What it was.
    pub what: What,
}

/// What happened; amounts of money are in the portfolio's currency and never negative.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Units bought, each for a price; the fee comes on top.
    Buy {
        /// Units.
        quantity: Decimal,
        /// Money for each.
        price: Decimal,
        /// Money on top.
        fee: Decimal,
    },
    /// Units sold, each for a price; the fee is taken from what they bring.
    Sell {
        /// Units.
        quantity: Decimal,
        /// Money for each.
        price: Decimal,
        /// Money that is kept back.
        fee: Decimal,
    },
    /// Money that an instrument paid.
    Dividend(Decimal),
    /// Money that was charged.
    Fee(Decimal),
    /// So many old units became so many new ones.
    Split {
        /// Old units.
        from: u32,
        /// New units.
        to: u32,
    },
    /// Money put in.
    Deposit(Decimal),
    /// Money taken out.
    Withdrawal(Decimal),
}

impl What {
    /// When on its day it happens.
    const fn rank(&self) -> u8 {
        match self {
            Self::Split { .. } => 0,
            Self::Deposit(_) => 1,
            Self::Buy { .. } => 2,
            Self::Sell { .. } => 3,
            Self::Dividend(_) => 4,
            Self::Fee(_) => 5,
            Self::Withdrawal(_) => 6,
        }
    }

    /// What it does to the cash of its portfolio.
    pub fn cash(&self) -> Decimal {
        match self {
            Self::Buy {
                quantity,
                price,
                fee,
            } => -(quantity * price + fee),
            Self::Sell {
                quantity,
                price,
                fee,
            } => quantity * price - fee,
            Self::Dividend(amount) | Self::Deposit(amount) => *amount,
            Self::Fee(amount) | Self::Withdrawal(amount) => -amount,
            Self::Split { .. } => Decimal::ZERO,
        }
    }
}

impl Entry {
    /// When it happens among others.
    pub const fn order(&self) -> (NaiveDate, u8, TransactionId) {
        (self.date, self.what.rank(), self.id)
    }
}

/// Puts entries into the order in which they happen.
pub fn in_order(entries: &mut [Entry]) {
    entries.sort_by_key(Entry::order);
}

/// The way in which a sale is given a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// What was bought first is sold first.
    #[default]
    Fifo,
    /// All units have cost the same: their average.
    Average,
}

/// A figure by each method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByMethod {
    /// First in, first out.
    pub fifo: Decimal,
    /// Average cost.
    pub average: Decimal,
}

impl ByMethod {
    /// The figure by one of them.
    pub const fn by(&self, method: Method) -> Decimal {
        match method {
            Method::Fifo => self.fifo,
            Method::Average => self.average,
        }
    }
}

/// What is left of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The purchase.
    pub purchase: TransactionId,
    /// Its day.
    pub date: NaiveDate,
    /// Units of today that are left.
    pub quantity: Decimal,
    /// What they have cost, with their part of the fee.
    pub cost: Decimal,
}

/// A sale and what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The sale.
    pub id: TransactionId,
    /// Its day.
    pub date: NaiveDate,
    /// Units sold, as of that day.
    pub quantity: Decimal,
    /// What they brought, without the fee.
    pub proceeds: Decimal,
    /// What they had cost.
    pub cost: ByMethod,
    /// The lots that it took from, first in, first out, with the units and their cost.
    pub lots: Vec<Lot>,
}

impl Sale {
    /// The gain, or the loss below zero.
    pub fn gain(&self, method: Method) -> Decimal {
        self.proceeds - self.cost.by(method)
    }
}

/// What an instrument's transactions come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Units that are held.
    pub quantity: Decimal,
    /// What they have cost.
    pub cost: ByMethod,
    /// Gains of all sales.
    pub realised: ByMethod,
    /// What all purchases have cost, with fees.
    pub invested: Decimal,
    /// What all sales have brought, without fees.
    pub proceeds: Decimal,
    /// What it has paid.
    pub dividends: Decimal,
    /// What it was charged beside purchases and sales.
    pub fees: Decimal,
    /// All deposits.
    pub put_in: Decimal,
    /// All withdrawals.
    pub taken_out: Decimal,
    /// The first purchase of what is held.
    pub since: Option<NaiveDate>,
    /// The price of the last purchase or sale, for units of today.
    pub last_price: Option<Decimal>,
}

impl Sums {
    /// What all of it did to the cash of its portfolio.
    pub fn cash(&self) -> Decimal {
        self.put_in + self.proceeds + self.dividends - self.taken_out - self.invested - self.fees
    }
}

/// An instrument in a portfolio.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// What it comes to.
    pub sums: Sums,
    /// What is held, oldest first.
    pub lots: Vec<Lot>,
    /// What was sold, oldest first.
    pub sales: Vec<Sale>,
}

/// Why transactions cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// More is sold than is held on that day.
    Oversold {
        /// The sale.
        id: TransactionId,
        /// Its day.
        date: NaiveDate,
        /// Units before the sale.
        held: Decimal,
        /// Units to be sold.
        asked: Decimal,
    },
    /// More units than can be counted.
    TooMany {
        /// Since this day.
        date: NaiveDate,
    },
    /// So small a part of a unit, at so high a price, that it cannot be counted.
    TooFew {
        /// Since this day.
        date: NaiveDate,
    },
    /// More than [`MOST_SPLITS`] are written down.
    TooManySplits,
}

/// The splits that apply: those of the instrument's table, and those written down by hand that
/// the table does not know. Oldest first.
pub fn splits(entries: &[Entry], table: &[Split]) -> Vec<Split> {
    let own = entries.iter().filter_map(|entry| match entry.what {
        What::Split { from, to } => Some(Split {
            date: entry.date,
            from,
            to,
        }),
        _ => None,
    });
    merged(own, table)
}

/// A table with those of other splits that it does not know.
pub(super) fn merged(own: impl Iterator<Item = Split>, table: &[Split]) -> Vec<Split> {
    let mut all = table.to_vec();
    for split in own {
        let known = table.iter().any(|known| {
            same_ratio((known.from, known.to), (split.from, split.to))
                && (known.date - split.date).num_days().abs() <= SAME_SPLIT_DAYS
        });
        if !known {
            all.push(split);
        }
    }
    // A ratio with a zero is none, whoever tells it.
    all.retain(|split| split.from > 0 && split.to > 0);
    all.sort_by_key(|split| split.date);
    all
}

fn same_ratio(one: (u32, u32), other: (u32, u32)) -> bool {
    u64::from(one.0) * u64::from(other.1) == u64::from(one.1) * u64::from(other.0)
}

/// Goes through an instrument's transactions, or through those that concern only cash. `table` are
/// the splits that its prices know. The entries may be in any order.
///
/// # Errors
/// When more is sold than is held, or what is held cannot be counted; when there are too many splits.
pub fn position(entries: &[Entry], table: &[Split]) -> Result<Position, Impossible> {
    let is_split = |entry: &&Entry| matches!(entry.what, What::Split { .. });
    if entries.iter().filter(is_split).count() > MOST_SPLITS {
        return Err(Impossible::TooManySplits);
    }
    let mut entries = entries.to_vec();
    in_order(&mut entries);
    let splits = splits(&entries, table);
    let mut splits = splits.iter().peekable();
    let mut book = Book::default();
    for entry in &entries {
        while let Some(split) = splits.next_if(|split| split.date <= entry.date) {
            book.split(split)?;
        }
        book.add(entry)?;
    }
    splits.try_for_each(|split| book.split(split))?;
    book.sums.since = book.lots.front().map(|lot| lot.date);
    Ok(Position {
        sums: book.sums,
        lots: book.lots.into(),
        sales: book.sales,
    })
}

/// A [`Position`] on its way from entry to entry.
#[derive(Default)]
struct Book {
    sums: Sums,
    /// Sales take from the front.
    lots: VecDeque<Lot>,
    sales: Vec<Sale>,
}

impl Book {
    fn add(&mut self, entry: &Entry) -> Result<(), Impossible> {
        match &entry.what {
            What::Buy {
                quantity,
                price,
                fee,
            } => self.buy(entry, *quantity, *price, *fee)?,
            What::Sell {
                quantity,
                price,
                fee,
            } => self.sell(entry, *quantity, *price, *fee)?,
            What::Dividend(amount) => self.sums.dividends += amount,
            What::Fee(amount) => self.sums.fees += amount,
            What::Deposit(amount) => self.sums.put_in += amount,
            What::Withdrawal(amount) => self.sums.taken_out += amount,
            What::Split { .. } => {}
        }
        Ok(())
    }

    fn buy(
        &mut self,
        entry: &Entry,
        quantity: Decimal,
        price: Decimal,
        fee: Decimal,
    ) -> Result<(), Impossible> {
        let cost = quantity * price + fee;
        let sums = &mut self.sums;
        sums.quantity += quantity;
        countable(sums.quantity, entry.date)?;
        sums.cost.fifo += cost;
        sums.cost.average += cost;
        sums.invested += cost;
        sums.last_price = Some(price);
        self.lots.push_back(Lot {
            purchase: entry.id,
            date: entry.date,
            quantity,
            cost,
        });
        Ok(())
    }

    fn sell(
        &mut self,
        entry: &Entry,
        quantity: Decimal,
        price: Decimal,
        fee: Decimal,
    ) -> Result<(), Impossible> {
        let sums = &mut self.sums;
        if quantity > sums.quantity {
            return Err(Impossible::Oversold {
                id: entry.id,
                date: entry.date,
                held: sums.quantity,
                asked: quantity,
            });
        }
        let few = || Impossible::TooFew { date: entry.date };
        let average = part(sums.cost.average, quantity, sums.quantity).ok_or_else(few)?;
        let lots = take(&mut self.lots, quantity).ok_or_else(few)?;
        let cost = ByMethod {
            fifo: lots.iter().map(|lot| lot.cost).sum(),
            average,
        };
        let proceeds = quantity * price - fee;
        sums.quantity -= quantity;
        sums.cost.fifo -= cost.fifo;
        sums.cost.average -= cost.average;
        sums.realised.fifo += proceeds - cost.fifo;
        sums.realised.average += proceeds - cost.average;
        sums.proceeds += proceeds;
        sums.last_price = Some(price);
        self.sales.push(Sale {
            id: entry.id,
            date: entry.date,
            quantity,
            proceeds,
            cost,
            lots,
        });
        Ok(())
    }

    /// More or fewer units that have cost the same.
    fn split(&mut self, split: &Split) -> Result<(), Impossible> {
        let date = split.date;
        let (from, to) = (Decimal::from(split.from), Decimal::from(split.to));
        let (many, few) = (Impossible::TooMany { date }, Impossible::TooFew { date });
        let mut sum = Decimal::ZERO;
        for lot in &mut self.lots {
            let units = lot.quantity.checked_mul(to);
            let units = units.and_then(|units| units.checked_div(from));
            lot.quantity = units.ok_or_else(|| many.clone())?;
            // Nothing at all that has cost something.
            if lot.quantity.is_zero() {
                return Err(few);
            }
            sum += lot.quantity;
            countable(sum, date)?;
        }
        self.sums.quantity = sum;
        if let Some(price) = self.sums.last_price {
            let price = price.checked_mul(from);
            let price = price.and_then(|price| price.checked_div(to));
            self.sums.last_price = Some(price.ok_or(few)?);
        }
        Ok(())
    }
}

fn countable(quantity: Decimal, date: NaiveDate) -> Result<(), Impossible> {
    if quantity > MOST_UNITS {
        return Err(Impossible::TooMany { date });
    }
    Ok(())
}

/// What a part of something that has cost so much has cost; all of it has cost exactly that. None:
/// the figures are too far apart.
fn part(cost: Decimal, quantity: Decimal, of: Decimal) -> Option<Decimal> {
    if quantity == of {
        return Some(cost);
    }
    // Divided first: the product could have more digits than there are.
    let each = cost.checked_div(of);
    each.and_then(|each| each.checked_mul(quantity))
        // Each could too, where there is little of it.
        .or_else(|| quantity.checked_div(of)?.checked_mul(cost))
}

/// Takes units from the oldest lots; there are enough. None: as of [`part`].
fn take(lots: &mut VecDeque<Lot>, mut quantity: Decimal) -> Option<Vec<Lot>> {
    let mut taken = Vec::new();
    while !quantity.is_zero()
        && let Some(lot) = lots.front_mut()
    {
        let units = quantity.min(lot.quantity);
        let cost = part(lot.cost, units, lot.quantity)?;
        taken.push(Lot {
            purchase: lot.purchase,
            date: lot.date,
            quantity: units,
            cost,
        });
        lot.quantity -= units;
        lot.cost -= cost;
        quantity -= units;
        if lot.quantity.is_zero() {
            lots.pop_front();
        }
    }
    Some(taken)
}
