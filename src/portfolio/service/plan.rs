//! A file of transactions set beside what the portfolio has.

use super::{impossible, transactions::not_twice};
use crate::markets::Split;
use crate::portfolio::model::{Import, Planned, Problem};
use crate::portfolio::rules::{
    Checked,
    ledger::{Entry, What, position},
    statement,
};
use crate::portfolio::store::{Kept, symbol_of};
use crate::shared::{Error, TransactionId};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The splits of some instruments; none: nobody can be asked now.
pub(super) type Tables = Vec<(String, Option<Vec<Split>>)>;

/// A file that was read.
pub(super) struct Plan {
    /// What it comes to.
    pub import: Import,
    /// What is to be written.
    pub taken: Vec<Checked>,
    /// The splits of its instruments.
    pub tables: Tables,
}

/// What is new in a file, what is there already, what cannot be.
pub(super) fn beside(
    lines: Vec<statement::Line>,
    tables: Tables,
    there: &[(String, Entry)],
    known: &[Kept],
    duplicates: bool,
) -> Plan {
    let of: HashMap<&str, &[Split]> = tables
        .iter()
        .filter_map(|(symbol, table)| Some((symbol.as_str(), table.as_deref()?)))
        .collect();
    // The same transaction may well have happened twice: each one that is there stands for one.
    let mut same: HashMap<(String, NaiveDate, What), usize> = HashMap::new();
    for (symbol, entry) in there {
        let key = (symbol.clone(), entry.date, entry.what.clone());
        *same.entry(key).or_default() += 1;
    }
    let mut import = Import::default();
    let mut taken = Vec::new();
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
        if is_new || duplicates {
            taken.push(checked);
        }
    }
    if duplicates {
        import.fresh += std::mem::take(&mut import.known);
    }
    import.conflict = conflict(&taken, there, &tables, known);
    Plan {
        import,
        taken,
        tables,
    }
}

/// Why transactions cannot be together with those that are there; the first reason.
fn conflict(
    taken: &[Checked],
    there: &[(String, Entry)],
    tables: &Tables,
    known: &[Kept],
) -> Option<Error> {
    let mut entries: HashMap<&str, Vec<Entry>> = HashMap::new();
    for (symbol, entry) in there {
        entries.entry(symbol).or_default().push(entry.clone());
    }
    for checked in taken {
        entries.entry(symbol_of(checked)).or_default().push(Entry {
            id: TransactionId::new(),
            date: checked.date,
            what: checked.what.clone(),
        });
    }
    let before: HashMap<&str, &[Split]> = known
        .iter()
        .map(|kept| (kept.symbol.as_str(), kept.splits.as_slice()))
        .collect();
    tables.iter().find_map(|(symbol, table)| {
        let table = table.as_deref();
        let table = table.or_else(|| before.get(symbol.as_str()).copied());
        let entries = entries.get(symbol.as_str())?;
        let found = position(entries, table.unwrap_or_default());
        found.err().map(|why| impossible(symbol, &why))
    })
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
