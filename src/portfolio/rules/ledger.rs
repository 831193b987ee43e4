//! Accounting in exact decimals: computes the lots of a symbol from its transactions.
//!
//! Transactions of one day are ordered by kind, whatever the order of entry: splits (before the
//! market opens), deposits, buys, sells, dividends, fees, withdrawals; within a kind by id, which
//! is the order of entry.

use crate::markets::Split;
use crate::shared::{TransactionId, text_enum};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Maximum number of splits of a symbol that its owner can enter: each of them changes all lots.
pub const MOST_SPLITS: usize = 100;

/// Maximum quantity of a symbol in a portfolio, so that computed numbers stay exact.
pub const MOST_UNITS: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

/// Smallest quantity that can be entered. Splits leave remainders such as a third of a share: a sell
/// that leaves less than this, or asks for less than this too much, is a sell of all shares.
pub const SMALLEST: Decimal = Decimal::from_parts(1, 0, 0, false, 10);

/// A split of the price history and a split entered by the owner are the same if they have the same
/// ratio and at most this many days between them.
const SAME_SPLIT_DAYS: i64 = 7;

/// A transaction, as far as accounting uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Id of the transaction. Later entries have greater ids.
    pub id: TransactionId,
    pub date: NaiveDate,
    pub what: What,
}

/// Kind and numbers of a transaction. Amounts are in the portfolio's currency and never negative.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A buy; the fee is added to the cost.
    Buy {
        quantity: Decimal,
        /// Price per share.
        price: Decimal,
        /// Fee on top of the price.
        fee: Decimal,
    },
    /// A sell; the fee is deducted from the proceeds.
    Sell {
        quantity: Decimal,
        /// Price per share.
        price: Decimal,
        /// Fee deducted from the proceeds.
        fee: Decimal,
    },
    /// Cash that the symbol paid.
    Dividend(Decimal),
    /// A charge outside of trades.
    Fee(Decimal),
    /// `from` old shares became `to` new shares.
    Split { from: u32, to: u32 },
    /// Cash paid in.
    Deposit(Decimal),
    /// Cash taken out.
    Withdrawal(Decimal),
}

impl What {
    /// Order within a day.
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

    /// Returns the change of the portfolio's cash.
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
    /// Returns the sort key.
    pub const fn order(&self) -> (NaiveDate, u8, TransactionId) {
        (self.date, self.what.rank(), self.id)
    }
}

/// Sorts entries by the order in which they happened.
pub fn in_order(entries: &mut [Entry]) {
    entries.sort_by_key(Entry::order);
}

text_enum! {
    /// Cost basis method.
    #[derive(Default)]
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Method {
        /// The shares bought first are sold first.
        #[default]
        Fifo = "fifo",
        /// All shares cost the same: the average.
        Average = "average",
    }
}

/// A number for each cost basis method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByMethod {
    pub fifo: Decimal,
    pub average: Decimal,
}

impl ByMethod {
    /// Returns the number for a method.
    pub const fn by(&self, method: Method) -> Decimal {
        match method {
            Method::Fifo => self.fifo,
            Method::Average => self.average,
        }
    }
}

/// What is left of a buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The buy.
    pub purchase: TransactionId,
    /// Date of the buy.
    pub date: NaiveDate,
    /// Shares left, adjusted for later splits.
    pub quantity: Decimal,
    /// Cost of the shares left, with their part of the fee.
    pub cost: Decimal,
}

/// A sell and its proceeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    pub id: TransactionId,
    pub date: NaiveDate,
    /// Shares sold, as of that day.
    pub quantity: Decimal,
    /// Proceeds minus the fee.
    pub proceeds: Decimal,
    /// Cost basis of the shares sold.
    pub cost: ByMethod,
    /// Lots it took from (FIFO), with the quantity taken and its cost.
    pub lots: Vec<Lot>,
}

impl Sale {
    /// Returns the gain; negative for a loss.
    pub fn gain(&self, method: Method) -> Decimal {
        self.proceeds - self.cost.by(method)
    }
}

/// Sums of a symbol's transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Shares held.
    pub quantity: Decimal,
    /// Cost basis of the shares held.
    pub cost: ByMethod,
    /// Realized gain of all sells.
    pub realized: ByMethod,
    /// Cost of all buys, with fees.
    pub invested: Decimal,
    /// Proceeds of all sells, minus fees.
    pub proceeds: Decimal,
    /// Dividends received.
    pub dividends: Decimal,
    /// Fees outside of trades.
    pub fees: Decimal,
    /// Sum of all deposits.
    pub put_in: Decimal,
    /// Sum of all withdrawals.
    pub taken_out: Decimal,
    /// Date of the oldest buy that is still held.
    pub since: Option<NaiveDate>,
    /// Price of the last buy or sell, adjusted for later splits.
    pub last_price: Option<Decimal>,
}

