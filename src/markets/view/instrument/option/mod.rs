//! The option object of ECharts, built from prices, indicators and the reader's settings.
//!
//! `charming` describes grids, axes, zoom and series. What its 0.6 does not know (the style of
//! candles, their axes and marks) and the data themselves are put into the JSON that it writes.

mod marks;
mod series;
mod shown;
mod studies;

#[cfg(feature = "hydrate")]
pub use self::shown::axis;
pub use self::shown::{Palette, Shown};

use self::marks::{lines, points};
use self::series::{bars, line, put, put_in, to_json};
use self::studies::{cloud, study_line};
use super::scale::{Axis, round_values};
use super::settings::Kind;
use super::state::Other;
use super::study::Drawn;
use crate::markets::indicators::{Candle, Pane, Study};
use charming::{
    Chart,
    component::{Axis as ChartAxis, DataZoom, DataZoomType, FilterMode, Grid},
    element::{
        AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, LineStyle, SplitLine,
    },
    series::Candlestick,
};
use serde_json::{Value, json};

/// A range of heights, in pixels from the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub top: f64,
    pub height: f64,
}

/// Space above the prices in pixels.
const TOP: f64 = 8.0;
/// Space for the date labels.
const FOOT: f64 = 26.0;
/// Space between panes.
const GAP: f64 = 14.0;
/// Minimum height of an indicator's pane, if there is room.
const PANE: f64 = 72.0;
/// Distance of the marks of splits from the bottom of the prices.
const MARK: f64 = 18.0;
/// Part of the price pane that volumes can fill.
const VOLUME: f64 = 0.18;

/// Returns the positions of the prices and of the panes below them.
pub fn stretches(height: f64, panes: usize) -> Vec<Stretch> {
    let whole = (height - TOP - FOOT).max(PANE);
    let count = panes as f64;
    // Prices get at least half of the height.
    let pane = (whole * 0.2).max(PANE).min(whole * 0.5 / count.max(1.0));
    let prices = whole - count * pane;
    let mut all = vec![Stretch {
        top: TOP,
        height: prices,
    }];
    for at in 0..panes {
        all.push(Stretch {
            top: TOP + prices + at as f64 * pane + GAP,
            height: pane - GAP,
        });
    }
    all
}

/// Builds the option object.
pub fn option(shown: &Shown<'_>) -> Value {
    let panes: Vec<&Drawn> = shown
        .studies
        .iter()
        .filter(|one| one.study.pane() == Pane::Own)
        .collect();
    let places = stretches(shown.height, panes.len());
    let mut series = Vec::new();
    let mut chart = Chart::new().animation(false);
    for (at, place) in places.iter().enumerate() {
        chart = chart
            .grid(grid(shown, *place))
            .x_axis(days(shown, at, at + 1 == places.len()))
            .y_axis(values(shown, at));
    }
    let prices = places.first().copied().unwrap_or(Stretch {
        top: 0.0,
        height: 0.0,
    });
    // Volumes are at the bottom of the prices, on their own scale.
    let volume = places.len();
    if shown.settings.volume {
        let height = prices.height * VOLUME;
        let place = Stretch {
            top: prices.top + prices.height - height,
            height,
        };
        chart = chart
            .grid(grid(shown, place))
            .x_axis(days(shown, volume, false).show(false))
            .y_axis(values(shown, volume).show(false));
        series.extend(volumes(shown, volume));
    }
    series.push(main(shown, prices.top + prices.height - MARK));
    let mut color = 0;
    for other in shown.others {
        series.push(compared(shown, other, shown.palette.other(color)));
        color += 1;
    }
    let mut pane = 0;
    for drawn in shown.studies {
        let at = if drawn.study.pane() == Pane::Own {
            pane += 1;
            pane
        } else {
            0
        };
        for line in &drawn.lines {
            series.extend(study_line(shown, line, at, shown.palette.other(color)));
            color += 1;
        }
        if let (Study::Ichimoku(..), [.., one, other]) = (drawn.study, drawn.lines.as_slice()) {
            series.extend(cloud(shown, one, other));
        }
    }
    let every: Vec<usize> = (0..places.len() + usize::from(shown.settings.volume)).collect();
    let zoom = DataZoom::new()
        .type_(DataZoomType::Inside)
        .filter_mode(FilterMode::Filter)
        .start_value(shown.visible.0 as f64)
        .end_value(shown.visible.1 as f64)
        .min_value_span(5.0)
        .throttle(40.0);
    let mut option = to_json(&chart.data_zoom(zoom));
    // `charming` writes a single element without its list.
    for list in ["grid", "xAxis", "yAxis", "dataZoom"] {
        if let Some(one) = option.get_mut(list).filter(|one| one.is_object()) {
            *one = Value::Array(vec![one.take()]);
        }
    }
    for at in 0..every.len() {
        // Labels that need more room must not move one pane against the others.
        put_in(&mut option, "grid", at, "outerBoundsMode", json!("none"));
    }
    put(&mut option, "series", Value::Array(series));
    let color = json!({"color": shown.palette.line});
    for at in 0..every.len() {
        if let Some(label) = option.pointer_mut(&format!("/xAxis/{at}/axisLabel")) {
            put(label, "customValues", json!(shown.ticks));
        }
        if let Some(line) = option.pointer_mut(&format!("/xAxis/{at}/axisLine")) {
            put(line, "lineStyle", color.clone());
        }
    }
    put_in(&mut option, "dataZoom", 0, "xAxisIndex", json!(every));
    put(
        &mut option,
        "axisPointer",
        json!({
            "link": [{"xAxisIndex": "all"}],
            "triggerEmphasis": false,
            "lineStyle": {"color": shown.palette.text, "type": "dashed"},
            "label": {"backgroundColor": shown.palette.text, "color": shown.palette.raised,
                "padding": [3, 5], "borderRadius": 2, "fontSize": 11},
        }),
    );
    if let (Axis::Log, Some((low, high))) = (shown.axis(), extremes(shown)) {
        let at: Vec<f64> = round_values(low, high).iter().map(|one| one.ln()).collect();
        if let Some(first) = option.pointer_mut("/yAxis/0") {
            put(
                first,
                "axisTick",
                json!({"show": false, "customValues": at}),
            );
            if let Some(label) = first.get_mut("axisLabel") {
                put(label, "customValues", json!(at));
            }
        }
    }
    option
}

