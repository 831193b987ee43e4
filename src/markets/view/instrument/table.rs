//! Values of a chart as a table, for readers who prefer text, and for other programs.

use super::legend::{shown, study_name};
use super::state::ChartState;
use crate::markets::Bar;
use crate::ui::change::dash;
use crate::ui::figures::figure;
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::prelude::ToPrimitive;
#[cfg(feature = "hydrate")]
use std::fmt::Write;

/// Maximum number of days in the table: the last visible ones.
const ROWS: usize = 60;

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
    let rows = move || {
        if state.past.with(Option::is_none) {
            let row = |bar: &Bar| {
                let price = |exact: rust_decimal::Decimal| exact.to_f64().unwrap_or_default();
                let prices = [bar.open, bar.high, bar.low, bar.close].map(price);
                day(
                    bar.date.to_string(),
                    date_short(bar.date),
                    prices,
                    bar.volume as f64,
                    &[],
                )
            };
            return recent.iter().rev().map(row).collect_view().into_any();
        }
        from_chart(state).into_any()
    };
    let heads = move || {
        let studies = state.studies.get();
        let head = |(name, line): (String, &'static str)| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {}", t(&format!("study-line-{line}")))
            };
            view! {
                <th scope="col" class="number">
                    {format!("{name}{line}")}
                </th>
            }
        };
        let lines = studies.iter().flat_map(|one| {
            let name = study_name(one.study);
            one.lines.iter().map(move |line| (name.clone(), line.name))
        });
        lines.map(head).collect_view()
    };
    view! {
        <details class="chart-table">
            <summary>{caption}</summary>
            {wide(
                label,
                view! {
                    <table class="figure-table">
                        <thead>
                            <tr>
                                <th scope="col">{t("chart-day")}</th>
                                <th scope="col" class="number">{t("quote-open")}</th>
                                <th scope="col" class="number">{t("quote-high")}</th>
                                <th scope="col" class="number">{t("quote-low")}</th>
                                <th scope="col" class="number">{t("chart-closed-at")}</th>
                                <th scope="col" class="number">{t("quote-volume")}</th>
                                {heads}
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                },
            )}
        </details>
    }
    .into_any()
}

fn day(
    iso: String,
    date: String,
    prices: [f64; 4],
    volume: f64,
    studies: &[Option<f64>],
) -> AnyView {
    let cell = |value: String| view! { <td class="number">{value}</td> };
    let prices = prices.map(|price| cell(shown(price))).collect_view();
    let studies = studies
        .iter()
        .map(|value| cell(value.map_or_else(dash, shown)))
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                <time datetime=iso>{date}</time>
            </th>
            {prices}
            {cell(figure(&format!("{volume:.0}")))}
            {studies}
        </tr>
    }
    .into_any()
}

fn from_chart(state: ChartState) -> Vec<AnyView> {
    let (Some(past), studies) = (state.past.get(), state.studies.get()) else {
        return Vec::new();
    };
    let (from, to) = state.visible.get();
    let last = to.min(past.bars.len().saturating_sub(1));
    let first = from.max((last + 1).saturating_sub(ROWS));
    let lines = || studies.iter().flat_map(|one| &one.lines);
    let row = |at: usize| {
        let bar = past.bars.get(at)?;
        let values: Vec<Option<f64>> = lines()
            .map(|line| line.values.get(at).copied().flatten())
            .collect();
        let prices = [bar.open, bar.high, bar.low, bar.close];
        Some(day(
            bar.date.to_string(),
            date_short(bar.date),
            prices,
            bar.volume,
            &values,
        ))
    };
    (first..=last).rev().filter_map(row).collect()
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
