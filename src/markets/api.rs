//! REST: the quote of one symbol, its past, and what indicators make of it.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::indicators::{Candle, Study};
use super::{Bar, History, Quote, Service, Source};
use crate::platform::web::Query;
use crate::shared::{Error, Kind, Result};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Days of history without a `period`.
const USUAL_PERIOD: usize = 90;
/// Most days of history in one answer: the trading days of a century.
const MAX_PERIOD: usize = 25_200;
/// Most indicators in one answer.
const MAX_STUDIES: usize = 20;

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(stock))
        .routes(routes!(historical))
        .routes(routes!(indicators))
        .with_state(service)
}

/// A quote as programs get it: figures are JSON numbers, and what the source does not tell is
/// null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Stock {
    #[schema(example = "AAPL.US")]
    symbol: String,
    current_price: f64,
    change: Option<f64>,
    change_percent: Option<f64>,
    volume: Option<u64>,
    /// The day of the price.
    timestamp: NaiveDate,
    /// The day of the price with its time, in the source's zone, where that is known.
    as_of: String,
    source: Source,
}

/// The last known price of an instrument, with its day and its source.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}",
    tag = "Markets",
    params(("symbol" = String, Path, description = "The code, in any case", min_length = 1,
        max_length = 20, pattern = "^[A-Za-z0-9.=^-]{1,20}$", example = "aapl.us")),
    responses(
        (status = 200, description = "The quote", body = Stock),
        (status = 400, description = "No symbol looks like this"),
        (status = 404, description = "The source knows no such symbol"),
    )
)]
async fn stock(
    State(service): State<Service>,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Stock>> {
    // What is no text at all is no symbol either.
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let quote = service.quote(&code).await?;
    let quote = quote.ok_or_else(|| unknown(&code, "Stock data not found"))?;
    Ok(Json(quote.into()))
}

/// The source knows no such symbol, in the words that programs rely on.
fn unknown(code: &str, words: &'static str) -> Error {
    Error::new(Kind::NotFound, "unknown-symbol", words).with("symbol", code.to_ascii_uppercase())
}

/// Which stretch of the past is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Stretch {
    /// How many trading days, up to the last one; 90 when it is left out.
    #[param(minimum = 1, maximum = 25_200, value_type = Option<u32>, example = 90)]
    period: Option<String>,
}

fn period(asked: Option<&str>) -> Result<usize> {
    let Some(asked) = asked else {
        return Ok(USUAL_PERIOD);
    };
    match asked.parse::<usize>() {
        Ok(days) if (1..=MAX_PERIOD).contains(&days) => Ok(days),
        _ => Err(Error::bad_request(
            "bad-period",
            format!("period must be a whole number of days from 1 to {MAX_PERIOD}"),
        )
        .with("max", MAX_PERIOD)),
    }
}

/// Daily prices, oldest first. Those from before a split are those of today's shares.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Historical {
    data: Vec<Day>,
    /// The splits that are taken out of the prices, where the source tells of them.
    splits: Vec<SplitDay>,
    source: Source,
}

/// The prices of one day, as JSON numbers.
#[derive(Debug, Serialize, ToSchema)]
struct Day {
    date: NaiveDate,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: u64,
}

/// Old shares that became new ones.
#[derive(Debug, Serialize, ToSchema)]
struct SplitDay {
    /// The first day of the new shares.
    date: NaiveDate,
    from: u32,
    to: u32,
}

/// An instrument's daily prices.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/historical",
    tag = "Markets",
    params(("symbol" = String, Path, description = "The code, in any case", min_length = 1,
        max_length = 20, pattern = "^[A-Za-z0-9.=^-]{1,20}$", example = "aapl.us"), Stretch),
    responses(
        (status = 200, description = "The days, oldest first", body = Historical),
        (status = 400, description = "No symbol looks like this, or no period"),
        (status = 404, description = "The source knows no such symbol"),
    )
)]
async fn historical(
    State(service): State<Service>,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
) -> Result<Json<Historical>> {
    let days = period(stretch.period.as_deref())?;
    let history = past(&service, symbol).await?;
    let splits = history.splits.iter().map(|split| SplitDay {
        date: split.date,
        from: split.from,
        to: split.to,
    });
    Ok(Json(Historical {
        data: last(&history.bars, days).iter().map(Day::from).collect(),
        splits: splits.collect(),
        source: history.source,
    }))
}

async fn past(
    service: &Service,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Arc<History>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let history = service.history(&code).await?;
    history.ok_or_else(|| unknown(&code, "Historical data not found"))
}

fn last<T>(all: &[T], count: usize) -> &[T] {
    all.get(all.len().saturating_sub(count)..).unwrap_or(all)
}

