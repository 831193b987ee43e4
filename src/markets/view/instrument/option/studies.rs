//! Indicators as series of a chart.

use super::series::{bars, line, put, to_json};
use super::shown::Shown;
use crate::markets::view::instrument::scale::Axis;
use crate::markets::view::instrument::study::{Line as StudyLine, Look};
use serde_json::{Value, json};

/// Opacity of a cloud: candles and hairlines stay readable through it in both themes.
const CLOUD: f64 = 0.12;

/// A line of an indicator: one series, or two if the color tells its sign.
pub fn study_line(shown: &Shown<'_>, drawn: &StudyLine, at: usize, color: &str) -> Vec<Value> {
    let axis = if at == 0 { shown.axis() } else { Axis::Linear };
    let height = |value: &Option<f64>| json!(value.and_then(|value| axis.height(value)));
    let values: Value = drawn.values.iter().map(height).collect();
    if drawn.look == Look::Signed {
        let of = |rising: bool, color: &str| {
            let bar = |value: &Option<f64>| match value {
                Some(value) if (*value >= 0.0) == rising => json!(value),
                _ => json!("-"),
            };
            bars(color, at, 0.6, drawn.values.iter().map(bar).collect())
        };
        return vec![of(true, &shown.palette.up), of(false, &shown.palette.down)];
    }
    let width = if drawn.look == Look::Dots { 0.0 } else { 1.2 };
    let line = line(color, width)
        .x_axis_index(at as f64)
        .y_axis_index(at as f64);
    let mut series = to_json(&line);
    if drawn.look == Look::Dots {
        put(&mut series, "showSymbol", json!(true));
        put(&mut series, "showAllSymbol", json!(true));
        put(&mut series, "symbol", json!("circle"));
        put(&mut series, "symbolSize", json!(2.5));
        put(&mut series, "itemStyle", json!({"color": color}));
    }
    put(&mut series, "emphasis", json!({"disabled": true}));
    put(&mut series, "data", values);
    vec![series]
}

/// Area between two lines over the prices, in the color of the upper one: on an invisible base, the
/// lower line, is stacked by how much either line is higher.
pub fn cloud(shown: &Shown<'_>, one: &StudyLine, other: &StudyLine) -> [Value; 3] {
    let axis = shown.axis();
    let pair = |(a, b): (&Option<f64>, &Option<f64>)| {
        let height = |value: &Option<f64>| value.and_then(|value| axis.height(value));
        height(a).zip(height(b))
    };
    let heights: Vec<_> = one.values.iter().zip(&other.values).map(pair).collect();
    let layer = |tone: Option<&str>, part: fn((f64, f64)) -> f64| {
        let mut series = to_json(&line("transparent", 0.0));
        let data = heights.iter().map(|pair| json!(pair.map(part)));
        put(&mut series, "data", data.collect());
        put(&mut series, "stack", json!("cloud"));
        // Heights in % can be below zero, and what is stacked on them is not.
        put(&mut series, "stackStrategy", json!("all"));
        put(&mut series, "emphasis", json!({"disabled": true}));
        // Behind the prices.
        put(&mut series, "z", json!(1));
        if let Some(tone) = tone {
            put(
                &mut series,
                "areaStyle",
                json!({"color": tone, "opacity": CLOUD}),
            );
        }
        series
    };
    let palette = shown.palette;
    [
        layer(None, |(a, b)| a.min(b)),
        layer(Some(&palette.up), |(a, b)| (a - b).max(0.0)),
        layer(Some(&palette.down), |(a, b)| (b - a).max(0.0)),
    ]
}
