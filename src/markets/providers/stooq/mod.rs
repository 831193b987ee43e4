//! stooq.com: the light quote, one line of CSV, and the daily history, one line per day.
//!
//! Failures come with status 200 as well (a page for browsers, a plain sentence), so only CSV with
//! the requested header counts as a response.

use super::{
    Answered, Bar, History, MarketData, ProviderFailure, Quote, Remote, Source, Symbol, checked,
    checks, remote::Question, report_dropped,
};
use crate::{platform::http::Answer, shared::time::now};
use async_trait::async_trait;
use chrono::{NaiveDate, NaiveTime};
use csv::StringRecord;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::sync::Arc;

/// The light quote; `h` has no value.
const QUOTE: &str = "/q/l/?s={}&f=sd2t2ohlcv&h&e=csv";
/// All days, adjusted for splits.
const HISTORY: &str = "/q/d/l/?s={}&i=d";

/// stooq.com as a data source.
pub struct Stooq {
    remote: Remote,
    key: Option<String>,
}

impl Stooq {
    /// Creates the data source. Without an API key stooq refuses histories.
    pub fn new(remote: Remote, key: Option<String>) -> Self {
        Self { remote, key }
    }

    /// `path` contains `{}` in place of the symbol; stooq's own form is kept exactly.
    async fn ask<T>(
        &self,
        symbol: &Symbol,
        path: &str,
        understand: impl Fn(&str, &str) -> Answered<T>,
    ) -> Answered<T> {
        let code = stooq_code(symbol);
        let written = code.replace('^', "%5E").replace('=', "%3D");
        let key = self.key.as_ref().map(|key| ("apikey", key.as_str()));
        let question = Question {
            path: &path.replace("{}", &written),
            query: key.as_slice(),
            token: None,
        };
        let understand = |answer: &Answer| understand(text_of(answer)?, &code);
        self.remote.ask(question, understand).await
    }
}

#[async_trait]
impl MarketData for Stooq {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        let quote = |body: &str, code: &str| read_quote(body, symbol, code);
        self.ask(symbol, QUOTE, quote).await
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        let history = |body: &str, _: &str| read_history(body, symbol);
        self.ask(symbol, HISTORY, history).await
    }

    fn counts(&self) -> bool {
        true
    }

    fn source(&self) -> Source {
        self.remote.source()
    }
}

/// Returns stooq's own symbol: lower case, with the market; indices (`^spx`) have none.
fn stooq_code(symbol: &Symbol) -> String {
    let code = symbol.as_str().to_ascii_lowercase();
    if code.contains('.') || code.starts_with('^') {
        code
    } else {
        code + ".us"
    }
}

/// Returns the text of a response that can be valid.
fn text_of(answer: &Answer) -> Result<&str, ProviderFailure> {
    if answer.status != 200 {
        return Err(ProviderFailure::Status(answer.status));
    }
    let body = str::from_utf8(&answer.body).map_err(|_| ProviderFailure::Unusable("not text"))?;
    Ok(body.trim_start_matches('\u{feff}'))
}

/// Parses a daily history; `None`: unknown symbol.
fn read_history(body: &str, symbol: &Symbol) -> Answered<Arc<History>> {
    if body.trim() == "No data" {
        return Ok(None);
    }
    if !body.starts_with("Date,") {
        return Err(refusal(body));
    }
    let mut lines = csv::Reader::from_reader(body.as_bytes());
    let header = lines.headers().map_err(not_csv)?.clone();
    let mut found = Vec::new();
    for line in lines.records() {
        let line = line.map_err(not_csv)?;
        let row = Row {
            header: &header,
            line,
        };
        found.push(row.bar());
    }
    let (bars, dropped) = checks::bars(found, now().date_naive());
    report_dropped(Source::Stooq, symbol, dropped);
    if bars.is_empty() {
        return Err(ProviderFailure::Unusable("no line under the header"));
    }
    Ok(Some(Arc::new(History {
        bars,
        // Prices are adjusted for splits, but stooq does not list them.
        splits: None,
        source: Source::Stooq,
    })))
}