impl From<&Bar> for Day {
    fn from(bar: &Bar) -> Self {
        Self {
            date: bar.date,
            open: number(bar.open),
            high: number(bar.high),
            low: number(bar.low),
            close: number(bar.close),
            volume: bar.volume,
        }
    }
}

/// Which indicators are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Studies {
    /// Up to 20 indicators between commas, each with its settings behind colons; the usual ones
    /// when they are left out: sma, ema, wma, bollinger, vwap, ichimoku, sar, rsi, macd, stochastic,
    /// adx, atr, obv, cci, mfi, roc, williams.
    #[param(example = "sma:20,macd:12:26:9")]
    studies: Option<String>,
    /// How many trading days, up to the last one; 90 when it is left out.
    #[param(minimum = 1, maximum = 25_200, value_type = Option<u32>, example = 90)]
    period: Option<String>,
}

/// Indicators over the days of a stretch. Each is computed from the whole past, so that its warm-up
/// lies before the stretch where there is enough of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Indicators {
    dates: Vec<NaiveDate>,
    studies: Vec<StudyLines>,
    source: Source,
}

/// The lines of one indicator.
#[derive(Debug, Serialize, ToSchema)]
struct StudyLines {
    /// With its settings.
    study: String,
    lines: Vec<StudyLine>,
}

/// One value for each day; null where it is not defined.
#[derive(Debug, Serialize, ToSchema)]
struct StudyLine {
    name: &'static str,
    /// So many trading days later than it is computed a value is drawn.
    shift: usize,
    values: Vec<Option<f64>>,
}

/// What indicators make of an instrument's daily prices.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/indicators",
    tag = "Markets",
    params(("symbol" = String, Path, description = "The code, in any case", min_length = 1,
        max_length = 20, pattern = "^[A-Za-z0-9.=^-]{1,20}$", example = "aapl.us"), Studies),
    responses(
        (status = 200, description = "The indicators, in the order in which they were asked for",
            body = Indicators),
        (status = 400, description = "No symbol, period or indicator looks like this"),
        (status = 404, description = "The source knows no such symbol"),
    )
)]
async fn indicators(
    State(service): State<Service>,
    symbol: Result<Path<String>, PathRejection>,
    Query(asked): Query<Studies>,
) -> Result<Json<Indicators>> {
    let days = period(asked.period.as_deref())?;
    let studies = studies(asked.studies.as_deref())?;
    let history = past(&service, symbol).await?;
    let candles: Vec<Candle> = history.bars.iter().map(Candle::from).collect();
    let lines = studies.into_iter().map(|study| {
        let series = study.series(&candles);
        let shown = last(&series, days);
        let line = |(at, name): (usize, &&'static str)| StudyLine {
            name,
            shift: study.shift(at),
            values: shown
                .iter()
                .map(|values| values.get(at).copied().flatten())
                .collect(),
        };
        StudyLines {
            study: study.to_string(),
            lines: study.lines().iter().enumerate().map(line).collect(),
        }
    });
    Ok(Json(Indicators {
        studies: lines.collect(),
        dates: last(&history.bars, days)
            .iter()
            .map(|bar| bar.date)
            .collect(),
        source: history.source,
    }))
}

fn studies(asked: Option<&str>) -> Result<Vec<Study>> {
    let Some(asked) = asked else {
        return Ok(Study::ALL.to_vec());
    };
    let count = asked.split(',').count();
    if count > MAX_STUDIES {
        return Err(Error::bad_request(
            "too-many-studies",
            format!("At most {MAX_STUDIES} indicators at once"),
        )
        .with("max", MAX_STUDIES));
    }
    asked.split(',').map(str::parse).collect()
}

