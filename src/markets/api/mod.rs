//! REST: the quote of one symbol, its past, and what indicators make of it.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

mod chart;
pub mod drawings;
mod news;
pub mod watchlists;

use super::indicators::{Candle, Line, Past, Study};
use super::ratings::{Group, Model, Rating, Reading, Record, Verdict};
use super::{Asker, Bar, History, Quote, Service, Source};
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
/// Most indicators in one answer.
const MAX_STUDIES: usize = 20;

/// Most instruments that a search finds.
const MAX_FOUND: usize = 20;

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(stock))
        .routes(routes!(historical))
        .routes(routes!(indicators))
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

/// The last known price of an instrument, with its day and its source.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}",
    tag = "Markets",
    params(OfInstrument),
    responses(
        (status = 200, description = "The quote", body = Stock),
        (status = 400, description = "No symbol looks like this"),
        (status = 401, description = "It is not kept, and the asker is nobody"),
        (status = 404, description = "The source knows no such symbol"),
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
    params(OfInstrument, Stretch),
    responses(
        (status = 200, description = "The days, oldest first", body = Historical),
        (status = 400, description = "No symbol looks like this, or no period"),
        (status = 401, description = "It is not kept, and the asker is nobody"),
        (status = 404, description = "The source knows no such symbol"),
    )
)]
async fn historical(
    State(service): State<Service>,
    asker: Asker,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
) -> Result<Json<Historical>> {
    let days = period(stretch.period.as_deref())?;
    let history = past(&service.asked_by(asker), symbol).await?;
    let splits = history.splits.iter().flatten().map(|split| SplitDay {
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
    params(OfInstrument, Studies, Stretch),
    responses(
        (status = 200, description = "The indicators, in the order in which they were asked for",
            body = Indicators),
        (status = 400, description = "No symbol, period or indicator looks like this"),
        (status = 401, description = "It is not kept, and the asker is nobody"),
        (status = 404, description = "The source knows no such symbol"),
    )
)]
async fn indicators(
    State(service): State<Service>,
    asker: Asker,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
    Query(asked): Query<Studies>,
) -> Result<Json<Indicators>> {
    let days = period(stretch.period.as_deref())?;
    let studies = studies(asked.studies.as_deref())?;
    let history = past(&service.asked_by(asker), symbol).await?;
    let bars: Past = history.bars.iter().map(Candle::from).collect();
    let skipped = bars.len() - last(&history.bars, days).len();
    let lines = studies.into_iter().map(|study| {
        let columns = study.columns(&bars);
        let line = |(at, (name, column)): (usize, (&&'static str, &Line))| StudyLine {
            name,
            shift: study.shift(at),
            values: column.values().skip(skipped).collect(),
        };
        StudyLines {
            study: study.to_string(),
            lines: study
                .lines()
                .iter()
                .zip(&columns)
                .enumerate()
                .map(line)
                .collect(),
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

/// The rating of an instrument with its components, and its walk-forward record.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/signals",
    tag = "Markets",
    params(OfInstrument),
    responses(
        (status = 200, description = "The rating and its record", body = Signals),
        (status = 400, description = "No symbol looks like this"),
        (status = 401, description = "It is not kept, and the asker is nobody"),
        (status = 404, description = "The source knows no such symbol"),
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

/// Instruments whose symbol or name begins with something, the likeliest first; at most 20.
#[utoipa::path(
    get,
    path = "/instruments",
    tag = "Markets",
    params(Wanted),
    responses((status = 200, description = "The instruments", body = Instruments))
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
