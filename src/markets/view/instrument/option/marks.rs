//! Marks on the prices: last price, drawings, splits, own trades.

use super::shown::Shown;
use crate::markets::view::instrument::state::{Mark, Stroke};
use serde_json::{Value, json};

/// Last price as a tag on the axis, and the reader's drawings.
pub fn lines(shown: &Shown<'_>) -> Value {
    let (axis, palette) = (shown.axis(), shown.palette);
    let mut data = Vec::new();
    if let Some(last) = shown.bars.last() {
        let before = shown
            .bars
            .len()
            .checked_sub(2)
            .and_then(|at| shown.bars.get(at));
        let rising = before.is_none_or(|before| last.close >= before.close);
        let color = if rising { &palette.up } else { &palette.down };
        data.push(json!({
            "yAxis": axis.height(last.close),
            "lineStyle": {"color": color, "type": "dotted", "width": 1},
            "label": {"show": true, "position": "end", "distance": 2, "formatter": shown.last, "color": palette.raised,
                "backgroundColor": color, "padding": [2, 4], "borderRadius": 2, "fontSize": 11},
        }));
    }
    let own = json!({"color": palette.main, "type": "solid", "width": 1.5});
    for stroke in shown.strokes {
        match stroke {
            Stroke::Level(price) => data.push(json!({
                "yAxis": axis.height(*price), "lineStyle": own, "label": {"show": false},
            })),
            Stroke::Trend(from, to) => {
                let place = |(at, price): (usize, f64)| json!([at, axis.height(price)]);
                data.push(json!([
                    {"coord": place(*from), "lineStyle": own, "label": {"show": false}},
                    {"coord": place(*to)},
                ]));
            }
        }
    }
    json!({"silent": true, "animation": false, "symbol": ["none", "none"], "data": data})
}

/// Trades at their price, and splits at the bottom of the prices.
pub fn points(shown: &Shown<'_>, foot: f64) -> Value {
    let (axis, palette) = (shown.axis(), shown.palette);
    let point = |mark: &Mark| {
        let Some(price) = mark.price else {
            let close = shown.bars.get(mark.at)?.close;
            return Some(json!({
                "coord": [mark.at, axis.height(close)],
                "y": foot,
                "symbol": "circle",
                "symbolSize": 24,
                "itemStyle": {"color": palette.raised, "borderColor": palette.text, "borderWidth": 1},
                "label": {"show": true, "formatter": mark.label, "color": palette.text, "fontSize": 10},
            }));
        };
        let color = if mark.up { &palette.up } else { &palette.down };
        Some(json!({
            "coord": [mark.at, axis.height(price)],
            "symbol": "triangle",
            "symbolSize": 11,
            "symbolRotate": if mark.up { 0 } else { 180 },
            "symbolOffset": [0, if mark.up { 8 } else { -8 }],
            "itemStyle": {"color": color, "borderColor": palette.raised, "borderWidth": 1},
            "label": {"show": true, "formatter": mark.label, "color": palette.text, "fontSize": 10,
                "position": if mark.up { "bottom" } else { "top" }},
        }))
    };
    let data: Vec<Value> = shown.marks.iter().filter_map(point).collect();
    json!({"silent": true, "animation": false, "data": data})
}