impl From<Quote> for Stock {
    fn from(quote: Quote) -> Self {
        Self {
            current_price: number(quote.price),
            change: quote.change().map(number),
            change_percent: quote.change_percent().map(|percent| {
                number(percent.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
            }),
            volume: quote.volume,
            timestamp: quote.date,
            as_of: match quote.time {
                Some(time) => quote.date.and_time(time).format("%FT%T").to_string(),
                None => quote.date.to_string(),
            },
            source: quote.source,
            symbol: quote.symbol,
        }
    }
}

/// The JSON number with the same digits: prices are exact everywhere but at this edge.
fn number(exact: Decimal) -> f64 {
    exact.to_string().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::{Config, MarketSource};
    use axum::{body::Body, http::Request};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    async fn get(config: &Config, path: &str) -> (u16, Value) {
        let (routes, _) = routes(Service::new(config).unwrap()).split_for_parts();
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 65_536)
            .await
            .unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_quote_with_source_and_date() {
        let (status, body) = get(&Config::default(), "/stocks/aapl.us").await;
        assert_eq!(status, 200);
        assert_eq!(
            body,
            json!({
                "symbol": "AAPL.US",
                "currentPrice": 430.47,
                "change": -10.93,
                "changePercent": -2.4762,
                "volume": 19_730_300,
                "timestamp": "2013-03-01",
                "asOf": "2013-03-01",
                "source": "sample",
            })
        );
    }

    #[tokio::test]
    async fn the_past_without_splits() {
        let (status, body) = get(&Config::default(), "/stocks/aapl/historical?period=2").await;
        assert_eq!(status, 200);
        assert_eq!(
            body["data"],
            json!([
                { "date": "2013-02-28", "open": 444.05, "high": 447.87, "low": 441.4,
                  "close": 441.4, "volume": 11_518_400 },
                { "date": "2013-03-01", "open": 438.0, "high": 438.1799, "low": 429.98,
                  "close": 430.47, "volume": 19_730_300 },
            ])
        );
        assert_eq!(
            body["splits"],
            json!([{ "date": "2000-06-21", "from": 1, "to": 2 }, { "date": "2005-02-28", "from": 1, "to": 2 }])
        );
        assert_eq!(body["source"], "sample");
        let (_, usual) = get(&Config::default(), "/stocks/aapl/historical").await;
        assert_eq!(usual["data"].as_array().unwrap().len(), 90);
        let (_, all) = get(
            &Config::default(),
            "/stocks/META.US/historical?period=25200",
        )
        .await;
        assert_eq!(all["data"].as_array().unwrap().len(), 196);
        for bad in ["0", "-1", "25201", "ten", "1.5", ""] {
            let path = format!("/stocks/aapl/historical?period={bad}");
            let (status, body) = get(&Config::default(), &path).await;
            assert_eq!(
                (status, &body["code"]),
                (400, &json!("bad-period")),
                "{bad}"
            );
        }
        let (status, body) = get(&Config::default(), "/stocks/appl/historical").await;
        assert_eq!(
            (status, &body["error"]),
            (404, &json!("Historical data not found"))
        );
    }

    #[tokio::test]
    async fn indicators_as_asked_for() {
        let path = "/stocks/ibm/indicators?studies=rsi:14,MACD&period=3";
        let (status, body) = get(&Config::default(), path).await;
        assert_eq!(status, 200);
        assert_eq!(
            body["dates"],
            json!(["2013-02-27", "2013-02-28", "2013-03-01"])
        );
        let names: Vec<_> = body["studies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|study| study["study"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["rsi:14", "macd:12:26:9"]);
        let lines = body["studies"][1]["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2]["name"], "histogram");
        let value = |line: usize| lines[line]["values"][2].as_f64().unwrap();
        assert!((value(0) - value(1) - value(2)).abs() < 1e-9);

        // Nothing is told before it is defined.
        let (_, young) = get(
            &Config::default(),
            "/stocks/fb/indicators?studies=sma:190&period=196",
        )
        .await;
        let values = young["studies"][0]["lines"][0]["values"]
            .as_array()
            .unwrap();
        assert_eq!(values.iter().filter(|value| value.is_null()).count(), 189);
        let (_, usual) = get(&Config::default(), "/stocks/ibm/indicators").await;
        assert_eq!(usual["studies"].as_array().unwrap().len(), Study::ALL.len());

        let many = ["obv"; 21].join(",");
        for (studies, code) in [
            ("tsla", "bad-study"),
            ("", "bad-study"),
            ("rsi:1", "bad-study"),
            (many.as_str(), "too-many-studies"),
        ] {
            let path = format!("/stocks/ibm/indicators?studies={studies}");
            let (status, body) = get(&Config::default(), &path).await;
            assert_eq!((status, &body["code"]), (400, &json!(code)), "{studies}");
        }
    }

    #[tokio::test]
    async fn unknown_and_impossible_symbols() {
        let (status, body) = get(&Config::default(), "/stocks/appl.us").await;
        assert_eq!(status, 404);
        assert_eq!(body["error"], "Stock data not found");
        assert_eq!(body["code"], "unknown-symbol");
        for path in [
            "/stocks/a%20b",
            "/stocks/%ff",
            "/stocks/%F0%9F%92%B0",
            "/stocks/%2e%2e%2f",
        ] {
            let (status, body) = get(&Config::default(), path).await;
            assert_eq!(
                (status, &body["code"]),
                (400, &json!("bad-symbol")),
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn the_source_is_away() {
        let mut config = Config::default();
        config.market.source = MarketSource::Stooq;
        // Nobody listens on port 1.
        config.market.stooq_url = "http://127.0.0.1:1".into();
        let (status, body) = get(&config, "/stocks/AAPL.US").await;
        assert_eq!((status, &body["code"]), (503, &json!("market-unavailable")));
    }

    #[test]
    fn numbers_keep_their_digits() {
        for digits in ["430.47", "0.0001", "123456789.125", "-10.93", "0.1"] {
            let exact: Decimal = digits.parse().unwrap();
            assert_eq!(number(exact).to_string(), digits);
        }
    }
}
