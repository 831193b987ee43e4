//! Reads and writes transaction files: our own format, and those of Ghostfolio and Wealthfolio.
//!
//! Columns are found by their names, for files of any program. Each line becomes a
//! [`TransactionInput`] like one from the form, so the same rules apply. An invalid line is
//! reported with its number and does not affect other lines.

mod columns;
mod text;

#[cfg(test)]
mod tests;

use super::{Checked, Marks, check, could_be_two};
use crate::portfolio::{Kind, Transaction, TransactionInput};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
use columns::Columns;
use serde::Deserialize;

/// Maximum number of lines of a file.
pub const MOST_LINES: usize = 100_000;

/// Maximum characters of a cell in an error.
const SHOWN: usize = 60;

/// Columns of our own files, in order.
const OWN: [&str; 11] = [
    "date", "kind", "symbol", "quantity", "price", "fee", "amount", "from", "to", "note", "removed",
];

/// Result of reading a line.
#[derive(Debug)]
pub struct Line {
    /// Line number, from 1; in JSON the number of the entry.
    pub number: usize,
    /// The transaction, or the error.
    pub read: Result<Checked>,
    /// Name and content of the cell with the error, if known.
    pub place: Option<(String, String)>,
    /// Name and content of the currency cell, if present.
    pub currency: Option<(String, String)>,
}

impl Line {
    /// Reads a line. `place` finds a field of the line in the file.
    fn of(
        number: usize,
        input: &TransactionInput,
        today: NaiveDate,
        place: impl Fn(&str) -> Option<(String, String)>,
    ) -> Self {
        let read = check(input, today).map_err(|error| clearer(error, input));
        let wrong = read.as_ref().err();
        let field = wrong.and_then(|error| error.details.get("field"));
        let short = |(column, written): (String, String)| (shown(&column), shown(&written));
        Self {
            number,
            place: field.and_then(|field| place(field)).map(short),
            currency: place("currency")
                .filter(|(_, written)| !written.trim().is_empty())
                .map(short),
            read,
        }
    }
}

/// Replaces the error of an ambiguous number with a clearer one.
fn clearer(error: Error, input: &TransactionInput) -> Error {
    let field = error.details.get("field").cloned().unwrap_or_default();
    let unclear = in_input(input, &field).is_some_and(|(_, written)| could_be_two(&written));
    if error.code != "bad-number" || !unclear {
        return error;
    }
    Error::bad_request(
        "ambiguous-number",
        "This can be thousands or a figure with decimals, and no other figure of the file tells: \
         write it without a mark between thousands, with decimals such as 1000.00",
    )
    .with("field", field)
}

/// Returns the currency code. Hundredths have their own codes: `GBp` is called `GBX` by the prices
/// of London.
pub fn currency_code(written: &str) -> String {
    let written = written.trim();
    let of_hundredths = |code: &[u8]| {
        let [first, second, third] = code else {
            return false;
        };
        first.is_ascii_uppercase() && second.is_ascii_uppercase() && third.is_ascii_lowercase()
    };
    match written {
        "GBp" => "GBX".to_owned(),
        _ if of_hundredths(written.as_bytes()) => written.to_owned(),
        _ => written.to_uppercase(),
    }
}

/// Shortens a cell for display.
fn shown(cell: &str) -> String {
    let mut short: String = cell.chars().take(SHOWN).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    short
}

/// Reads a file. Skips empty lines and lines marked as removed.
///
/// # Errors
/// `file-empty`, `file-binary`, `file-unreadable` (no known columns, no JSON with transactions),
/// `file-too-long`.
pub fn read(bytes: &[u8], today: NaiveDate) -> Result<Vec<Line>> {
    let text = text::decode(bytes);
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(Error::bad_request("file-empty", "Empty file"));
    }
    // Only binary files contain this character: images, workbooks, archives.
    if trimmed.contains('\0') {
        return Err(Error::bad_request(
            "file-binary",
            "Not a text file; save the table as CSV",
        ));
    }
    if trimmed.starts_with(['{', '[']) {
        of_json(trimmed, today)
    } else {
        of_table(&text, today)
    }
}

fn too_long() -> Error {
    Error::bad_request(
        "file-too-long",
        format!("Too many transactions: at most {MOST_LINES} per file"),
    )
    .with("max", MOST_LINES)
}

