//! Card of a comparison: lines that start at the same point, and a table of results.

use super::super::model::{CompareCard, CompareLine};
use crate::markets::Source;
use crate::markets::view::source_of;
use crate::ui::change::percentage;
use crate::ui::t_with;
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;

/// Size of the image, in its own units.
const WIDE: f64 = 400.0;
const HIGH: f64 = 140.0;
/// Maximum number of points and lines: the card's data is not trusted.
const POINTS: usize = 60;
const LINES: usize = 5;

/// Renders the lines and their table.
pub fn compare_card(body: &Value) -> Option<AnyView> {
    let card = CompareCard::deserialize(body).ok()?;
    let fits = (1..=LINES).contains(&card.lines.len());
    let points_fit = |line: &CompareLine| (2..=POINTS).contains(&line.points.len());
    if !fits || !card.lines.iter().all(points_fit) {
        return None;
    }
    let sources = card.sources();
    let sample = sources.contains(&Source::Sample);
    let sources = sources.into_iter();
    let sources: Vec<_> = sources.map(|source| source_of(source, card.to)).collect();
    let sources = sources.join(", ");
    let values = || {
        card.lines
            .iter()
            .flat_map(|line| line.points.iter().copied())
    };
    let low = values().fold(100.0, f64::min);
    let high = values().fold(100.0, f64::max);
    let lines = card.lines.iter().enumerate().map(|(at, line)| {
        let class = format!("compare-line tone-{at}");
        view! { <path class=class d=path(&line.points, low, high) /> }
    });
    let lines: Vec<_> = lines.collect();
    let level = HIGH - (100.0 - low) / (high - low).max(f64::MIN_POSITIVE) * HIGH;
    let symbols: Vec<_> = card.lines.iter().map(|line| line.symbol.as_str()).collect();
    let values = [
        ("symbols", symbols.join(", ").into()),
        ("from", date_short(card.from).into()),
        ("to", date_short(card.to).into()),
    ];
    let title = t_with("bot-compare-title", &values);
    let columns = vec![
        Column::text("label-symbol", |(at, line): &(usize, CompareLine)| {
            let class = format!("compare-mark tone-{at}");
            view! { <span class=class aria-hidden="true"></span> {line.symbol.clone()} }
        })
        .class("quote-symbol")
        .heads_row(),
        Column::number("bot-compare-return", |(_, line): &(usize, CompareLine)| {
            percentage(Some(line.total), 1, true)
        }),
        Column::number(
            "bot-compare-volatility",
            |(_, line): &(usize, CompareLine)| percentage(line.volatility, 1, false),
        ),
        Column::number("bot-compare-fall", |(_, line): &(usize, CompareLine)| {
            percentage(Some(line.fall), 1, false)
        }),
    ];
    let table = DataTable::new(
        String::new(),
        columns,
        card.lines.into_iter().enumerate().collect(),
    );
    Some(
        view! {
            <div class="card bot-compare">
                <svg
                    class="compare-lines"
                    viewBox=format!("0 -4 {WIDE} {}", HIGH + 8.0)
                    role="img"
                    aria-label=title
                    preserveAspectRatio="none"
                >
                    <path class="compare-level" d=format!("M0 {level:.1}H{WIDE}") />
                    {lines}
                </svg>
                {table.bare()}
                <p class="card-foot" class:sample=sample>
                    <time datetime=card.to.to_string()>{sources}</time>
                </p>
            </div>
        }
        .into_any(),
    )
}

fn path(points: &[f64], low: f64, high: f64) -> String {
    let wide = WIDE / (points.len().saturating_sub(1).max(1)) as f64;
    let high = (high - low).max(f64::MIN_POSITIVE);
    let mut text = String::new();
    for (at, value) in points.iter().enumerate() {
        let (x, y) = (at as f64 * wide, HIGH - (value - low) / high * HIGH);
        let step = if at == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _written = write!(text, "{step}{x:.1} {y:.1}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_edge_to_edge() {
        assert_eq!(
            path(&[100.0, 110.0, 90.0], 90.0, 110.0),
            "M0.0 70.0L200.0 0.0L400.0 140.0"
        );
    }

    #[test]
    fn what_is_too_much_is_left_to_the_text() {
        let line = |points: usize| {
            serde_json::json!({
                "symbol": "A", "points": vec![100.0; points], "total": 0.0, "volatility": null,
                "fall": 0.0
            })
        };
        let card = |lines: Vec<Value>| {
            serde_json::json!({
                "lines": lines, "from": "2012-01-01", "to": "2013-01-01", "source": "sample"
            })
        };
        let drawn = |card: Value| Owner::new().with(|| compare_card(&card).is_some());
        assert!(drawn(card(vec![line(60); 5])));
        assert!(!drawn(card(vec![line(61)])));
        assert!(!drawn(card(vec![line(60); 6])));
        assert!(!drawn(card(vec![line(1)])));
        assert!(!drawn(card(Vec::new())));
    }
}
