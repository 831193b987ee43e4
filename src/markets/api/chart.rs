//! Price chart of a symbol as an image.

use super::super::{
    Requester,
    chart::{self, HEIGHTS, Look, PriceChart, Theme, WIDTHS},
};
use super::Service;
use super::parameters::{Stretch, past, period};
use crate::platform::{compute::compute, web::Query};
use crate::shared::sync::lock;
use crate::shared::{Error, Result};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{LazyLock, Mutex},
    time::Instant,
};
use utoipa::IntoParams;

/// Default width and height in pixels.
const USUAL: (u32, u32) = (800, 360);
/// Maximum number of cached images.
const REMEMBERED: usize = 128;
/// Browsers use an image for five minutes, then ask by its tag whether it has changed (304: no).
const HOLDS: &str = "public, max-age=300";

/// Query parameters of a chart image.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Last day shown; default: the last known day.
    #[param(value_type = Option<NaiveDate>, example = "2013-03-01")]
    to: Option<String>,
    /// `dark` (default) or `light`.
    #[param(value_type = Option<String>, pattern = "^(dark|light)$", example = "dark")]
    theme: Option<String>,
    /// Width in pixels, 320 to 1600; default 800.
    #[param(minimum = 320, maximum = 1600, value_type = Option<u32>, example = 800)]
    width: Option<String>,
    /// Height in pixels, 160 to 900; default 360.
    #[param(minimum = 160, maximum = 900, value_type = Option<u32>, example = 360)]
    height: Option<String>,
}

/// Image formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Svg,
    Png,
}

/// Returns a price chart with moving averages of 20 and 50 days, as SVG. Its title names the data
/// source and the last day.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/chart.svg",
    security(()),
    tag = "Markets",
    params(Stretch, Asked),
    responses(
        (status = 200, description = "The image", body = String, content_type = "image/svg+xml"),
        (status = 304, description = "Not modified"),
        (status = 400, description = "Invalid symbol, period, theme or size"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
pub(super) async fn chart_svg(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let service = service.requested_by(requester);
    answer(&service, symbol, &stretch, &asked, Kind::Svg, &headers).await
}

/// Returns the same chart as PNG.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/chart.png",
    security(()),
    tag = "Markets",
    params(Stretch, Asked),
    responses(
        (status = 200, description = "The image", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "Not modified"),
        (status = 400, description = "Invalid symbol, period, theme or size"),
        (status = 401, description = "No stored data; sign in to load it"),
        (status = 404, description = "Symbol not found"),
    )
)]
pub(super) async fn chart_png(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
    Query(stretch): Query<Stretch>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let service = service.requested_by(requester);
    answer(&service, symbol, &stretch, &asked, Kind::Png, &headers).await
}

/// Cache key: everything that the image depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    symbol: String,
    source: &'static str,
    days: usize,
    look: Look,
    kind: Kind,
    /// Last day shown with its close, and the number of days up to it.
    last: (NaiveDate, Decimal, usize),
}

/// Image with its `ETag`.
type Image = (Bytes, String);

/// Cached images, each with the time of its last use.
static IMAGES: LazyLock<Mutex<HashMap<Key, (Instant, Image)>>> = LazyLock::new(Mutex::default);

fn known(key: &Key) -> Option<Image> {
    let mut images = lock(&IMAGES);
    let (used, image) = images.get_mut(key)?;
    *used = Instant::now();
    Some(image.clone())
}

fn remember(key: Key, image: Image) {
    let mut images = lock(&IMAGES);
    if images.len() >= REMEMBERED {
        let oldest = images.iter().min_by_key(|(_, (used, _))| *used);
        if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
            images.remove(&oldest);
        }
    }
    images.insert(key, (Instant::now(), image));
}

async fn answer(
    service: &Service,
    symbol: Result<Path<String>, PathRejection>,
    stretch: &Stretch,
    asked: &Asked,
    kind: Kind,
    headers: &HeaderMap,
) -> Result<Response> {
    let days = period(stretch.period.as_deref())?;
    let look = look(asked)?;
    let to = asked.to.as_deref().map(last_day).transpose()?;
    let code = symbol.as_ref().map(|Path(code)| code.trim().to_owned());
    let code = code.unwrap_or_default().to_ascii_uppercase();
    let history = past(service, symbol).await?;
    let to = to.unwrap_or(NaiveDate::MAX);
    let count = history.bars.partition_point(|bar| bar.date <= to);
    let last = count.checked_sub(1).and_then(|at| history.bars.get(at));
    let last =
        last.ok_or_else(|| super::parameters::unknown(&code, "Historical data not found"))?;
    let key = Key {
        symbol: code,
        source: history.source.as_str(),
        days,
        look,
        kind,
        last: (last.date, last.close, count),
    };
    let (bytes, tag) = match known(&key) {
        Some(image) => image,
        None => {
            let of = key.clone();
            let drawn = compute(move || {
                let chart = PriceChart::of(&of.symbol, &history, of.days, of.last.0);
                let chart = chart.ok_or_else(Error::not_found)?;
                match of.kind {
                    Kind::Svg => Ok(chart::svg(&chart, of.look).into_bytes()),
                    Kind::Png => chart::png(&chart, of.look),
                }
            });
            let bytes = drawn.await??;
            let tag = format!("\"{:x}\"", Sha256::digest(&bytes));
            let image = (Bytes::from(bytes), tag);
            remember(key, image.clone());
            image
        }
    };
    let asked_for = headers.get(header::IF_NONE_MATCH);
    let same = asked_for
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| {
            let mut tags = tags
                .split(',')
                .map(|one| one.trim().trim_start_matches("W/"));
            tags.any(|one| one == tag || one == "*")
        });
    let about = [
        (header::CACHE_CONTROL, HOLDS.to_owned()),
        (header::ETAG, tag),
    ];
    if same {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = match kind {
        Kind::Svg => "image/svg+xml",
        Kind::Png => "image/png",
    };
    Ok((about, [(header::CONTENT_TYPE, kind)], bytes).into_response())
}

fn last_day(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| {
        Error::bad_request("bad-date", "Invalid date: use the form 2013-03-01").with("field", "to")
    })
}

fn look(asked: &Asked) -> Result<Look> {
    let (width, height) = USUAL;
    Ok(Look {
        theme: asked
            .theme
            .as_deref()
            .map_or(Ok(Theme::Dark), Theme::named)?,
        width: size("width", asked.width.as_deref(), width, &WIDTHS)?,
        height: size("height", asked.height.as_deref(), height, &HEIGHTS)?,
    })
}

fn size(
    name: &'static str,
    asked: Option<&str>,
    usual: u32,
    within: &RangeInclusive<u32>,
) -> Result<u32> {
    let Some(asked) = asked else {
        return Ok(usual);
    };
    match asked.parse::<u32>() {
        Ok(size) if within.contains(&size) => Ok(size),
        _ => {
            let (min, max) = (within.start(), within.end());
            Err(Error::bad_request(
                "bad-size",
                format!("{name} must be a whole number of pixels from {min} to {max}"),
            )
            .with("field", name)
            .with("min", min)
            .with("max", max))
        }
    }
}
