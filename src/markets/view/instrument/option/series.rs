//! Series of a chart, and what they need in its JSON.

use charming::{
    element::LineStyle,
    series::{Bar, Line},
};
use serde_json::{Value, json};

pub(super) fn bars(color: &str, at: usize, opacity: f64, data: Value) -> Value {
    let bar = Bar::new().x_axis_index(at as f64).y_axis_index(at as f64);
    let mut series = to_json(&bar);
    put(&mut series, "barGap", json!("-100%"));
    put(&mut series, "emphasis", json!({"disabled": true}));
    put(&mut series, "silent", json!(true));
    put(
        &mut series,
        "itemStyle",
        json!({"color": color, "opacity": opacity}),
    );
    put(&mut series, "data", data);
    series
}

pub(super) fn line(color: &str, width: f64) -> Line {
    Line::new()
        .show_symbol(false)
        .silent(true)
        .connect_nulls(false)
        .line_style(LineStyle::new().color(color).width(width))
}

/// Everything that `charming` describes can be written as JSON.
pub(super) fn to_json(part: &impl serde::Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

pub(super) fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

pub(super) fn put_in(object: &mut Value, list: &str, at: usize, name: &str, value: Value) {
    if let Some(item) = object.get_mut(list).and_then(|list| list.get_mut(at)) {
        put(item, name, value);
    }
}
