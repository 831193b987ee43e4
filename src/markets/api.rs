//! REST: the quote of one symbol.

use super::{Quote, Service, Source};
use crate::shared::{Error, Kind, Result};
use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    routing::get,
};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

/// The routes under `/api`.
pub fn routes(service: Service) -> Router {
    Router::new()
        .route("/stocks/{symbol}", get(stock))
        .with_state(service)
}

/// A quote as programs get it: figures are JSON numbers, and what the source does not tell is
/// null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stock {
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

async fn stock(
    State(service): State<Service>,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Stock>> {
    // What is no text at all is no symbol either.
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let quote = service.quote(&code).await?.ok_or_else(|| {
        Error::new(Kind::NotFound, "unknown-symbol", "Stock data not found")
            .with("symbol", code.to_ascii_uppercase())
    })?;
    Ok(Json(quote.into()))
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
        let routes = routes(Service::new(config).unwrap());
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
