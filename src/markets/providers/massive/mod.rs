//! massive.com, formerly polygon.io: US shares in JSON, errors by status.

use super::{
    Answered, Bar, Details, Dividend, Headline, History, MarketData, ProviderFailure, Quote,
    Remote, Sentiment, Source, Split, Symbol, checks, json, remote::Question, report_dropped,
    splits,
};
use crate::{platform::http::Answer, shared::time::now};
use async_trait::async_trait;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Calendar days that contain the last two trading days of every traded share.
const LAST_DAYS: i64 = 14;
/// Years of history to request.
const YEARS: u32 = 20;
/// Years of history that every plan has, except for some days at their start.
const FEW_YEARS: u32 = 2;
/// Maximum number of pages read of one response: no list of ours is longer.
const MAX_PAGES: usize = 10;

/// massive.com as a data source.
pub struct Massive {
    remote: Remote,
    key: String,
    /// The plan of the API key refuses more than a few years.
    few_years: AtomicBool,
}

impl Massive {
    /// Creates the data source with an API key.
    pub fn new(remote: Remote, key: &str) -> Self {
        Self {
            remote,
            key: key.to_owned(),
            few_years: AtomicBool::new(false),
        }
    }

    /// Sends a request; `None`: not found.
    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Answered<Value> {
        let question = Question {
            path,
            query,
            token: Some(&self.key),
        };
        self.remote.ask(question, said).await
    }

    /// Returns the results of all pages; empty: none.
    async fn list(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<Value>, ProviderFailure> {
        let mut found = Vec::new();
        let mut page = self.ask(path, query).await?;
        for _ in 0..MAX_PAGES {
            let Some(json) = page.as_mut() else { break };
            if let Some(Value::Array(results)) = json.get_mut("results").map(Value::take) {
                found.extend(results);
            }
            let Some(next) = json::text(json, "next_url").and_then(own_path) else {
                break;
            };
            page = self.ask(&next, &[]).await?;
        }
        Ok(found)
    }

    async fn bars(
        &self,
        ticker: &str,
        from: NaiveDate,
        query: &[(&str, &str)],
    ) -> Result<Vec<Value>, ProviderFailure> {
        let today = now().date_naive();
        let path = format!("/v2/aggs/ticker/{ticker}/range/1/day/{from}/{today}");
        self.list(&path, query).await
    }

    /// Returns all days that the plan of the API key allows.
    async fn past(&self, ticker: &str) -> Result<Vec<Value>, ProviderFailure> {
        let ask = |years: u32| async move {
            let today = now().date_naive();
            let from = today.checked_sub_months(Months::new(years * 12));
            let from = from.unwrap_or(today) + TimeDelta::days(7);
            let query = [("adjusted", "true"), ("sort", "asc"), ("limit", "50000")];
            self.bars(ticker, from, &query).await
        };
        if !self.few_years.load(Ordering::Relaxed) {
            match ask(YEARS).await {
                Err(ProviderFailure::Premium) => self.few_years.store(true, Ordering::Relaxed),
                outcome => return outcome,
            }
        }
        ask(FEW_YEARS).await
    }

    /// `None`: the request failed. Prices are adjusted for splits all the same.
    async fn splits(&self, symbol: &Symbol, ticker: &str) -> Option<Vec<Split>> {
        let query = [("ticker", ticker), ("limit", "1000")];
        let rows = match self.list("/v3/reference/splits", &query).await {
            Ok(rows) => rows,
            Err(failure) => {
                tracing::debug!(market.source = "massive", market.symbol = %symbol, error.cause = %failure, "no splits");
                return None;
            }
        };
        let found = rows.iter().filter_map(read_split);
        Some(splits::table(found, now().date_naive()))
    }
}

#[async_trait]
impl MarketData for Massive {
    /// Loads the last two days in one request, which includes the previous close.
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        let Some(ticker) = ticker(symbol) else {
            return Ok(None);
        };
        let from = now().date_naive() - TimeDelta::days(LAST_DAYS);
        let query = [("adjusted", "true"), ("sort", "asc"), ("limit", "50")];
        let rows = self.bars(&ticker, from, &query).await?;
        let bars = read_bars(&rows, symbol)?;
        Ok(Quote::of_bars(symbol.as_str(), &bars, Source::Massive))
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        let Some(ticker) = ticker(symbol) else {
            return Ok(None);
        };
        let rows = self.past(&ticker).await?;
        let bars = read_bars(&rows, symbol)?;
        if bars.is_empty() {
            return Ok(None);
        }
        Ok(Some(Arc::new(History {
            bars,
            splits: self.splits(symbol, &ticker).await,
            source: Source::Massive,
        })))
    }

