//! REST: the quote of one symbol, its past, and what indicators make of it.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

mod chart;
mod columns;
pub mod drawings;
mod kept;
mod news;
pub mod watchlists;

use super::ratings::{Group, Model, Rating, Reading, Record, Verdict};
use super::{Asker, History, Quote, Service, Source};
use crate::platform::web::Query;
use crate::shared::{Error, Kind, Result, json::number, paging};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use chrono::NaiveDate;
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Days of history without a `period`.
const USUAL_PERIOD: u64 = 90;
/// Most days of history in one answer: the trading days of a century.
const MAX_PERIOD: u64 = 25_200;
/// Most instruments that a search finds.
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

/// The instrument of a path, as all of them are described.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes what handlers take apart by themselves"
)]
struct OfInstrument {
    /// The code, in any case.
    #[param(
        min_length = 1,
        max_length = 20,
        pattern = "^[A-Za-z0-9.=^-]{1,20}$",
        example = "aapl.us"
    )]
    symbol: String,
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

/// Returns the latest quote with its date and source.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}",
    tag = "Markets",
    params(OfInstrument),
    responses(
        (status = 200, description = "The quote", body = Stock),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
async fn stock(
    State(service): State<Service>,
    asker: Asker,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Stock>> {
    // What is no text at all is no symbol either.
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let quote = service.asked_by(asker).quote(&code).await?;
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
    let refused = ("bad-period", "period must be a whole number of days");
    let days = paging::count(asked, USUAL_PERIOD, MAX_PERIOD, refused)?;
    usize::try_from(days).map_err(Error::internal)
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

/// What the indicators of an instrument say on its last day, and how often such readings were right.
/// It is no advice: a rating says what it is and what its record is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Signals {
    #[schema(example = "AAPL.US")]
    symbol: String,
    /// The day whose close is rated.
    as_of: Option<NaiveDate>,
    /// What the score comes to; null while too few components can vote.
    verdict: Option<Verdict>,
    /// The mean of the two groups, from -1 to 1.
    score: Option<f64>,
    /// The mean of the votes of moving averages.
    averages: Option<f64>,
    /// The mean of the votes of oscillators.
    oscillators: Option<f64>,
    components: Vec<Vote>,
    /// How such scores did in this instrument's past; null when that is too short.
    record: Option<Record>,
    /// The chance of a rise by a logistic model of this instrument's past, with how good its chances
    /// were; null when that past is too short.
    model: Option<Model>,
    source: Source,
}

/// A component of a rating.
#[derive(Debug, Serialize, ToSchema)]
struct Vote {
    /// With its settings.
    #[schema(example = "rsi:14")]
    name: String,
    group: Group,
    value: Option<f64>,
    /// For (1), against (-1), neither (0); null where it cannot vote.
    vote: Option<i8>,
    /// By which it votes.
    rule: &'static str,
}

/// Returns the technical rating with its signals and its track record (walk-forward).
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/signals",
    tag = "Markets",
    params(OfInstrument),
    responses(
        (status = 200, description = "The rating with its track record", body = Signals),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
async fn signals(
    State(service): State<Service>,
    asker: Asker,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<Signals>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let found = service.asked_by(asker).rating_and_model(&code).await?;
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

/// A search for instruments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A part of a symbol or of a name.
    #[param(example = "micro")]
    search: Option<String>,
}

/// Instruments.
#[derive(Debug, Serialize, ToSchema)]
struct Instruments {
    instruments: Vec<Known>,
}

/// What is known of an instrument without asking for its price.
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
