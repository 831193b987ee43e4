//! Parses alerts in one line of text.

use super::input::condition;
use crate::alerts::model::{AlertKind, Condition};
use crate::markets::{Symbol, is_symbol_char};
use crate::portfolio::rules::figure;
use crate::shared::{Error, Result};

/// Parses `AAPL > 200`, `AAPL < 150,5`, `AAPL +5%`, `AAPL -3%`, `AAPL 4%` (either way), `AAPL rsi <
/// 30`, `AAPL rsi 21 > 70`, `AAPL cross sma 200`, `AAPL cross ema 50`, `AAPL cross macd`, in any
/// case; ignores a `$` before the symbol.
///
/// # Errors
/// `bad-alert-text` if it has none of these forms; `bad-symbol`, `bad-alert-value`,
/// `bad-alert-period`.
pub fn parse(text: &str) -> Result<(Symbol, Condition)> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    let end = text
        .find(|c: char| !is_symbol_char(c))
        .unwrap_or(text.len());
    let (symbol, rest) = text.split_at_checked(end).ok_or_else(unclear)?;
    if symbol.is_empty() {
        return Err(unclear());
    }
    let symbol: Symbol = symbol.parse()?;
    let rest = rest.trim().to_lowercase();
    let found =
        if let Some((kind, value)) = against(&rest, AlertKind::PriceAbove, AlertKind::PriceBelow) {
            condition(kind, Some(figure(value).ok_or_else(unclear)?), None)
        } else if let Some(change) = rest.strip_suffix('%') {
            of_a_day(change)
        } else if let Some(rsi) = word(&rest, "rsi") {
            relative_strength(rsi)
        } else if let Some(line) = word(&rest, "cross").or_else(|| word(&rest, "crosses")) {
            crossing(line)
        } else {
            Err(unclear())
        };
    Ok((symbol, found?))
}

/// Words at the end of a command that post the alert in its channel.
const HERE: [&str; 3] = ["here", "aquí", "aqui"];

/// Like [`parse`], for a command in a channel: true if it ends with `here`, which posts the alert
/// there.
pub fn parse_in_channel(text: &str) -> Result<(Symbol, Condition, bool)> {
    let text = text.trim();
    let (rest, last) = text.rsplit_once(char::is_whitespace).unwrap_or((text, ""));
    let here = HERE.contains(&last.to_lowercase().as_str());
    let (symbol, condition) = parse(if here { rest } else { text })?;
    Ok((symbol, condition, here))
}

/// The text after a word, which a space or bracket ends.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let apart = !rest.starts_with(|c: char| c.is_alphanumeric());
    apart.then(|| rest.trim_start())
}

/// Parses `> 200` and `< 150`.
fn against(text: &str, above: AlertKind, below: AlertKind) -> Option<(AlertKind, &str)> {
    if let Some(value) = text.strip_prefix('>') {
        return Some((above, value));
    }
    text.strip_prefix('<').map(|value| (below, value))
}

fn of_a_day(text: &str) -> Result<Condition> {
    let text = text.trim();
    let (kind, text) = match text.chars().next() {
        Some('+') => (AlertKind::Rises, text.get(1..)),
        Some('-') => (AlertKind::Falls, text.get(1..)),
        Some('\u{2212}') => (AlertKind::Falls, text.get('\u{2212}'.len_utf8()..)),
        _ => (AlertKind::Moves, Some(text)),
    };
    let value = text.and_then(figure).ok_or_else(unclear)?;
    condition(kind, Some(value), None)
}

fn relative_strength(text: &str) -> Result<Condition> {
    let at = text.find(['<', '>']).ok_or_else(unclear)?;
    let (period, rest) = text.split_at_checked(at).ok_or_else(unclear)?;
    let (kind, value) =
        against(rest, AlertKind::RsiAbove, AlertKind::RsiBelow).ok_or_else(unclear)?;
    let value = figure(value).ok_or_else(unclear)?;
    condition(kind, Some(value), days(period)?)
}

fn crossing(text: &str) -> Result<Condition> {
    for (name, kind) in [
        ("sma", AlertKind::CrossesSma),
        ("ema", AlertKind::CrossesEma),
    ] {
        if let Some(period) = text.strip_prefix(name) {
            return condition(kind, None, days(period)?);
        }
    }
    match text {
        "macd" => condition(AlertKind::CrossesMacd, None, None),
        _ => Err(unclear()),
    }
}

/// Parses `200`, `(200)` or nothing.
fn days(text: &str) -> Result<Option<u32>> {
    let text = text.trim();
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    match inner.unwrap_or(text).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| unclear()),
    }
}

fn unclear() -> Error {
    Error::bad_request(
        "bad-alert-text",
        "Use a form such as AAPL > 200, AAPL -3%, AAPL rsi < 30 or AAPL cross sma 200",
    )
}
