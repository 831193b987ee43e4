//! Decodes files, and protects cells from being run as formulas.

use std::borrow::Cow;

/// Decodes UTF-8, or UTF-16 with a byte order mark; else Windows-1252, which accepts any byte.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}

/// Returns the delimiter: the most frequent one in the first line.
pub fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    let mut best = b',';
    for mark in [b';', b'\t'] {
        if count(mark) > count(best) {
            best = mark;
        }
    }
    best
}

/// Spreadsheets run cells that begin with these characters.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Escapes a cell so that no program takes it for a formula.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) || is_harmless_form(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Reverts [`harmless`].
pub fn as_it_was(cell: &str) -> &str {
    if is_harmless_form(cell) {
        cell.strip_prefix('\'').unwrap_or(cell)
    } else {
        cell
    }
}

/// true for `'=…`, including a cell that was escaped more than once.
fn is_harmless_form(cell: &str) -> bool {
    cell.starts_with('\'') && cell.trim_start_matches('\'').starts_with(FORMULA)
}
