//! Finds columns by their names, and maps the terms of other programs.

use super::text::as_it_was;
use crate::portfolio::TransactionInput;
use crate::portfolio::rules::{Marks, could_be_two, figure};
use chrono::NaiveDate;
use csv::StringRecord;
use rust_decimal::Decimal;

/// Index of each column.
#[derive(Debug, Default)]
pub struct Columns {
    date: usize,
    kind: usize,
    symbol: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    fee: Option<usize>,
    amount: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
    note: Option<usize>,
    removed: Option<usize>,
    currency: Option<usize>,
}

/// The cells of a line, as text.
#[derive(Debug, Default)]
pub struct Written<'a> {
    pub date: &'a str,
    pub kind: &'a str,
    pub symbol: &'a str,
    pub quantity: &'a str,
    /// Price per share.
    pub price: &'a str,
    pub fee: &'a str,
    /// Amount of a dividend, fee, deposit or withdrawal.
    pub amount: &'a str,
    /// Split ratio: number of old shares.
    pub from: &'a str,
    /// Split ratio: number of new shares.
    pub to: &'a str,
    /// Note for the owner.
    pub note: &'a str,
}

impl Columns {
    /// Finds the columns by their names. `None`: the date or the kind is missing.
    pub fn of(head: &StringRecord) -> Option<Self> {
        let plain = |name: &str| {
            let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
            letters.collect::<String>().to_ascii_lowercase()
        };
        let names: Vec<String> = head.iter().map(plain).collect();
        let find = |known: &[&str]| {
            let at = |one: &&str| names.iter().position(|name| name == *one);
            known.iter().find_map(at)
        };
        Some(Self {
            date: find(&["date", "day", "tradedate"])?,
            kind: find(&["kind", "type", "action", "activitytype"])?,
            symbol: find(&["symbol", "code", "ticker"]),
            quantity: find(&["quantity", "shares", "units"]),
            price: find(&["price", "unitprice", "avgprice"]),
            fee: find(&["fee", "fees", "commission"]),
            amount: find(&["amount", "total"]),
            from: find(&["from"]),
            to: find(&["to"]),
            note: find(&["note", "comment"]),
            removed: find(&["removed"]),
            currency: find(&["currency", "ccy"]),
        })
    }

    /// Returns the index of the column of an input field.
    pub fn place(&self, field: &str) -> Option<usize> {
        match field {
            "date" => Some(self.date),
            "kind" => Some(self.kind),
            "symbol" => self.symbol,
            "quantity" => self.quantity,
            "price" => self.price,
            "fee" => self.fee,
            "amount" => self.amount.or(self.quantity),
            "from" => self.from,
            "to" => self.to.or(self.amount),
            "note" => self.note,
            "currency" => self.currency,
            _ => None,
        }
    }

    /// Learns the decimal separator from the numbers of a line.
    pub fn learn(&self, record: &StringRecord, marks: &mut Marks) {
        for at in [self.quantity, self.price, self.fee, self.amount] {
            if let Some(cell) = at.and_then(|at| record.get(at)) {
                marks.learn(cell);
            }
        }
    }

    /// Reads a line. `None`: it is marked as removed.
    pub fn input(&self, record: &StringRecord, marks: &Marks) -> Option<TransactionInput> {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        if !cell(self.removed).is_empty() {
            return None;
        }
        Some(resolve(&Written {
            date: cell(Some(self.date)),
            kind: cell(Some(self.kind)),
            symbol: as_it_was(cell(self.symbol)),
            quantity: &marks.plain(cell(self.quantity)),
            price: &marks.plain(cell(self.price)),
            fee: &marks.plain(cell(self.fee)),
            amount: &marks.plain(cell(self.amount)),
            from: cell(self.from),
            to: cell(self.to),
            note: as_it_was(cell(self.note)),
        }))
    }
}

/// Converts a line to an input. Other programs write a dividend as quantity × price, a deposit as a
/// quantity of money, a split as a ratio in another column.
pub fn resolve(line: &Written<'_>) -> TransactionInput {
    let kind = kind(line.kind);
    let mut input = TransactionInput {
        kind: kind.to_owned(),
        symbol: line.symbol.to_owned(),
        date: day(line.date),
        note: line.note.to_owned(),
        ..TransactionInput::default()
    };
    match kind {
        "BUY" | "SELL" => {
            input.quantity = line.quantity.to_owned();
            input.price = line.price.to_owned();
            input.fee = line.fee.to_owned();
        }
        "SPLIT" => {
            let ratio = figure(line.amount).or_else(|| figure(line.quantity));
            input.from = or(line.from, || "1".into());
            input.to = or(line.to, || {
                ratio.map(|ratio| ratio.to_string()).unwrap_or_default()
            });
        }
        _ => {
            input.amount = or(line.amount, || {
                // An ambiguous number is kept, so that it is reported instead of replaced.
                let unclear = [line.quantity, line.price]
                    .into_iter()
                    .find(|cell| could_be_two(cell));
                if let Some(unclear) = unclear {
                    return unclear.to_owned();
                }
                let product = figure(line.quantity).zip(figure(line.price));
                let product = product.and_then(|(units, each)| units.checked_mul(each));
                let product = product.filter(|product| !product.is_zero());
                let text = |figure: Decimal| figure.normalize().to_string();
                product.map_or_else(|| line.fee.to_owned(), text)
            });
        }
    }
    input
}

fn or(written: &str, other: impl FnOnce() -> String) -> String {
    // Other programs write a zero for an empty cell.
    if figure(written).is_none_or(|figure| figure.is_zero())
        && (written.is_empty() || figure(written).is_some())
    {
        other()
    } else {
        written.to_owned()
    }
}

/// Returns our name of a kind. An unknown kind is returned unchanged, and reported as an error.
fn kind(written: &str) -> &str {
    let known: [(&str, &[&str]); 7] = [
        ("BUY", &["buy", "purchase"]),
        ("SELL", &["sell", "sale"]),
        ("DIVIDEND", &["dividend", "div"]),
        ("FEE", &["fee", "tax"]),
        ("SPLIT", &["split"]),
        ("DEPOSIT", &["deposit", "transferin"]),
        ("WITHDRAWAL", &["withdrawal", "transferout"]),
    ];
    let plain: String = written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let plain = plain.to_ascii_lowercase();
    let found = known
        .into_iter()
        .find(|(_, names)| names.contains(&plain.as_str()));
    found.map_or(written, |(ours, _)| ours)
}

/// Normalizes a date or a date with time to 2024-12-31. Accepts `31.12.2024` and `31-12-2024`;
/// dates with slashes are ambiguous and returned unchanged.
fn day(written: &str) -> String {
    let first = written.split(['T', ' ']).next().unwrap_or_default();
    for form in ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"] {
        if let Ok(date) = NaiveDate::parse_from_str(first, form) {
            return date.to_string();
        }
    }
    written.to_owned()
}
