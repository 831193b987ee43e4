//! REST: daily prices of a symbol, and indicators computed from them.

use super::cache::AnswerCache;
use super::parameters::{Stretch, last, past, period};
use crate::markets::{
    Bar, History, Requester, Service, Source,
    indicators::{Candle, Line, Past, Study},
};
use crate::platform::{compute::compute, web::Query};
use crate::shared::{Error, Result, json::number};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};
use utoipa::{IntoParams, ToSchema};

/// Maximum number of indicators per response.
const MAX_STUDIES: usize = 20;
/// Maximum number of indicator values per response.
const MAX_VALUES: usize = 100_000;

/// Daily prices, oldest first. Prices from before a split are adjusted to today's shares.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Historical {
    data: Vec<Day>,
    /// Splits that the prices are adjusted for, if the data source reports them.
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

/// A split: `from` old shares became `to` new ones.
#[derive(Debug, Serialize, ToSchema)]
struct SplitDay {
    /// First day of the new shares.
    date: NaiveDate,
    from: u32,
    to: u32,
}

/// Returns daily prices.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/historical",
    security(()),
    tag = "Markets",
    params(Stretch),
    responses(
        (status = 200, description = "Daily prices, oldest first", body = Historical),
        (status = 400, description = "Invalid symbol or period"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
pub(super) async fn historical(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
) -> Result<Response> {
    let days = period(stretch.period.as_deref())?;
    let code = written(&symbol);
    let history = past(&service.requested_by(requester), symbol).await?;
    let question = format!("historical {code} {days}");
    answer(question, history, move |history| {
        let splits = history.splits.iter().flatten().map(|split| SplitDay {
            date: split.date,
            from: split.from,
            to: split.to,
        });
        Historical {
            data: last(&history.bars, days).iter().map(Day::from).collect(),
            splits: splits.collect(),
            source: history.source,
        }
    })
    .await
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

/// Query parameter: the indicators to compute.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Studies {
    /// Up to 20 indicators separated by commas, each with its settings after colons. Default, with
    /// the usual settings: sma, ema, wma, bollinger, vwap, ichimoku, sar, rsi, macd, stochastic,
    /// adx, atr, obv, cci, mfi, roc, williams.
    #[param(example = "sma:20,macd:12:26:9")]
    studies: Option<String>,
}

/// Indicators of a period. Each is computed from the whole price history, so that its warm-up lies
/// before the period if there is enough history.
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
    /// Indicator with its settings.
    study: String,
    lines: Vec<StudyLine>,
}

/// One value per day; null where the indicator is not defined.
#[derive(Debug, Serialize, ToSchema)]
struct StudyLine {
    name: &'static str,
    /// Number of trading days by which a value is drawn later than it is computed.
    shift: usize,
    values: Vec<Option<f64>>,
}

/// Returns indicators of daily prices.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/indicators",
    security(()),
    tag = "Markets",
    params(Studies, Stretch),
    responses(
        (status = 200, description = "The indicators in the requested order, each once",
            body = Indicators),
        (status = 400, description = "Invalid symbol, period or indicator, or the answer \
            would have more than 100,000 values"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
pub(super) async fn indicators(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
    Query(asked): Query<Studies>,
) -> Result<Response> {
    let days = period(stretch.period.as_deref())?;
    let studies = studies(asked.studies.as_deref())?;
    let code = written(&symbol);
    let history = past(&service.requested_by(requester), symbol).await?;
    let lines: usize = studies.iter().map(|study| study.lines().len()).sum();
    if lines * days.min(history.bars.len()) > MAX_VALUES {
        return Err(Error::bad_request(
            "too-many-values",
            format!(
                "Too many values: at most {MAX_VALUES}; choose a shorter period or fewer indicators"
            ),
        )
        .with("max", MAX_VALUES));
    }
    let texts: Vec<String> = studies.iter().map(Study::to_string).collect();
    let question = format!("indicators {code} {days} {}", texts.join(","));
    answer(question, history, move |history| {
        computed(&studies, history, days)
    })
    .await
}

/// Computes indicators over the whole history, and returns the values of the last `days` days.
fn computed(studies: &[Study], history: &History, days: usize) -> Indicators {
    let bars: Past = history.bars.iter().map(Candle::from).collect();
    let shown = last(&history.bars, days);
    let skipped = bars.len() - shown.len();
    let lines = studies.iter().map(|study| {
        let columns = study.columns(&bars);
        let line = |(at, (name, column)): (usize, (&&'static str, &Line))| StudyLine {
            name,
            shift: study.shift(at),
            values: column.values().skip(skipped).collect(),
        };
        let lines = study.lines().iter().zip(&columns).enumerate();
        StudyLines {
            study: study.to_string(),
            lines: lines.map(line).collect(),
        }
    });
    Indicators {
        studies: lines.collect(),
        dates: shown.iter().map(|bar| bar.date).collect(),
        source: history.source,
    }
}

/// Returns the symbol of the path, for the cache key.
fn written(symbol: &Result<Path<String>, PathRejection>) -> String {
    let code = symbol.as_ref().map(|Path(code)| code.trim());
    code.unwrap_or_default().to_ascii_uppercase()
}

/// Returns the cached response, or computes one in the pool for heavy computation.
async fn answer<T: Serialize>(
    question: String,
    history: Arc<History>,
    make: impl FnOnce(&History) -> T + Send + 'static,
) -> Result<Response> {
    let json = [(header::CONTENT_TYPE, "application/json")];
    if let Some(bytes) = ANSWERS.get(&question, &history) {
        return Ok((json, bytes).into_response());
    }
    let made = compute(move || {
        let bytes = serde_json::to_vec(&make(&history)).map_err(Error::internal)?;
        let bytes = Bytes::from(bytes);
        ANSWERS.insert(question, &history, bytes.clone());
        Ok::<_, Error>(bytes)
    });
    Ok((json, made.await??).into_response())
}

/// Cached responses.
static ANSWERS: LazyLock<AnswerCache<String>> = LazyLock::new(AnswerCache::default);

fn studies(asked: Option<&str>) -> Result<Vec<Study>> {
    let Some(asked) = asked else {
        return Ok(Study::ALL.to_vec());
    };
    let count = asked.split(',').count();
    if count > MAX_STUDIES {
        return Err(Error::bad_request(
            "too-many-studies",
            format!("Too many indicators: at most {MAX_STUDIES}"),
        )
        .with("max", MAX_STUDIES));
    }
    let mut studies: Vec<Study> = Vec::with_capacity(count);
    for study in asked.split(',') {
        let study: Study = study.parse()?;
        if !studies.contains(&study) {
            studies.push(study);
        }
    }
    Ok(studies)
}
