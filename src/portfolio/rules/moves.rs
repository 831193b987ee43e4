//! Compact form of transactions for valuing days. It contains only what valuing needs, so the moves
//! of a whole portfolio can be read at once.

use super::ledger::{Entry, What};
use crate::markets::Split;
use crate::shared::near::near;
use chrono::{Days, NaiveDate};

/// A transaction, as far as values and returns use it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    pub date: NaiveDate,
    pub what: Moved,
}

/// What moved, in `f64`: the nearest values to the exact decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moved {
    /// A buy, or a sell with negative quantity.
    Units {
        /// Quantity, as of that day.
        units: f64,
        /// Price per share.
        price: f64,
        /// Change of cash.
        cash: f64,
    },
    /// Cash from within the portfolio: a dividend, or a fee (negative).
    Inside(f64),
    /// External flow: a deposit, or a withdrawal (negative).
    Outside(f64),
    /// `from` old shares became `to` new shares.
    Split { from: u32, to: u32 },
}

impl Moved {
    /// Returns the change of the portfolio's cash.
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

/// Returns the moves of entries, in the order in which they happened.
pub fn moves(entries: &[Entry]) -> Vec<Move> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| entry.order());
    entries.into_iter().map(Move::from).collect()
}

/// Returns the splits that apply: those of the price history, and those entered by the owner that
/// it does not contain.
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

/// Returns how many shares of today one share of that date is. Splits precede the trades of their
/// day.
pub fn units_since(splits: &[Split], date: NaiveDate) -> f64 {
    splits
        .iter()
        .filter(|split| split.date > date)
        .map(|split| f64::from(split.to) / f64::from(split.from))
        .product()
}

/// Size of a packed move: days since 1970-01-01 (`i32`), kind, three numbers (`f64`).
const BYTES: usize = 4 + 1 + 3 * 8;

/// Serializes moves for the database.
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

/// Deserializes moves. `None`: the bytes are invalid.
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
