//! Compares a transaction file with the portfolio.

use super::errors::{
    MAX_INSTRUMENTS, impossible, kept, too_many_instruments, too_many_transactions,
};
use super::{ledger::Tables, transactions::not_twice};
use crate::markets::Split;
use crate::portfolio::model::{Hindered, Hindrance, Import, Planned, Problem};
use crate::portfolio::rules::{
    Checked,
    ledger::{Entry, Impossible, What, position},
    statement,
};
use crate::portfolio::store::{StoredHolding, symbol_of};
use crate::shared::{Error, TransactionId};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Options of an import.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Taking {
    /// File name.
    pub name: String,
    /// Imports duplicates too.
    pub duplicates: bool,
    /// Skips the lines of symbols that cannot be imported.
    pub rest: bool,
}

/// Plan of an import.
pub(super) struct Plan {
    /// Preview or result.
    pub import: Import,
    /// Transactions to insert.
    pub taken: Vec<Checked>,
    /// Splits of its symbols.
    pub tables: Tables,
}

/// A valid line of a file.
struct Readable {
    line: usize,
    checked: Checked,
    /// false for a duplicate.
    is_new: bool,
}

/// The portfolio that a file is compared with.
pub(super) struct There<'a> {
    /// Transactions that count.
    pub entries: &'a [(String, Entry)],
    /// Their sums.
    pub kept: &'a [StoredHolding],
    /// Number of transactions that the account can still add.
    pub room: usize,
    /// true if a feature manages it.
    pub is_kept: bool,
}

/// Sorts the lines of a file into new transactions, duplicates and errors.
pub(super) fn beside(
    lines: Vec<statement::Line>,
    tables: Tables,
    there: &There<'_>,
    how: &Taking,
) -> Plan {
    let of: HashMap<&str, &[Split]> = tables
        .iter()
        .filter_map(|(symbol, table)| Some((symbol.as_str(), table.as_deref()?)))
        .collect();
    // The same transaction can happen twice, so each existing one matches only one line.
    let mut same: HashMap<(String, NaiveDate, What), usize> = HashMap::new();
    for (symbol, entry) in there.entries {
        let key = (symbol.clone(), entry.date, entry.what.clone());
        *same.entry(key).or_default() += 1;
    }
    let mut import = Import::default();
    let mut readable = Vec::new();
    for line in lines {
        let checked = line.read.and_then(|checked| {
            not_twice(&checked, of.get(symbol_of(&checked)).copied()).map(|()| checked)
        });
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => {
                import.refused += 1;
                if import.problems.len() < Import::TOLD {
                    let (column, written) = line.place.unzip();
                    import.problems.push(Problem {
                        line: line.number,
                        column,
                        written: written.filter(|written| !written.is_empty()),
                        error,
                    });
                }
                continue;
            }
        };
        let symbol = symbol_of(&checked).to_owned();
        let left = same.get_mut(&(symbol, checked.date, checked.what.clone()));
        let (count, list, is_new) = match left {
            Some(left) if *left > 0 => {
                *left -= 1;
                (&mut import.known, &mut import.duplicates, false)
            }
            _ => (&mut import.fresh, &mut import.additions, true),
        };
        *count += 1;
        if list.len() < Import::TOLD {
            list.push(planned(line.number, &checked));
        }
        readable.push(Readable {
            line: line.number,
            checked,
            is_new,
        });
    }
    let (hindrance, mut hindered) = hindrance(&readable, false, there, &tables);
    import.conflict = hindrance.reason().cloned();
    import.hindrance = hindrance;
    if import.known > 0 {
        let (other, symbols) = self::hindrance(&readable, true, there, &tables);
        import.hindrance_with_duplicates = other;
        if how.duplicates {
            hindered = symbols;
        }
    } else {
        import.hindrance_with_duplicates = import.hindrance.clone();
    }
    if how.duplicates {
        import.fresh += std::mem::take(&mut import.known);
        import.hindrance = import.hindrance_with_duplicates.clone();
        import.conflict = import.hindrance.reason().cloned();
    }
    let mut taken: Vec<Checked> = readable
        .into_iter()
        .filter(|one| one.is_new || how.duplicates)
        .map(|one| one.checked)
        .collect();
    let mut tables = tables;
    if how.rest && import.hindrance.whole.is_none() && !hindered.is_empty() {
        let fits = |symbol: &str| !hindered.contains(symbol);
        let before = taken.len();
        taken.retain(|checked| fits(symbol_of(checked)));
        tables.retain(|(symbol, _)| fits(symbol));
        import.left_out = before - taken.len();
        import.fresh -= import.left_out;
        import.conflict = None;
    }
    Plan {
        import,
        taken,
        tables,
    }
}

