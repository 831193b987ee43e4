//! Files of transactions: our own, and those that Ghostfolio and Wealthfolio write.
//!
//! A file is read by the names of its columns, whoever wrote it. What a line says is a [`Draft`] like
//! one from the form, so that the same rules hold; a line that cannot be is told with its number and
//! costs no other.

mod columns;
mod text;

#[cfg(test)]
mod tests;

use super::{Checked, Marks, check, could_be_two};
use crate::portfolio::{Draft, Kind, Transaction};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
use columns::Columns;
use serde::Deserialize;

/// Most lines of a file.
pub const MOST_LINES: usize = 100_000;

/// So many characters of a cell are told.
const SHOWN: usize = 60;

/// The columns of our own files, in order.
const OWN: [&str; 11] = [
    "date", "kind", "symbol", "quantity", "price", "fee", "amount", "from", "to", "note", "removed",
];

/// What a line of a file comes to.
#[derive(Debug)]
pub struct Line {
    /// Its number in the file, from 1; of JSON the number of the entry.
    pub number: usize,
    /// The transaction, or what is wrong with it.
    pub read: Result<Checked>,
    /// The column that is wrong and what stands there, where both are known.
    pub place: Option<(String, String)>,
    /// The column of its currency and what stands there, where it tells one.
    pub currency: Option<(String, String)>,
}

impl Line {
    /// Reads what a line says. `place` finds a field of it in the file.
    fn of(
        number: usize,
        draft: &Draft,
        today: NaiveDate,
        place: impl Fn(&str) -> Option<(String, String)>,
    ) -> Self {
        let read = check(draft, today).map_err(|error| clearer(error, draft));
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

/// A figure that can be two things is told so.
fn clearer(error: Error, draft: &Draft) -> Error {
    let field = error.details.get("field").cloned().unwrap_or_default();
    let unclear = in_draft(draft, &field).is_some_and(|(_, written)| could_be_two(&written));
    if error.code != "bad-figure" || !unclear {
        return error;
    }
    Error::bad_request(
        "ambiguous-figure",
        "This can be thousands or a figure with decimals, and no other figure of the file tells: \
         write it without a mark between thousands, with decimals such as 1000.00",
    )
    .with("field", field)
}

/// The code of a currency. A hundredth of one is a currency of its own: what some call `GBp` is what
/// prices of London call `GBX`.
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

/// As much of a cell as can be shown.
fn shown(cell: &str) -> String {
    let mut short: String = cell.chars().take(SHOWN).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    short
}

/// Reads a file. Lines that are empty, or are marked as taken out, are passed over.
///
/// # Errors
/// `file-empty`, `file-binary`, `file-unreadable` (no table with columns that are known, no JSON of
/// transactions), `file-too-long`.
pub fn read(bytes: &[u8], today: NaiveDate) -> Result<Vec<Line>> {
    let text = text::decode(bytes);
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(Error::bad_request("file-empty", "Empty file"));
    }
    // Text has no such character: a picture, a book of a table program, an archive.
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

/// What stands before decimals, from all figures of a table. Semicolons and tabs are what programs
/// for tables write, in which a point can be either.
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
        let Some(draft) = columns.draft(&record, &marks) else {
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
        lines.push(Line::of(number, &draft, today, place));
    }
    Ok(lines)
}

/// Our own JSON.
#[derive(Deserialize)]
struct OwnFile {
    transactions: Vec<Transaction>,
}

/// What Ghostfolio writes.
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
    type Numbered = (usize, Draft, Option<String>);
    let drafts: Vec<Numbered> = if let Ok(own) = serde_json::from_str::<OwnFile>(text) {
        let live = own.transactions.iter().enumerate();
        let live = live.filter(|(_, one)| !one.removed);
        live.map(|(at, one)| (at + 1, one.into(), None)).collect()
    } else {
        let file: Ghostfolio = serde_json::from_str(text).map_err(|_| unreadable())?;
        let drafts = file.activities.iter().enumerate();
        let numbered = |(at, one): (usize, &Activity)| (at + 1, one.draft(), one.currency.clone());
        drafts.map(numbered).collect()
    };
    if drafts.len() > MOST_LINES {
        return Err(too_long());
    }
    let line = |(number, draft, currency): Numbered| {
        Line::of(number, &draft, today, |field| match field {
            "currency" => Some((field.to_owned(), currency.clone()?)),
            _ => in_draft(&draft, field),
        })
    };
    Ok(drafts.into_iter().map(line).collect())
}

impl Activity {
    fn draft(&self) -> Draft {
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

/// A field of a draft by its name.
fn in_draft(draft: &Draft, field: &str) -> Option<(String, String)> {
    let written = match field {
        "date" => &draft.date,
        "kind" => &draft.kind,
        "symbol" => &draft.symbol,
        "quantity" => &draft.quantity,
        "price" => &draft.price,
        "fee" => &draft.fee,
        "amount" => &draft.amount,
        "from" => &draft.from,
        "to" => &draft.to,
        "note" => &draft.note,
        _ => return None,
    };
    Some((field.to_owned(), written.clone()))
}

/// The first line of our own table.
pub fn head() -> Result<String> {
    line(&OWN)
}

/// A transaction as a line of our own table.
pub fn row(one: &Transaction) -> Result<String> {
    let removed = if one.removed { "yes" } else { "" };
    let draft = Draft::from(one);
    line(&[
        &draft.date,
        Kind::as_str(one.kind),
        &text::harmless(&draft.symbol),
        &draft.quantity,
        &draft.price,
        &draft.fee,
        &draft.amount,
        &draft.from,
        &draft.to,
        &text::harmless(&draft.note),
        removed,
    ])
}

fn line(cells: &[&str]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(Error::internal)?;
    let bytes = writer.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}
