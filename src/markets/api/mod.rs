//! REST: the quote of a symbol, its price history, and what indicators say about it.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

mod cache;
mod chart;
mod columns;
pub mod drawings;
mod news;
mod parameters;
pub mod watchlists;

use super::ratings::{Group, Model, Rating, Reading, Record, Verdict};
use super::{Quote, Requester, Service, Source};
use crate::platform::web::Query;
use crate::shared::{Result, json::number};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use chrono::NaiveDate;
use parameters::unknown;
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Maximum number of search results.
const MAX_FOUND: usize = 20;

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(stock))
        .routes(routes!(columns::historical))
        .routes(routes!(columns::indicators))
        .routes(routes!(signals))
        .routes(routes!(news::news))
        .routes(routes!(chart::chart_svg))
        .routes(routes!(chart::chart_png))
        .routes(routes!(instruments))
        .with_state(service)
}

/// A quote in the API: prices are JSON numbers; null: not reported by the data source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Stock {
    #[schema(example = "AAPL.US")]
    symbol: String,
    current_price: f64,
    change: Option<f64>,
    change_percent: Option<f64>,
    volume: Option<u64>,
    /// Day of the price.
    timestamp: NaiveDate,
    /// Day of the price with its time, if known, in the data source's time zone.
    as_of: String,
    source: Source,
}

/// Returns the latest quote with its date and source.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}",
    security(()),
    tag = "Markets",
    responses(
        (status = 200, description = "The quote", body = Stock),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
async fn stock(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Stock>> {
    // A path that cannot be decoded is an invalid symbol too.
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let quote = service.requested_by(requester).quote(&code).await?;
    let quote = quote.ok_or_else(|| unknown(&code, "Stock data not found"))?;
    Ok(Json(quote.into()))
}

/// What the indicators of a symbol signal on its last day, and how often such ratings were right.
/// This is no advice: a rating comes with its rules and its track record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Signals {
    #[schema(example = "AAPL.US")]
    symbol: String,
    /// Day whose close is rated.
    as_of: Option<NaiveDate>,
    /// Verdict that follows from the score; null while too few components can vote.
    verdict: Option<Verdict>,
    /// Mean of the two groups, from -1 to 1.
    score: Option<f64>,
    /// Mean vote of the moving averages.
    averages: Option<f64>,
    /// Mean vote of the oscillators.
    oscillators: Option<f64>,
    components: Vec<Vote>,
    /// Track record of such scores on this symbol; null if the price history is too short.
    record: Option<Record>,
    /// Probability of a rise by a logistic model of this symbol's price history, with the model's
    /// track record; null if the history is too short.
    model: Option<Model>,
    source: Source,
}

/// A component of a rating, with its vote.
#[derive(Debug, Serialize, ToSchema)]
struct Vote {
    /// Name with its settings.
    #[schema(example = "rsi:14")]
    name: String,
    group: Group,
    value: Option<f64>,
    /// 1: buy, -1: sell, 0: neutral; null: the component cannot vote.
    vote: Option<i8>,
    /// Rule by which the component votes.
    rule: &'static str,
}

/// Returns the technical rating with its signals and its track record (walk-forward).
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/signals",
    security(()),
    tag = "Markets",
    responses(
        (status = 200, description = "The rating with its track record", body = Signals),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
async fn signals(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Signals>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let found = service
        .requested_by(requester)
        .rating_and_model(&code)
        .await?;
    let found = found.ok_or_else(|| unknown(&code, "Stock data not found"))?;
    let rating = found.rating;
    let vote = |reading: &Reading| Vote {
        name: reading.component.name(),
        group: reading.component.group(),
        value: reading.value,
        vote: reading.vote,
        rule: reading.component.rule(),
    };
    Ok(Json(Signals {
        symbol: code.trim().to_ascii_uppercase(),
        as_of: found.as_of,
        verdict: rating.as_ref().and_then(Rating::verdict),
        score: rating.as_ref().and_then(|rating| rating.score),
        averages: rating.as_ref().and_then(|rating| rating.averages),
        oscillators: rating.as_ref().and_then(|rating| rating.oscillators),
        components: rating
            .iter()
            .flat_map(|rating| &rating.readings)
            .map(vote)
            .collect(),
        record: found.record,
        model: found.model,
        source: found.source,
    }))
}

/// Query parameter of a symbol search.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Start of a symbol, or of a word in a name.
    #[param(example = "micro")]
    search: Option<String>,
}

/// Symbols found.
#[derive(Debug, Serialize, ToSchema)]
struct Instruments {
    instruments: Vec<Known>,
}

/// Reference data of a symbol.
#[derive(Debug, Serialize, ToSchema)]
struct Known {
    symbol: String,
    name: String,
    sector: Option<&'static str>,
}

/// Searches symbols by prefix of symbol or name, best match first; at most 20.
#[utoipa::path(
    get,
    path = "/instruments",
    security(()),
    tag = "Markets",
    params(Wanted),
    responses((status = 200, description = "The symbols", body = Instruments))
)]
async fn instruments(
    State(service): State<Service>,
    Query(wanted): Query<Wanted>,
) -> Json<Instruments> {
    let found = service.search(wanted.search.as_deref().unwrap_or_default(), MAX_FOUND);
    let known = found.into_iter().map(|one| Known {
        symbol: one.symbol,
        name: one.name,
        sector: one.sector.map(super::Sector::name),
    });
    Json(Instruments {
        instruments: known.collect(),
    })
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

#[cfg(test)]
mod tests;