impl Sums {
    /// Returns the change of the portfolio's cash by all transactions.
    pub fn cash(&self) -> Decimal {
        self.put_in + self.proceeds + self.dividends - self.taken_out - self.invested - self.fees
    }
}

/// A symbol in a portfolio.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub sums: Sums,
    /// Lots still held, oldest first.
    pub lots: Vec<Lot>,
    /// Sells, oldest first.
    pub sales: Vec<Sale>,
}

/// Why transactions are rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// More is sold than is held on that day.
    Oversold {
        /// The sell.
        id: TransactionId,
        /// Date of the sell.
        date: NaiveDate,
        /// Shares held before the sell.
        held: Decimal,
        /// Shares to be sold.
        asked: Decimal,
    },
    /// The quantity exceeds [`MOST_UNITS`].
    TooMany {
        /// First day with this quantity.
        date: NaiveDate,
    },
    /// A quantity so small, at so high a price, that the decimals cannot represent it.
    TooFew {
        /// First day with this quantity.
        date: NaiveDate,
    },
    /// More than [`MOST_SPLITS`] splits were entered.
    TooManySplits,
}

/// Returns the splits that apply, oldest first: those of the price history, and those entered by
/// the owner that it does not contain.
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

/// Adds the owner's splits to those of the price history, without duplicates.
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
    // A ratio with a zero is invalid, whatever its source.
    all.retain(|split| split.from > 0 && split.to > 0);
    all.sort_by_key(|split| split.date);
    all
}

fn same_ratio(one: (u32, u32), other: (u32, u32)) -> bool {
    u64::from(one.0) * u64::from(other.1) == u64::from(one.1) * u64::from(other.0)
}

/// Processes the transactions of a symbol, or the transactions without a symbol. `table` contains
/// the splits of the symbol's price history. The entries can be in any order.
///
/// # Errors
/// [`Impossible`]: more is sold than is held, a quantity cannot be represented, or there are too
/// many splits.
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

/// A [`Position`] while its entries are processed.
#[derive(Default)]
struct Book {
    sums: Sums,
    /// Oldest first: sells take from the front.
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
        let all = (sums.quantity - quantity).abs() < SMALLEST;
        if quantity > sums.quantity && !all {
            return Err(Impossible::Oversold {
                id: entry.id,
                date: entry.date,
                held: sums.quantity,
                asked: quantity,
            });
        }
        let few = || Impossible::TooFew { date: entry.date };
        let taken = if all { sums.quantity } else { quantity };
        let average = part(sums.cost.average, taken, sums.quantity).ok_or_else(few)?;
        let lots = take(&mut self.lots, taken).ok_or_else(few)?;
        let cost = ByMethod {
            fifo: lots.iter().map(|lot| lot.cost).sum(),
            average,
        };
        let proceeds = quantity * price - fee;
        sums.quantity -= taken;
        sums.cost.fifo -= cost.fifo;
        sums.cost.average -= cost.average;
        sums.realized.fifo += proceeds - cost.fifo;
        sums.realized.average += proceeds - cost.average;
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

    /// Changes the quantities; the cost stays.
    fn split(&mut self, split: &Split) -> Result<(), Impossible> {
        let date = split.date;
        let (from, to) = (Decimal::from(split.from), Decimal::from(split.to));
        let (many, few) = (Impossible::TooMany { date }, Impossible::TooFew { date });
        let mut sum = Decimal::ZERO;
        for lot in &mut self.lots {
            let units = lot.quantity.checked_mul(to);
            let units = units.and_then(|units| units.checked_div(from));
            lot.quantity = units.ok_or_else(|| many.clone())?;
            // A quantity of zero cannot have a cost.
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

/// Returns the cost of `quantity` out of `of` shares that cost `cost` together; for all of them
/// exactly `cost`. None: the numbers are too far apart to be represented.
fn part(cost: Decimal, quantity: Decimal, of: Decimal) -> Option<Decimal> {
    if quantity == of {
        return Some(cost);
    }
    // Divides first: the product can have more digits than a decimal.
    let each = cost.checked_div(of);
    each.and_then(|each| each.checked_mul(quantity))
        // The price per share can overflow too if the quantity is tiny.
        .or_else(|| quantity.checked_div(of)?.checked_mul(cost))
}

/// Takes a quantity from the oldest lots, which hold enough. None: as in [`part`].
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
