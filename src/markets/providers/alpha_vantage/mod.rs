//! alphavantage.co: JSON with status 200 for everything, errors included. Errors are recognized by
//! their JSON key, then by their text. Some texts repeat the API key, so none is passed on.

use super::{
    Answered, Bar, Details, Dividend, Headline, History, MarketData, ProviderFailure, Quote,
    Remote, Sentiment, Source, Split, Symbol, checked, checks, json, remote::Question,
    report_dropped, splits,
};
use crate::{markets::Sector, platform::http::Answer, shared::time::now};
use async_trait::async_trait;
use chrono::NaiveDateTime;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Path of all requests.
const PATH: &str = "/query";

/// alphavantage.co as a data source.
pub struct AlphaVantage {
    remote: Remote,
    key: String,
    /// The plan of the API key has no full histories: only the last hundred days are requested.
    compact: AtomicBool,
}

impl AlphaVantage {
    /// Creates the data source with an API key.
    pub fn new(remote: Remote, key: &str) -> Self {
        Self {
            remote,
            key: key.to_owned(),
            compact: AtomicBool::new(false),
        }
    }

    /// Calls a function for a symbol; `None`: not found.
    async fn ask<T>(
        &self,
        function: &str,
        more: &[(&str, &str)],
        understand: impl Fn(&Value) -> Answered<T>,
    ) -> Answered<T> {
        let mut query = vec![("function", function)];
        query.extend_from_slice(more);
        query.push(("apikey", &self.key));
        let question = Question {
            path: PATH,
            query: &query,
            token: None,
        };
        let understand = |answer: &Answer| match said(answer)? {
            Some(json) => understand(&json),
            None => Ok(None),
        };
        self.remote.ask(question, understand).await
    }

    async fn days(&self, symbol: &Symbol, code: &str) -> Answered<Vec<Bar>> {
        let ask = |size| async move {
            let query = [("symbol", code), ("outputsize", size)];
            let read = |json: &Value| read_days(json, symbol, code);
            self.ask("TIME_SERIES_DAILY", &query, read).await
        };
        if !self.compact.load(Ordering::Relaxed) {
            match ask("full").await {
                Err(ProviderFailure::Premium) => self.compact.store(true, Ordering::Relaxed),
                outcome => return outcome,
            }
        }
        ask("compact").await
    }

    /// Returns the splits: daily prices come unadjusted, and are comparable only with them.
    async fn splits(&self, code: &str) -> Result<Vec<Split>, ProviderFailure> {
        let read = |json: &Value| Ok(Some(read_splits(json)));
        let splits = self.ask("SPLITS", &[("symbol", code)], read).await?;
        Ok(splits.unwrap_or_default())
    }
}

#[async_trait]
impl MarketData for AlphaVantage {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        let Some(code) = own_code(symbol) else {
            return Ok(None);
        };
        let read = |json: &Value| read_quote(json, symbol, &code);
        self.ask("GLOBAL_QUOTE", &[("symbol", &code)], read).await
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        let Some(code) = own_code(symbol) else {
            return Ok(None);
        };
        let Some(mut bars) = self.days(symbol, &code).await? else {
            return Ok(None);
        };
        let splits = self.splits(&code).await?;
        splits::take_out(&mut bars, &splits);
        Ok(Some(Arc::new(History {
            bars,
            splits: Some(splits),
            source: Source::AlphaVantage,
        })))
    }

    async fn details(&self, symbol: &Symbol) -> Answered<Arc<Details>> {
        let Some(code) = own_code(symbol) else {
            return Ok(None);
        };
        let read = |json: &Value| Ok(read_details(json, symbol).map(Arc::new));
        self.ask("OVERVIEW", &[("symbol", &code)], read).await
    }

    async fn news(&self, symbol: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        let Some(code) = own_code(symbol) else {
            return Ok(None);
        };
        let query = [
            ("tickers", code.as_str()),
            ("limit", "50"),
            ("sort", "LATEST"),
        ];
        let read = |json: &Value| read_news(json, &code).map(|news| Some(Arc::new(news)));
        self.ask("NEWS_SENTIMENT", &query, read).await
    }

    async fn dividends(&self, symbol: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        let Some(code) = own_code(symbol) else {
            return Ok(None);
        };
        let read = |json: &Value| Ok(read_dividends(json).map(Arc::new));
        self.ask("DIVIDENDS", &[("symbol", &code)], read).await
    }

    fn counts(&self) -> bool {
        true
    }

    fn source(&self) -> Source {
        self.remote.source()
    }
}