/// Parses a light quote; `None`: unknown symbol.
fn read_quote(body: &str, symbol: &Symbol, code: &str) -> Answered<Quote> {
    if !body.starts_with("Symbol,") {
        return Err(refusal(body));
    }
    let mut lines = csv::Reader::from_reader(body.as_bytes());
    let header = lines.headers().map_err(not_csv)?.clone();
    // Fewer fields than the header: the line was cut off, and the CSV parser reports it.
    let line = lines
        .records()
        .next()
        .ok_or(ProviderFailure::Unusable("no line under the header"))?
        .map_err(not_csv)?;
    let row = Row {
        header: &header,
        line,
    };
    if !row.needed("Symbol")?.eq_ignore_ascii_case(code) {
        return Err(ProviderFailure::Unusable("another symbol"));
    }
    if row.needed("Close")? == "N/D" {
        return Ok(None);
    }
    let quote = Quote {
        symbol: symbol.to_string(),
        price: row
            .price("Close")?
            .ok_or(ProviderFailure::Unusable("no close"))?,
        open: row.price("Open")?,
        high: row.price("High")?,
        low: row.price("Low")?,
        previous_close: None,
        volume: row.volume(),
        date: NaiveDate::parse_from_str(row.needed("Date")?, "%Y-%m-%d")
            .map_err(|_| ProviderFailure::Unusable("a price without a date"))?,
        time: row
            .get("Time")
            .and_then(|time| NaiveTime::parse_from_str(time, "%H:%M:%S").ok()),
        source: Source::Stooq,
    };
    checked(quote, symbol).map(Some)
}

/// Returns the failure that a response other than CSV stands for.
fn refusal(body: &str) -> ProviderFailure {
    let start = body.trim_start();
    if start.starts_with('<') {
        ProviderFailure::Blocked
    } else if start.starts_with("Exceeded the daily hits limit") {
        ProviderFailure::DailyLimit
    } else {
        ProviderFailure::Unusable("not CSV")
    }
}

fn not_csv(_: csv::Error) -> ProviderFailure {
    ProviderFailure::Unusable("broken CSV")
}

/// A line, read by the names in the header.
struct Row<'a> {
    header: &'a StringRecord,
    line: StringRecord,
}

impl Row<'_> {
    /// Returns a day with all its prices.
    fn bar(&self) -> Option<Bar> {
        let price = |name| self.price(name).ok().flatten();
        Some(Bar {
            date: NaiveDate::parse_from_str(self.get("Date")?, "%Y-%m-%d").ok()?,
            open: price("Open")?,
            high: price("High")?,
            low: price("Low")?,
            close: price("Close")?,
            volume: self.volume().unwrap_or(0),
        })
    }

    /// Returns a field that has a value (`N/D`: none).
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.header.iter().position(|column| column == name)?;
        let value = self.line.get(at)?.trim();
        (!value.is_empty() && value != "N/D").then_some(value)
    }

    /// Returns a required column, whatever it contains.
    fn needed(&self, name: &'static str) -> Result<&str, ProviderFailure> {
        let at = self.header.iter().position(|column| column == name);
        at.and_then(|at| self.line.get(at))
            .map(str::trim)
            .ok_or(ProviderFailure::Unusable("a column is missing"))
    }

    fn price(&self, name: &str) -> Result<Option<Decimal>, ProviderFailure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let price = value.parse().ok().and_then(checks::price);
        let price = price.ok_or(ProviderFailure::Unusable("a number that is no price"))?;
        Ok(Some(price))
    }

    /// Currencies and indices have no volume, some instruments an invalid one.
    fn volume(&self) -> Option<u64> {
        self.get("Volume")?.parse::<Decimal>().ok()?.to_u64()
    }
}

#[cfg(test)]
mod tests;