fn unreadable() -> Error {
    Error::bad_request(
        "file-unreadable",
        "No transactions found: the first line must name columns such as date, type, symbol, quantity and price",
    )
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(text::delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// Learns the decimal separator from all numbers of a table. Spreadsheets write semicolons or tabs
/// between cells; in such a file a point can be either separator.
fn marks(text: &str, columns: &Columns) -> Result<Marks> {
    let mut marks = Marks::new(text::delimiter(text) == b',');
    let mut reader = reader(text);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| unreadable())? {
        columns.learn(&record, &mut marks);
    }
    Ok(marks)
}

fn of_table(text: &str, today: NaiveDate) -> Result<Vec<Line>> {
    let mut reader = reader(text);
    let head = reader.headers().map_err(|_| unreadable())?.clone();
    let columns = Columns::of(&head).ok_or_else(unreadable)?;
    let marks = marks(text, &columns)?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| unreadable())?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(input) = columns.input(&record, &marks) else {
            continue;
        };
        if lines.len() == MOST_LINES {
            return Err(too_long());
        }
        let number = record.position().map_or(0, csv::Position::line);
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let place = |field: &str| {
            let at = columns.place(field)?;
            let cell = record.get(at).unwrap_or_default();
            Some((head.get(at)?.to_owned(), cell.to_owned()))
        };
        lines.push(Line::of(number, &input, today, place));
    }
    Ok(lines)
}

/// Our own JSON format.
#[derive(Deserialize)]
struct OwnFile {
    transactions: Vec<Transaction>,
}

/// Export format of Ghostfolio.
#[derive(Deserialize)]
struct Ghostfolio {
    activities: Vec<Activity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Activity {
    date: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    symbol: String,
    quantity: serde_json::Number,
    unit_price: serde_json::Number,
    #[serde(default)]
    fee: Option<serde_json::Number>,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    currency: Option<String>,
}

fn of_json(text: &str, today: NaiveDate) -> Result<Vec<Line>> {
    type Numbered = (usize, TransactionInput, Option<String>);
    let inputs: Vec<Numbered> = if let Ok(own) = serde_json::from_str::<OwnFile>(text) {
        let live = own.transactions.iter().enumerate();
        let live = live.filter(|(_, one)| !one.removed);
        live.map(|(at, one)| (at + 1, one.into(), None)).collect()
    } else {
        let file: Ghostfolio = serde_json::from_str(text).map_err(|_| unreadable())?;
        let inputs = file.activities.iter().enumerate();
        let numbered = |(at, one): (usize, &Activity)| (at + 1, one.input(), one.currency.clone());
        inputs.map(numbered).collect()
    };
    if inputs.len() > MOST_LINES {
        return Err(too_long());
    }
    let line = |(number, input, currency): Numbered| {
        Line::of(number, &input, today, |field| match field {
            "currency" => Some((field.to_owned(), currency.clone()?)),
            _ => in_input(&input, field),
        })
    };
    Ok(inputs.into_iter().map(line).collect())
}

impl Activity {
    fn input(&self) -> TransactionInput {
        let fee = self.fee.as_ref().map(ToString::to_string);
        columns::resolve(&columns::Written {
            date: &self.date,
            kind: &self.kind,
            symbol: &self.symbol,
            quantity: &self.quantity.to_string(),
            price: &self.unit_price.to_string(),
            fee: &fee.unwrap_or_default(),
            note: self.comment.as_deref().unwrap_or_default(),
            ..columns::Written::default()
        })
    }
}

/// Returns name and content of an input field.
fn in_input(input: &TransactionInput, field: &str) -> Option<(String, String)> {
    let written = match field {
        "date" => &input.date,
        "kind" => &input.kind,
        "symbol" => &input.symbol,
        "quantity" => &input.quantity,
        "price" => &input.price,
        "fee" => &input.fee,
        "amount" => &input.amount,
        "from" => &input.from,
        "to" => &input.to,
        "note" => &input.note,
        _ => return None,
    };
    Some((field.to_owned(), written.clone()))
}

/// Returns the header line of our own CSV format.
pub fn head() -> Result<String> {
    line(&OWN)
}

/// Returns a transaction as a line of our own CSV format.
pub fn row(one: &Transaction) -> Result<String> {
    let removed = if one.removed { "yes" } else { "" };
    let input = TransactionInput::from(one);
    line(&[
        &input.date,
        Kind::as_str(one.kind),
        &text::harmless(&input.symbol),
        &input.quantity,
        &input.price,
        &input.fee,
        &input.amount,
        &input.from,
        &input.to,
        &text::harmless(&input.note),
        removed,
    ])
}

fn line(cells: &[&str]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(Error::internal)?;
    let bytes = writer.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}
