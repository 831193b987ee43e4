//! What the days of an instrument are valued from: its transactions without what valuing has no use
//! for, so small that those of a whole portfolio are read at once.

use super::ledger::{Entry, What};
use crate::markets::Split;
use crate::shared::near::near;
use chrono::{Days, NaiveDate};

/// Something that happened on a day, as far as values and returns go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// The day.
    pub date: NaiveDate,
    /// What it was.
    pub what: Moved,
}

/// What moved; figures are as near to the exact ones as they can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moved {
    /// Units that came, or went below zero.
    Units {
        /// How many, of that day.
        units: f64,
        /// The price of each.
        price: f64,
        /// What it did to the cash.
        cash: f64,
    },
    /// Money of an instrument or of the portfolio: a dividend, a fee.
    Inside(f64),
    /// Money from the outside; below zero to there.
    Outside(f64),
    /// Old units that became new ones.
    Split {
        /// Old units.
        from: u32,
        /// New units.
        to: u32,
    },
}

impl Moved {
    /// What it does to the cash of its portfolio.
    pub const fn cash(self) -> f64 {
        match self {
            Self::Units { cash, .. } | Self::Inside(cash) | Self::Outside(cash) => cash,
            Self::Split { .. } => 0.0,
        }
    }
}

impl From<&Entry> for Move {
    fn from(entry: &Entry) -> Self {
        let cash = near(entry.what.cash());
        let what = match &entry.what {
            What::Buy {
                quantity, price, ..
            } => Moved::Units {
                units: near(*quantity),
                price: near(*price),
                cash,
            },
            What::Sell {
                quantity, price, ..
            } => Moved::Units {
                units: -near(*quantity),
                price: near(*price),
                cash,
            },
            What::Dividend(_) | What::Fee(_) => Moved::Inside(cash),
            What::Deposit(_) | What::Withdrawal(_) => Moved::Outside(cash),
            What::Split { from, to } => Moved::Split {
                from: *from,
                to: *to,
            },
        };
        Self {
            date: entry.date,
            what,
        }
    }
}

/// The moves of entries, in the order in which they happened.
pub fn moves(entries: &[Entry]) -> Vec<Move> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| entry.order());
    entries.into_iter().map(Move::from).collect()
}

/// The splits that apply: those of the table, and those written down by hand that it does not know.
pub fn splits(moves: &[Move], table: &[Split]) -> Vec<Split> {
    let own = moves.iter().filter_map(|one| match one.what {
        Moved::Split { from, to } => Some(Split {
            date: one.date,
            from,
            to,
        }),
        _ => None,
    });
    super::ledger::merged(own, table)
}

/// So many units of today is a unit of that day. A split comes before the trades of its day.
pub fn units_since(splits: &[Split], date: NaiveDate) -> f64 {
    splits
        .iter()
        .filter(|split| split.date > date)
        .map(|split| f64::from(split.to) / f64::from(split.from))
        .product()
}

/// Bytes of a move: its day from the first one that there is, its sort, three figures.
const BYTES: usize = 4 + 1 + 3 * 8;

/// Moves as they are kept.
pub fn pack(moves: &[Move]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(moves.len() * BYTES);
    for one in moves {
        let (sort, figures) = match one.what {
            Moved::Units { units, price, cash } => (0, [units, price, cash]),
            Moved::Inside(cash) => (1, [cash, 0.0, 0.0]),
            Moved::Outside(cash) => (2, [cash, 0.0, 0.0]),
            Moved::Split { from, to } => (3, [f64::from(from), f64::from(to), 0.0]),
        };
        let day = (one.date - NaiveDate::default()).num_days();
        bytes.extend(i32::try_from(day).unwrap_or_default().to_le_bytes());
        bytes.push(sort);
        bytes.extend(figures.into_iter().flat_map(f64::to_le_bytes));
    }
    bytes
}

/// The moves that were kept; `None`: these are none.
pub fn unpack(bytes: &[u8]) -> Option<Vec<Move>> {
    if !bytes.len().is_multiple_of(BYTES) {
        return None;
    }
    bytes.chunks_exact(BYTES).map(unpacked).collect()
}

fn unpacked(bytes: &[u8]) -> Option<Move> {
    let (day, bytes) = bytes.split_first_chunk()?;
    let (sort, bytes) = bytes.split_first()?;
    let (first, bytes) = bytes.split_first_chunk()?;
    let (second, bytes) = bytes.split_first_chunk()?;
    let (third, _) = bytes.split_first_chunk()?;
    let [first, second, third] = [first, second, third].map(|figure| f64::from_le_bytes(*figure));
    let day = i32::from_le_bytes(*day);
    let days = Days::new(day.unsigned_abs().into());
    let start = NaiveDate::default();
    let date = if day < 0 {
        start.checked_sub_days(days)?
    } else {
        start.checked_add_days(days)?
    };
    let what = match sort {
        0 => Moved::Units {
            units: first,
            price: second,
            cash: third,
        },
        1 => Moved::Inside(first),
        2 => Moved::Outside(first),
        3 => Moved::Split {
            from: first as u32,
            to: second as u32,
        },
        _ => return None,
    };
    Some(Move { date, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::TransactionId;
    use proptest::prelude::*;
    use rust_decimal::{Decimal, prelude::ToPrimitive};
    use uuid::Uuid;

    fn some_entry() -> impl Strategy<Value = Entry> {
        let figure =
            || (1_i64..1_000_000_000_000, 0_u32..10).prop_map(|(of, to)| Decimal::new(of, to));
        let what = prop_oneof![
            (figure(), figure(), figure()).prop_map(|(quantity, price, fee)| What::Buy {
                quantity,
                price,
                fee
            }),
            (figure(), figure(), figure()).prop_map(|(quantity, price, fee)| What::Sell {
                quantity,
                price,
                fee
            }),
            figure().prop_map(What::Dividend),
            figure().prop_map(What::Fee),
            figure().prop_map(What::Deposit),
            figure().prop_map(What::Withdrawal),
            (1_u32..10_000, 1_u32..10_000).prop_map(|(from, to)| What::Split { from, to }),
        ];
        (any::<u128>(), -30_000_i64..30_000, what).prop_map(|(id, day, what)| Entry {
            id: TransactionId(Uuid::from_u128(id)),
            date: NaiveDate::default() + chrono::TimeDelta::days(day),
            what,
        })
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_there_was(entries in prop::collection::vec(some_entry(), 0..30)) {
            let all = moves(&entries);
            prop_assert_eq!(all.len(), entries.len());
            prop_assert!(all.windows(2).all(|two| two[0].date <= two[1].date));
            prop_assert_eq!(unpack(&pack(&all)), Some(all.clone()));
            let cash: Decimal = entries.iter().map(|entry| entry.what.cash()).sum();
            let sum: f64 = all.iter().map(|one| one.what.cash()).sum();
            let size: f64 = all.iter().map(|one| one.what.cash().abs()).sum();
            prop_assert!((sum - cash.to_f64().unwrap()).abs() <= 1e-12 * size);
            prop_assert_eq!(splits(&all, &[]).len(), super::super::ledger::splits(&entries, &[]).len());
        }

        #[test]
        fn other_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(all) = unpack(&bytes) {
                prop_assert_eq!(all.len() * BYTES, bytes.len());
            }
        }
    }
}