/// Returns what prevents importing the lines, and the symbols that cannot be imported. Symbols are
/// independent, so the others can be imported without them.
fn hindrance(
    readable: &[Readable],
    duplicates: bool,
    there: &There<'_>,
    tables: &Tables,
) -> (Hindrance, HashSet<String>) {
    let taken = || readable.iter().filter(|one| one.is_new || duplicates);
    let mut entries: HashMap<&str, Vec<Entry>> = HashMap::new();
    for (symbol, entry) in there.entries {
        entries.entry(symbol).or_default().push(entry.clone());
    }
    let mut lines: HashMap<TransactionId, usize> = HashMap::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for one in taken() {
        let symbol = symbol_of(&one.checked);
        let id = TransactionId::new();
        lines.insert(id, one.line);
        *counts.entry(symbol).or_default() += 1;
        entries.entry(symbol).or_default().push(Entry {
            id,
            date: one.checked.date,
            what: one.checked.what.clone(),
        });
    }
    let before: HashMap<&str, &[Split]> = there
        .kept
        .iter()
        .map(|kept| (kept.symbol.as_str(), kept.splits.as_slice()))
        .collect();
    let mut hindrance = Hindrance {
        whole: whole(taken().count(), counts.keys().copied(), there),
        ..Hindrance::default()
    };
    let mut symbols = HashSet::new();
    for (symbol, table) in tables {
        let Some(count) = counts.get(symbol.as_str()).copied() else {
            continue;
        };
        let table = table.as_deref();
        let table = table.or_else(|| before.get(symbol.as_str()).copied());
        let entries = entries.get(symbol.as_str()).map_or(&[][..], Vec::as_slice);
        let Err(why) = position(entries, table.unwrap_or_default()) else {
            continue;
        };
        symbols.insert(symbol.clone());
        hindrance.count += 1;
        hindrance.lines += count;
        if hindrance.instruments.len() < Import::TOLD {
            let line = match &why {
                Impossible::Oversold { id, .. } => lines.get(id).copied(),
                _ => None,
            };
            hindrance.instruments.push(Hindered {
                symbol: symbol.clone(),
                line,
                lines: count,
                error: impossible(symbol, &why),
            });
        }
    }
    (hindrance, symbols)
}

/// Returns the error that prevents the whole import.
fn whole<'a>(
    taken: usize,
    symbols: impl Iterator<Item = &'a str>,
    there: &There<'_>,
) -> Option<Error> {
    if there.is_kept {
        return Some(kept());
    }
    if taken > there.room {
        return Some(too_many_transactions());
    }
    let known: HashSet<&str> = there.kept.iter().map(|kept| kept.symbol.as_str()).collect();
    let more = symbols.filter(|symbol| !symbol.is_empty() && !known.contains(symbol));
    let (more, held) = (more.count(), known.iter().filter(|one| !one.is_empty()));
    (more > 0 && held.count() + more > MAX_INSTRUMENTS).then(too_many_instruments)
}

fn planned(line: usize, checked: &Checked) -> Planned {
    let mut planned = Planned {
        line,
        kind: checked.kind,
        symbol: checked.symbol.as_ref().map(ToString::to_string),
        date: checked.date,
        quantity: None,
        price: None,
        amount: None,
        ratio: None,
    };
    match &checked.what {
        What::Buy {
            quantity, price, ..
        }
        | What::Sell {
            quantity, price, ..
        } => {
            planned.quantity = Some(*quantity);
            planned.price = Some(*price);
        }
        What::Dividend(amount)
        | What::Fee(amount)
        | What::Deposit(amount)
        | What::Withdrawal(amount) => planned.amount = Some(*amount),
        What::Split { from, to } => planned.ratio = Some((*from, *to)),
    }
    planned
}