/// Returns Alpha Vantage's own symbol; `None`: a market that it does not have, or not a share.
fn own_code(symbol: &Symbol) -> Option<String> {
    let code = symbol.as_str();
    if code.contains(['^', '=']) {
        return None;
    }
    let Some((name, market)) = code.rsplit_once('.') else {
        return Some(code.to_owned());
    };
    match market {
        "US" => Some(name.replace('.', "-")),
        "UK" => Some(format!("{name}.LON")),
        "DE" => Some(format!("{name}.DEX")),
        // A share class: BRK.B.
        class if class.len() == 1 => Some(format!("{name}-{class}")),
        // Markets with Alpha Vantage's own suffixes: .TRT, .BSE, .SHH.
        own if own.len() == 3 => Some(code.to_owned()),
        _ => None,
    }
}

/// Returns the data of a successful response; `None`: unknown symbol.
fn said(answer: &Answer) -> Result<Option<Value>, ProviderFailure> {
    if answer.status != 200 {
        return Err(ProviderFailure::Status(answer.status));
    }
    let json = json::read(answer)?;
    if let Some(words) = json.get("Error Message").and_then(Value::as_str) {
        return if words.contains("apikey") {
            Err(ProviderFailure::Key)
        } else {
            Ok(None)
        };
    }
    for key in ["Information", "Note"] {
        if let Some(words) = json.get(key).and_then(Value::as_str) {
            return Err(refusal(&words.to_lowercase()));
        }
    }
    Ok(Some(json))
}

/// Classifies an error text. The text about requests that come too fast also names the daily limit
/// and the premium plans, so it is checked first.
fn refusal(words: &str) -> ProviderFailure {
    let has = |part| words.contains(part);
    if has("request per second") || has("spreading out") {
        ProviderFailure::TooFast
    } else if has("premium endpoint") || has("premium feature") {
        ProviderFailure::Premium
    } else if has("demo") || has("apikey is invalid") {
        ProviderFailure::Key
    } else if has("calls per minute") {
        ProviderFailure::MinuteLimit
    } else if has("requests per day") {
        ProviderFailure::DailyLimit
    } else {
        ProviderFailure::Unusable("words in place of data")
    }
}

fn read_quote(json: &Value, symbol: &Symbol, code: &str) -> Answered<Quote> {
    let quote = json.get("Global Quote").and_then(Value::as_object);
    let quote = quote.ok_or(ProviderFailure::Unusable("no quote"))?;
    if quote.is_empty() {
        return Ok(None);
    }
    let quote = Value::Object(quote.clone());
    let figure = |key| quote.get(key).and_then(json::figure);
    let named = json::text(&quote, "01. symbol");
    if named.is_none_or(|named| !named.eq_ignore_ascii_case(code)) {
        return Err(ProviderFailure::Unusable("another symbol"));
    }
    let price = figure("05. price").and_then(checks::price);
    let quote = Quote {
        symbol: symbol.to_string(),
        price: price.ok_or(ProviderFailure::Unusable("a number that is no price"))?,
        open: figure("02. open"),
        high: figure("03. high"),
        low: figure("04. low"),
        previous_close: figure("08. previous close"),
        volume: quote.get("06. volume").and_then(json::count),
        date: json::day(&quote, "07. latest trading day")
            .ok_or(ProviderFailure::Unusable("a price without a date"))?,
        time: None,
        source: Source::AlphaVantage,
    };
    checked(quote, symbol).map(Some)
}

fn read_days(json: &Value, symbol: &Symbol, code: &str) -> Answered<Vec<Bar>> {
    let about = json.get("Meta Data").unwrap_or(&Value::Null);
    let named = json::text(about, "2. Symbol");
    if named.is_none_or(|named| !named.eq_ignore_ascii_case(code)) {
        return Err(ProviderFailure::Unusable("another symbol"));
    }
    let days = json.get("Time Series (Daily)").and_then(Value::as_object);
    let days = days.ok_or(ProviderFailure::Unusable("no days"))?;
    let found = days.iter().map(|(date, day)| {
        let figure = |key| day.get(key).and_then(json::figure);
        Some(Bar {
            date: date.parse().ok()?,
            open: figure("1. open")?,
            high: figure("2. high")?,
            low: figure("3. low")?,
            close: figure("4. close")?,
            volume: day.get("5. volume").and_then(json::count).unwrap_or(0),
        })
    });
    let (bars, dropped) = checks::bars(found, now().date_naive());
    report_dropped(Source::AlphaVantage, symbol, dropped);
    if bars.is_empty() {
        return Err(ProviderFailure::Unusable("no day that can be"));
    }
    Ok(Some(bars))
}

