//! Values of a chart as a table, for readers who prefer text, and for other programs.

use super::legend::{shown, study_name};
use super::state::ChartState;
use crate::markets::Bar;
use crate::ui::change::dash;
use crate::ui::time::date_text;
use crate::ui::{Column, DataTable, figure, t, t_with};
use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::prelude::ToPrimitive;
#[cfg(feature = "hydrate")]
use std::fmt::Write;

/// Maximum number of days in the table: the last visible ones.
const ROWS: usize = 60;

/// A day of the table.
struct Day {
    date: NaiveDate,
    /// Open, high, low, close.
    prices: [f64; 4],
    volume: f64,
    /// Values of the indicators' lines.
    studies: Vec<Option<f64>>,
}

/// The visible days with their indicators; before the chart is loaded, the last days that came with
/// the page.
#[component]
pub fn ValueTable(
    state: ChartState,
    /// The last days, oldest first.
    recent: Vec<Bar>,
    symbol: String,
) -> impl IntoView {
    let label = t_with("chart-table", &[("symbol", symbol.into())]);
    let caption = label.clone();
    let table = move || {
        let days = from_chart(state).unwrap_or_else(|| recent.iter().rev().map(day_of).collect());
        DataTable::new(label.clone(), columns(state), days).draw()
    };
    view! {
        <details class="chart-table">
            <summary>{caption}</summary>
            {table}
        </details>
    }
    .into_any()
}

fn columns(state: ChartState) -> Vec<Column<Day>> {
    let price = |key, at: usize| {
        Column::number(key, move |day: &Day| {
            day.prices.get(at).map(|price| shown(*price))
        })
    };
    let mut columns = vec![
        Column::text("chart-day", |day: &Day| date_text(day.date)).heads_row(),
        price("quote-open", 0),
        price("quote-high", 1),
        price("quote-low", 2),
        price("chart-closed-at", 3),
        Column::number("quote-volume", |day: &Day| {
            figure(&format!("{:.0}", day.volume))
        }),
    ];
    let studies = state.studies.get();
    let lines = studies.iter().flat_map(|one| {
        let name = study_name(one.study);
        one.lines.iter().map(move |line| match line.name {
            "" => name.clone(),
            line => format!("{name} {}", t(&format!("study-line-{line}"))),
        })
    });
    columns.extend(lines.enumerate().map(|(at, name)| {
        let value = move |day: &Day| day.studies.get(at).copied().flatten();
        Column::labeled(name, move |day: &Day| value(day).map_or_else(dash, shown)).is_number()
    }));
    columns
}

fn day_of(bar: &Bar) -> Day {
    let prices = [bar.open, bar.high, bar.low, bar.close];
    Day {
        date: bar.date,
        prices: prices.map(|exact| exact.to_f64().unwrap_or_default()),
        volume: bar.volume as f64,
        studies: Vec::new(),
    }
}

/// The visible days, newest first. `None`: the chart is not loaded.
fn from_chart(state: ChartState) -> Option<Vec<Day>> {
    let (past, studies) = (state.past.get()?, state.studies.get());
    let (from, to) = state.visible.get();
    let last = to.min(past.bars.len().saturating_sub(1));
    let first = from.max((last + 1).saturating_sub(ROWS));
    let lines = || studies.iter().flat_map(|one| &one.lines);
    let day = |at: usize| {
        let bar = past.bars.get(at)?;
        Some(Day {
            date: bar.date,
            prices: [bar.open, bar.high, bar.low, bar.close],
            volume: bar.volume,
            studies: lines()
                .map(|line| line.values.get(at).copied().flatten())
                .collect(),
        })
    };
    Some((first..=last).rev().filter_map(day).collect())
}

/// Returns the visible days as CSV, with numbers for programs.
#[cfg(feature = "hydrate")]
pub fn csv(state: ChartState) -> String {
    let (past, studies) = (state.past.get_untracked(), state.studies.get_untracked());
    let mut text = "date,open,high,low,close,volume".to_owned();
    for one in studies.iter() {
        for line in &one.lines {
            let name = if line.name.is_empty() { "" } else { " " };
            let _written = write!(text, ",{}{name}{}", one.study, line.name);
        }
    }
    text.push('\n');
    let Some(past) = past else {
        return text;
    };
    let (from, to) = state.visible.get_untracked();
    for at in from..=to {
        let Some(bar) = past.bars.get(at) else { break };
        let _written = write!(
            text,
            "{},{},{},{},{},{}",
            bar.date, bar.open, bar.high, bar.low, bar.close, bar.volume
        );
        for line in studies.iter().flat_map(|one| &one.lines) {
            match line.values.get(at).copied().flatten() {
                Some(value) => drop(write!(text, ",{value:.6}")),
                None => text.push(','),
            }
        }
        text.push('\n');
    }
    text
}