    async fn details(&self, symbol: &Symbol) -> Answered<Arc<Details>> {
        let Some(ticker) = ticker(symbol) else {
            return Ok(None);
        };
        let path = format!("/v3/reference/tickers/{ticker}");
        let found = self.ask(&path, &[]).await?;
        let found = found.as_ref().and_then(|json| json.get("results"));
        Ok(found.map(|results| Arc::new(read_details(results, symbol))))
    }

    async fn news(&self, symbol: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        let Some(ticker) = ticker(symbol) else {
            return Ok(None);
        };
        let query = [
            ("ticker", ticker.as_str()),
            ("limit", "50"),
            ("order", "desc"),
        ];
        let page = self.ask("/v2/reference/news", &query).await?;
        let rows = page.as_ref().and_then(|json| json.get("results"));
        let rows = rows.and_then(Value::as_array).into_iter().flatten();
        let news = rows.filter_map(|row| read_headline(row, &ticker));
        Ok(Some(Arc::new(json::newest(news.collect()))))
    }

    async fn dividends(&self, symbol: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        let Some(ticker) = ticker(symbol) else {
            return Ok(None);
        };
        let query = [("ticker", ticker.as_str()), ("limit", "1000")];
        let rows = self.list("/v3/reference/dividends", &query).await?;
        let mut dividends: Vec<Dividend> = rows.iter().filter_map(read_dividend).collect();
        dividends.sort_by_key(|dividend| dividend.date);
        Ok(Some(Arc::new(dividends)))
    }

    fn counts(&self) -> bool {
        true
    }

    fn source(&self) -> Source {
        self.remote.source()
    }
}

/// Returns Massive's own symbol, with a dot before the share class; `None`: not in the US market.
fn ticker(symbol: &Symbol) -> Option<String> {
    let code = symbol.as_str();
    let code = code.strip_suffix(".US").unwrap_or(code).replace('-', ".");
    let parts: Vec<&str> = code.split('.').collect();
    let named = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric()) && !part.is_empty();
    match parts.as_slice() {
        [name] if named(name) => Some(code),
        [name, class] if named(name) && named(class) && class.len() == 1 => Some(code),
        _ => None,
    }
}

/// Returns the data of a successful response; `None`: not found.
fn said(answer: &Answer) -> Answered<Value> {
    match answer.status {
        200 => {}
        401 => return Err(ProviderFailure::Key),
        403 => return Err(ProviderFailure::Premium),
        404 => return Ok(None),
        429 => return Err(ProviderFailure::MinuteLimit),
        status => return Err(ProviderFailure::Status(status)),
    }
    let json = json::read(answer)?;
    match json::text(&json, "status") {
        Some("OK" | "DELAYED") => Ok(Some(json)),
        Some("NOT_AUTHORIZED") => Err(ProviderFailure::Premium),
        Some("NOT_FOUND") => Ok(None),
        _ => Err(ProviderFailure::Unusable("words in place of data")),
    }
}

/// Returns path and query of the next page. Whatever host it names, our request goes to our own,
/// because it carries the API key.
fn own_path(url: &str) -> Option<String> {
    let url: http::Uri = url.parse().ok()?;
    let path = url.path_and_query()?.as_str();
    path.starts_with('/').then(|| path.to_owned())
}

fn read_bars(rows: &[Value], symbol: &Symbol) -> Result<Vec<Bar>, ProviderFailure> {
    let found = rows.iter().map(read_bar);
    let (bars, dropped) = checks::bars(found, now().date_naive());
    report_dropped(Source::Massive, symbol, dropped);
    if bars.is_empty() && dropped > 0 {
        return Err(ProviderFailure::Unusable("no day that can be"));
    }
    Ok(bars)
}