fn read_splits(json: &Value) -> Vec<Split> {
    let rows = json.get("data").and_then(Value::as_array);
    let found = rows.into_iter().flatten().filter_map(|row| {
        let factor = row.get("split_factor").and_then(json::figure)?;
        let (from, to) = splits::ratio(1.into(), factor)?;
        let date = json::day(row, "effective_date")?;
        Some(Split { date, from, to })
    });
    splits::table(found, now().date_naive())
}

/// `None`: no data about dividends.
fn read_dividends(json: &Value) -> Option<Vec<Dividend>> {
    let rows = json.get("data").and_then(Value::as_array)?;
    let mut dividends: Vec<Dividend> = rows
        .iter()
        .filter_map(|row| {
            let amount = row.get("amount").and_then(json::figure);
            Some(Dividend {
                pays: json::day(row, "payment_date"),
                date: json::day(row, "ex_dividend_date")?,
                amount: checks::price(amount?)?,
            })
        })
        .collect();
    dividends.sort_by_key(|dividend| dividend.date);
    Some(dividends)
}

/// `None`: an empty object, which is the response for an unknown symbol.
fn read_details(json: &Value, symbol: &Symbol) -> Option<Details> {
    json::text(json, "Symbol")?;
    let words = |key, most| json::text(json, key).map(|text| json::plain(text, most));
    Some(Details {
        symbol: symbol.to_string(),
        name: words("Name", 200),
        sector: json::text(json, "Sector").and_then(sector),
        industry: words("Industry", 200),
        exchange: words("Exchange", 50),
        currency: words("Currency", 10),
        description: words("Description", 4000),
        homepage: json::link(json, "OfficialSite"),
        market_cap: json.get("MarketCapitalization").and_then(json::figure),
        price_earnings: json.get("PERatio").and_then(json::figure),
        dividend_yield: json.get("DividendYield").and_then(json::figure),
        as_of: Some(now().date_naive()),
        source: Some(Source::AlphaVantage),
    })
}

/// Its sectors are of several systems; a name that fits two of ours maps to none.
fn sector(name: &str) -> Option<Sector> {
    Sector::named(name).or(match name.to_ascii_uppercase().as_str() {
        "TECHNOLOGY" => Some(Sector::InformationTechnology),
        "LIFE SCIENCES" | "HEALTHCARE" => Some(Sector::HealthCare),
        "FINANCE" | "FINANCIAL SERVICES" => Some(Sector::Financials),
        "CONSUMER CYCLICAL" => Some(Sector::ConsumerDiscretionary),
        "CONSUMER DEFENSIVE" => Some(Sector::ConsumerStaples),
        "BASIC MATERIALS" => Some(Sector::Materials),
        "REAL ESTATE & CONSTRUCTION" => Some(Sector::RealEstate),
        _ => None,
    })
}

fn read_news(json: &Value, code: &str) -> Result<Vec<Headline>, ProviderFailure> {
    let feed = json.get("feed").and_then(Value::as_array);
    let feed = feed.ok_or(ProviderFailure::Unusable("no feed"))?;
    let news = feed.iter().filter_map(|item| {
        let published = json::text(item, "time_published")?;
        let published = NaiveDateTime::parse_from_str(published, "%Y%m%dT%H%M%S").ok()?;
        let tickers = item.get("ticker_sentiment").and_then(Value::as_array);
        let own = tickers
            .into_iter()
            .flatten()
            .find(|ticker| json::text(ticker, "ticker") == Some(code));
        json::headline(Headline {
            title: json::text(item, "title")?.to_owned(),
            url: json::text(item, "url")?.to_owned(),
            publisher: json::text(item, "source").unwrap_or_default().to_owned(),
            published_at: published.and_utc(),
            summary: json::text(item, "summary").map(ToOwned::to_owned),
            sentiment: own
                .and_then(|ticker| json::text(ticker, "ticker_sentiment_label"))
                .and_then(sentiment),
            source: Source::AlphaVantage,
        })
    });
    Ok(json::newest(news.collect()))
}

/// Labels have a hyphen or an underscore between their words.
fn sentiment(label: &str) -> Option<Sentiment> {
    let label = label.to_lowercase();
    if label.ends_with("bullish") {
        Some(Sentiment::Positive)
    } else if label.ends_with("bearish") {
        Some(Sentiment::Negative)
    } else {
        (label == "neutral").then_some(Sentiment::Neutral)
    }
}

#[cfg(test)]
mod tests;
