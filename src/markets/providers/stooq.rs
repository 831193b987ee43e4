//! stooq.com: the light quote, one line of CSV.
//!
//! Its failures come with status 200 as well (a page for browsers, a plain sentence), so nothing
//! counts as an answer but CSV under the header that was asked for.

use super::{MarketData, ProviderFailure, Quote, Source, Symbol};
use crate::platform::http::{Answer, Breaker, Client, Failure};
use async_trait::async_trait;
use chrono::{NaiveDate, NaiveTime};
use csv::StringRecord;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::time::Duration;

/// No instrument costs that much: such a figure is a mistake.
const ABSURD: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// stooq.com as a source.
pub struct Stooq {
    client: Client,
    breaker: Breaker,
    base: String,
}

impl Stooq {
    /// stooq at `base` (`https://stooq.com`).
    #[must_use]
    pub fn new(client: Client, base: &str) -> Self {
        Self {
            client,
            breaker: Breaker::default(),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    async fn ask(&self, code: &str) -> Result<Answer, Failure> {
        // `h` has no value, and stooq's own form is kept to the letter.
        let code = code.replace('^', "%5E").replace('=', "%3D");
        let url = format!("{}/q/l/?s={code}&f=sd2t2ohlcv&h&e=csv", self.base);
        match self.client.get(&url, &[]).await {
            Err(Failure::NoAnswer(cause)) => {
                tracing::debug!(error.cause = %cause, "stooq did not answer, asking once more");
                // At different moments, so that many do not return at one.
                let pause = rand::random_range(100..400);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                self.client.get(&url, &[]).await
            }
            outcome => outcome,
        }
    }
}

#[async_trait]
impl MarketData for Stooq {
    async fn quote(&self, symbol: &Symbol) -> Result<Option<Quote>, ProviderFailure> {
        if !self.breaker.allows() {
            return Err(ProviderFailure::LeftAlone);
        }
        let code = stooq_code(symbol);
        let outcome = match self.ask(&code).await {
            Ok(answer) => read(&answer, symbol, &code),
            Err(failure) => Err(failure.into()),
        };
        match outcome {
            Ok(_) => self.breaker.succeeded(),
            Err(_) => self.breaker.failed(),
        }
        outcome
    }

    fn source(&self) -> Source {
        Source::Stooq
    }
}

/// stooq's own code: lower case, with the market; indices (`^spx`) belong to none.
fn stooq_code(symbol: &Symbol) -> String {
    let code = symbol.as_str().to_ascii_lowercase();
    if code.contains('.') || code.starts_with('^') {
        code
    } else {
        code + ".us"
    }
}

/// Understands an answer; `None`: stooq knows no such symbol.
fn read(answer: &Answer, symbol: &Symbol, code: &str) -> Result<Option<Quote>, ProviderFailure> {
    if answer.status != 200 {
        return Err(ProviderFailure::Status(answer.status));
    }
    let body = str::from_utf8(&answer.body).map_err(|_| ProviderFailure::Unusable("not text"))?;
    let body = body.trim_start_matches('\u{feff}');
    if !body.starts_with("Symbol,") {
        return Err(refusal(body));
    }
    let mut lines = csv::Reader::from_reader(body.as_bytes());
    let header = lines.headers().map_err(not_csv)?.clone();
    // Fewer fields than the header has: the line was cut off, and csv says so.
    let line = lines
        .records()
        .next()
        .ok_or(ProviderFailure::Unusable("no line under the header"))?
        .map_err(not_csv)?;
    let row = Row { header, line };
    if !row.needed("Symbol")?.eq_ignore_ascii_case(code) {
        return Err(ProviderFailure::Unusable("another symbol"));
    }
    if row.needed("Close")? == "N/D" {
        return Ok(None);
    }
    Ok(Some(Quote {
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
    }))
}

/// What it means when something else than CSV comes back.
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

/// The one line of a light quote, by the names in its header.
struct Row {
    header: StringRecord,
    line: StringRecord,
}

impl Row {
    /// A field that has a value (`N/D`: stooq has none).
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.header.iter().position(|column| column == name)?;
        let value = self.line.get(at)?.trim();
        (!value.is_empty() && value != "N/D").then_some(value)
    }

    /// A column that must be there, whatever is in it.
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
        match value.parse::<Decimal>() {
            Ok(price) if price > Decimal::ZERO && price < ABSURD => Ok(Some(price)),
            _ => Err(ProviderFailure::Unusable("a figure that is no price")),
        }
    }

    /// Currencies and indices have no volume, some instruments a broken one.
    fn volume(&self) -> Option<u64> {
        self.get("Volume")?.parse::<Decimal>().ok()?.to_u64()
    }
}

#[cfg(test)]
mod tests;