/// Returns the lowest and the highest visible price.
fn extremes(shown: &Shown<'_>) -> Option<(f64, f64)> {
    let (from, to) = shown.visible;
    let seen = shown
        .bars
        .get(from..=to.min(shown.bars.len().saturating_sub(1)))?;
    let low = seen.iter().map(|bar| bar.low).fold(f64::INFINITY, f64::min);
    let high = seen.iter().map(|bar| bar.high).fold(0.0, f64::max);
    (low < high).then_some((low, high))
}

fn grid(shown: &Shown<'_>, place: Stretch) -> Grid {
    Grid::new()
        .left(4)
        .right(shown.gutter)
        .top(place.top)
        .height(place.height)
}

fn days(shown: &Shown<'_>, at: usize, labels: bool) -> ChartAxis {
    let pointer = AxisPointer::new()
        .show(true)
        .type_(AxisPointerType::Line)
        .label(charming::element::Label::new().show(labels));
    ChartAxis::new()
        .type_(AxisType::Category)
        .grid_index(at as f64)
        .axis_line(AxisLine::new().show(labels))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(
            AxisLabel::new()
                .show(labels)
                .color(shown.palette.text.as_str())
                .font_size(11),
        )
        .axis_pointer(pointer)
        .data(shown.days.to_vec())
}

fn values(shown: &Shown<'_>, at: usize) -> ChartAxis {
    let line = LineStyle::new().color(shown.palette.line.as_str());
    ChartAxis::new()
        .type_(AxisType::Value)
        .grid_index(at as f64)
        .position("right")
        .scale(true)
        .split_number(if at == 0 { 6 } else { 2 })
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(
            AxisLabel::new()
                .color(shown.palette.text.as_str())
                .font_size(11),
        )
        .split_line(SplitLine::new().line_style(line))
        .axis_pointer(
            AxisPointer::new()
                .show(true)
                .snap(false)
                .type_(AxisPointerType::Line),
        )
}

fn main(shown: &Shown<'_>, foot: f64) -> Value {
    let (axis, palette) = (shown.axis(), shown.palette);
    let height = |value| json!(axis.height(value));
    // With lines of other instruments, candles and areas would be hard to read.
    let alone = shown.settings.compare.is_empty();
    let mut series = if alone && shown.settings.kind == Kind::Candles {
        let mut series = to_json(&Candlestick::new().id("prices"));
        let candle = |bar: &Candle| {
            let corners = [bar.open, bar.close, bar.low, bar.high];
            Value::Array(corners.map(height).to_vec())
        };
        put(&mut series, "data", shown.bars.iter().map(candle).collect());
        put(
            &mut series,
            "itemStyle",
            json!({"color": palette.up, "color0": palette.down,
                "borderColor": palette.up, "borderColor0": palette.down}),
        );
        series
    } else {
        let line = line(palette.main.as_str(), 1.5).id("prices");
        let mut series = to_json(&line);
        let closes = shown.bars.iter().map(|bar| height(bar.close));
        put(&mut series, "data", closes.collect());
        if alone && shown.settings.kind == Kind::Area {
            put(
                &mut series,
                "areaStyle",
                json!({"color": palette.main, "opacity": 0.14, "origin": "start"}),
            );
        }
        series
    };
    put(&mut series, "emphasis", json!({"disabled": true}));
    put(&mut series, "markLine", lines(shown));
    put(&mut series, "markPoint", points(shown, foot));
    series
}

/// Volumes of rising and of falling days, as two series on top of each other.
fn volumes(shown: &Shown<'_>, at: usize) -> [Value; 2] {
    let palette = shown.palette;
    let of = |rising: bool, color: &str| {
        let bar = |bar: &Candle| {
            if (bar.close >= bar.open) == rising {
                json!(bar.volume)
            } else {
                json!("-")
            }
        };
        let data = shown.bars.iter().map(bar).collect();
        bars(color, at, 0.35, data)
    };
    [of(true, &palette.up), of(false, &palette.down)]
}

/// A compared instrument, in % since the first visible day.
fn compared(shown: &Shown<'_>, other: &Other, color: &str) -> Value {
    let from = other.closes.get(shown.visible.0..).unwrap_or_default();
    let base = from.iter().copied().flatten().next();
    let axis = base.map(Axis::Rebased);
    let height = |close: &Option<f64>| json!(close.and_then(|close| axis?.height(close)));
    let mut series = to_json(&line(color, 1.5).connect_nulls(true));
    put(
        &mut series,
        "data",
        other.closes.iter().map(height).collect(),
    );
    series
}

#[cfg(test)]
mod tests;
