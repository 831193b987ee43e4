//! Files of transactions: our own, and those that Ghostfolio and Wealthfolio write.
//!
//! A file is read by the names of its columns, whoever wrote it. What a line says is a [`Draft`] like
//! one from the form, so that the same rules hold; a line that cannot be is told with its number and
//! costs no other.

mod columns;
mod text;

#[cfg(test)]
mod tests;

use super::{Checked, check};
use crate::portfolio::{Draft, Kind, Transaction};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
use columns::Columns;
use serde::Deserialize;

/// Most lines of a file.
pub const MOST_LINES: usize = 100_000;

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
}

/// Reads a file. Lines that are empty, or are marked as taken out, are passed over.
///
/// # Errors
/// `file-empty`, `file-unreadable` (no table with columns that are known, no JSON of
/// transactions), `file-too-long`.
pub fn read(bytes: &[u8], today: NaiveDate) -> Result<Vec<Line>> {
    let text = text::decode(bytes);
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(Error::bad_request(
            "file-empty",
            "There is nothing in this file",
        ));
    }
    let drafts = if trimmed.starts_with(['{', '[']) {
        of_json(trimmed)?
    } else {
        of_table(&text)?
    };
    if drafts.len() > MOST_LINES {
        return Err(Error::bad_request(
            "file-too-long",
            format!("A file has at most {MOST_LINES} transactions"),
        )
        .with("max", MOST_LINES));
    }
    let line = |(number, draft)| Line {
        number,
        read: check(&draft, today),
    };
    Ok(drafts.into_iter().map(line).collect())
}

fn unreadable() -> Error {
    Error::bad_request(
        "file-unreadable",
        "This is no table of transactions: its first line must name columns such as date, type, \
         symbol, quantity and price",
    )
}

fn of_table(text: &str) -> Result<Vec<(usize, Draft)>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(text::delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader
        .headers()
        .ok()
        .and_then(Columns::of)
        .ok_or_else(unreadable)?;
    let mut drafts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| unreadable())?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let number = record.position().map_or(0, csv::Position::line);
        if let Some(draft) = columns.draft(&record) {
            drafts.push((usize::try_from(number).unwrap_or(usize::MAX), draft));
        }
    }
    Ok(drafts)
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
}

fn of_json(text: &str) -> Result<Vec<(usize, Draft)>> {
    if let Ok(own) = serde_json::from_str::<OwnFile>(text) {
        let live = own.transactions.into_iter().enumerate();
        let live = live.filter(|(_, one)| !one.removed);
        return Ok(live.map(|(at, one)| (at + 1, draft_of(one))).collect());
    }
    let file: Ghostfolio = serde_json::from_str(text).map_err(|_| unreadable())?;
    let drafts = file.activities.into_iter().enumerate().map(|(at, one)| {
        let draft = columns::resolve(&columns::Written {
            date: &one.date,
            kind: &one.kind,
            symbol: &one.symbol,
            quantity: &one.quantity.to_string(),
            price: &one.unit_price.to_string(),
            fee: &one.fee.map(|fee| fee.to_string()).unwrap_or_default(),
            note: one.comment.as_deref().unwrap_or_default(),
            ..columns::Written::default()
        });
        (at + 1, draft)
    });
    Ok(drafts.collect())
}

/// A transaction as it would be written down again.
#[must_use]
pub fn draft_of(one: Transaction) -> Draft {
    let text = |figure: Option<rust_decimal::Decimal>| {
        figure
            .map(|figure| figure.normalize().to_string())
            .unwrap_or_default()
    };
    let (from, to) = one
        .ratio
        .map(|(from, to)| (from.to_string(), to.to_string()))
        .unwrap_or_default();
    Draft {
        kind: one.kind.as_str().into(),
        symbol: one.symbol.unwrap_or_default(),
        date: one.date.to_string(),
        quantity: text(one.quantity),
        price: text(one.price),
        fee: text(one.fee),
        amount: text(one.amount),
        from,
        to,
        note: one.note,
    }
}

/// The first line of our own table.
///
/// # Errors
/// When there is no memory left.
pub fn head() -> Result<String> {
    line(&OWN)
}

/// A transaction as a line of our own table.
///
/// # Errors
/// As [`head`].
pub fn row(one: &Transaction) -> Result<String> {
    let removed = if one.removed { "yes" } else { "" };
    let draft = draft_of(one.clone());
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