fn read_bar(row: &Value) -> Option<Bar> {
    let figure = |key| row.get(key).and_then(json::figure);
    Some(Bar {
        date: day_of(row.get("t")?.as_i64()?)?,
        open: figure("o")?,
        high: figure("h")?,
        low: figure("l")?,
        close: figure("c")?,
        volume: row.get("v").and_then(json::count).unwrap_or(0),
    })
}

/// Returns the day in New York. A day's bar starts at midnight there, which is four hours after
/// midnight UTC in summer and five in winter: minus four hours it is on the right day in both.
fn day_of(milliseconds: i64) -> Option<NaiveDate> {
    let start = DateTime::<Utc>::from_timestamp_millis(milliseconds)?;
    let shifted = start.checked_sub_signed(TimeDelta::hours(4))?;
    Some(shifted.date_naive())
}

fn read_split(row: &Value) -> Option<Split> {
    let figure = |key| row.get(key).and_then(json::figure);
    let (from, to) = splits::ratio(figure("split_from")?, figure("split_to")?)?;
    let date = json::day(row, "execution_date")?;
    Some(Split { date, from, to })
}

fn read_dividend(row: &Value) -> Option<Dividend> {
    // All its instruments are priced in US dollars; some pay dividends in their home currency.
    let currency = json::text(row, "currency");
    if currency.is_some_and(|currency| !currency.eq_ignore_ascii_case("USD")) {
        return None;
    }
    let amount = row.get("cash_amount").and_then(json::figure)?;
    Some(Dividend {
        pays: json::day(row, "pay_date"),
        date: json::day(row, "ex_dividend_date")?,
        amount: checks::price(amount)?,
    })
}

/// Its industry is of the SIC, which has no sectors: those are in our reference data.
fn read_details(results: &Value, symbol: &Symbol) -> Details {
    let words = |key, most| json::text(results, key).map(|text| json::plain(text, most));
    Details {
        symbol: symbol.to_string(),
        name: words("name", 200),
        sector: None,
        industry: words("sic_description", 200),
        exchange: json::text(results, "primary_exchange").map(exchange),
        currency: words("currency_name", 10).map(|code| code.to_ascii_uppercase()),
        description: words("description", 4000),
        homepage: json::link(results, "homepage_url"),
        market_cap: results.get("market_cap").and_then(json::figure),
        price_earnings: None,
        dividend_yield: None,
        as_of: Some(now().date_naive()),
        source: Some(Source::Massive),
    }
}

/// Returns the name of an exchange by its code (ISO 10383).
fn exchange(code: &str) -> String {
    match code {
        "XNAS" => "Nasdaq".into(),
        "XNYS" => "NYSE".into(),
        "ARCX" => "NYSE Arca".into(),
        "XASE" => "NYSE American".into(),
        "BATS" => "Cboe BZX".into(),
        other => json::plain(other, 50),
    }
}

fn read_headline(row: &Value, ticker: &str) -> Option<Headline> {
    let published = json::text(row, "published_utc")?;
    let publisher = row.get("publisher").and_then(|who| json::text(who, "name"));
    let insights = row.get("insights").and_then(Value::as_array);
    let own = insights
        .into_iter()
        .flatten()
        .find(|insight| json::text(insight, "ticker") == Some(ticker));
    json::headline(Headline {
        title: json::text(row, "title")?.to_owned(),
        url: json::text(row, "article_url")?.to_owned(),
        publisher: publisher.unwrap_or_default().to_owned(),
        published_at: DateTime::parse_from_rfc3339(published).ok()?.to_utc(),
        summary: json::text(row, "description").map(ToOwned::to_owned),
        sentiment: match own.and_then(|insight| json::text(insight, "sentiment")) {
            Some("positive") => Some(Sentiment::Positive),
            Some("neutral") => Some(Sentiment::Neutral),
            Some("negative") => Some(Sentiment::Negative),
            _ => None,
        },
        source: Source::Massive,
    })
}

#[cfg(test)]
mod tests;
