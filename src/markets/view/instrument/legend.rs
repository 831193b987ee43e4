//! Values of the day at the crosshair, or of the last one, instead of a floating tooltip.

use super::state::{ChartState, Past};
use super::study::{Drawn, settings, with_settings};
use crate::markets::indicators::{Candle, Study};
use crate::ui::change::dash;
use crate::ui::facts::fact;
use crate::ui::figures::{figure, percent};
use crate::ui::time::date_short;
use crate::ui::{IconButton, IconName, error_text, t, t_with};
use leptos::{ev, prelude::*};
use std::sync::Arc;

/// Tokens of the colors of lines, in turn.
pub const COLORS: [&str; 6] = [
    "--lantern",
    "--blue",
    "--series-3",
    "--series-4",
    "--series-5",
    "--orange",
];

/// Formats a number with this many decimals and a true minus sign; a plus sign above zero.
pub fn signed(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let zero = text.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    let sign = match value {
        _ if zero => "",
        value if value < 0.0 => "\u{2212}",
        _ => "+",
    };
    format!("{sign}{text}")
}

/// Formats a price or a value of an indicator, with as many digits as its size needs.
pub fn shown(value: f64) -> String {
    let size = value.abs();
    let digits = if size >= 1e5 {
        0
    } else if size >= 1.0 || size == 0.0 {
        2
    } else {
        4
    };
    figure(&format!("{value:.digits$}").replace('-', "\u{2212}"))
}

/// Returns the position whose values are shown.
fn place(state: ChartState, past: &Past) -> Option<usize> {
    let last = past.bars.len().checked_sub(1)?;
    Some(state.hover.get().unwrap_or(last).min(last))
}

fn change(past: &Past, at: usize) -> Option<f64> {
    let before = past.bars.get(at.checked_sub(1)?)?;
    Some((past.bars.get(at)?.close / before.close - 1.0) * 100.0)
}

/// Text for screen readers while the crosshair moves.
pub fn spoken(state: ChartState) -> String {
    let at = state.hover.get();
    let past = state.past.get();
    let told = past.zip(at).and_then(|(past, at)| {
        let bar = past.bars.get(at)?;
        let change = change(&past, at).map(|change| percent(&signed(change, 2)));
        let values = [
            ("date", date_short(bar.date).into()),
            ("close", shown(bar.close).into()),
            ("change", change.unwrap_or_default().into()),
        ];
        Some(t_with("chart-spoken", &values))
    });
    told.unwrap_or_default()
}

/// The line of values above the chart.
#[component]
pub fn Legend(
    /// State of the chart.
    state: ChartState,
) -> impl IntoView {
    view! {
        <div class="chart-legend">
            <dl class="chart-values">
                {move || {
                    let past = state.past.get()?;
                    let at = place(state, &past)?;
                    let bar = *past.bars.get(at)?;
                    Some(values(&bar, change(&past, at)))
                }}
            </dl>
            <ul class="chart-studies">{move || others(state)} {move || studies(state)}</ul>
        </div>
    }
    .into_any()
}

fn values(bar: &Candle, change: Option<f64>) -> AnyView {
    let one = |name: &str, value: String| fact(name.to_owned(), value);
    let class = match change {
        Some(change) if change > 0.0 => "up",
        Some(change) if change < 0.0 => "down",
        _ => "",
    };
    let mark = match class {
        "up" => "▲",
        "down" => "▼",
        _ => "",
    };
    let change = change.map(|change| {
        view! {
            <div class=class>
                <dt class="visually-hidden">{t("chart-change")}</dt>
                <dd>
                    <span class="quote-mark" aria-hidden="true">
                        {mark}
                    </span>
                    {percent(&signed(change, 2))}
                </dd>
            </div>
        }
    });
    view! {
        <div class="chart-day">
            <dt class="visually-hidden">{t("chart-day")}</dt>
            <dd>{date_short(bar.date)}</dd>
        </div>
        {one(&t("chart-open"), shown(bar.open))}
        {one(&t("chart-high"), shown(bar.high))}
        {one(&t("chart-low"), shown(bar.low))}
        {one(&t("chart-close"), shown(bar.close))}
        {change}
        {one(&t("quote-volume"), figure(&format!("{:.0}", bar.volume)))}
    }
    .into_any()
}

fn dot(color: usize) -> AnyView {
    let token = COLORS
        .get(color % COLORS.len())
        .copied()
        .unwrap_or_default();
    view! { <span class="chart-dot" style=format!("--dot: var({token})") aria-hidden="true"></span> }
        .into_any()
}

/// Compared instruments, with their change since the first visible day.
fn others(state: ChartState) -> AnyView {
    let others = state.others.get();
    let row = |(color, other): (usize, super::state::Other)| {
        let symbol = other.symbol.clone();
        let closes = Arc::new(other.closes);
        let value = move || {
            let past = state.past.get()?;
            let at = place(state, &past)?;
            let (from, _) = state.visible.get();
            let since = closes.get(from..)?.iter().copied().flatten().next()?;
            let now = closes.get(..=at)?.iter().rev().copied().flatten().next()?;
            Some(percent(&signed((now / since - 1.0) * 100.0, 2)))
        };
        let remove = {
            let symbol = symbol.clone();
            move |_| {
                let symbol = symbol.clone();
                state
                    .settings
                    .update(|settings| settings.compare.retain(|one| *one != symbol));
            }
        };
        view! {
            <li>
                {dot(color)} <span class="quote-symbol">{symbol.clone()}</span>
                <span class="chart-value">{value}</span>
                <IconButton
                    icon=IconName::Close
                    label=t_with("chart-remove", &[("name", symbol.into())])
                    press=remove
                />
            </li>
        }
    };
    others
        .into_iter()
        .enumerate()
        .map(row)
        .collect_view()
        .into_any()
}

/// Returns the name of an indicator with its settings: `SMA 20`.
pub fn study_name(study: Study) -> String {
    let name = t(&format!("study-{}", study.name()));
    let values: Vec<String> = settings(study)
        .into_iter()
        .map(|(_, value)| figure(&value))
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() {
        name
    } else {
        format!("{name} {}", values.join(" "))
    }
}

fn studies(state: ChartState) -> AnyView {
    let drawn = state.studies.get();
    let mut color = state.others.with(Vec::len);
    let mut rows = Vec::new();
    for at in 0..drawn.len() {
        if let Some(one) = drawn.get(at) {
            rows.push(study_row(state, &drawn, at, one, color));
            color += one.lines.len();
        }
    }
    rows.collect_view().into_any()
}

fn study_row(
    state: ChartState,
    all: &Arc<Vec<Drawn>>,
    at: usize,
    one: &Drawn,
    color: usize,
) -> AnyView {
    let study = one.study;
    let lines = (0..one.lines.len()).map(|line| {
        let all = Arc::clone(all);
        let value = move || {
            let past = state.past.get()?;
            let place = place(state, &past)?;
            let values = &all.get(at)?.lines.get(line)?.values;
            let value = values.get(place).copied().flatten();
            Some(value.map_or_else(dash, shown))
        };
        view! {
            <span class="chart-value">
                {dot(color + line)} {value}
            </span>
        }
    });
    let lines = lines.collect_view();
    let remove = move |_| {
        state
            .settings
            .update(|settings| settings.studies.retain(|one| *one != study));
    };
    let name = study_name(study);
    let edit = (!settings(study).is_empty()).then(|| edit(state, study));
    view! {
        <li>
            <span class="study-name">{name.clone()}</span>
            {lines}
            {edit}
            <IconButton
                icon=IconName::Close
                label=t_with("chart-remove", &[("name", name.into())])
                press=remove
            />
        </li>
    }
    .into_any()
}

/// Settings of an indicator, in a panel of their own.
fn edit(state: ChartState, study: Study) -> AnyView {
    let wrong = RwSignal::new(None::<String>);
    let inputs: Vec<_> = settings(study)
        .into_iter()
        .map(|(name, value)| (name, RwSignal::new(value)))
        .collect();
    let values: Vec<RwSignal<String>> = inputs.iter().map(|(_, value)| *value).collect();
    let change = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let written: Vec<String> = values.iter().map(|value| value.get_untracked()).collect();
        match with_settings(study, &written) {
            Ok(changed) => state.settings.update(|settings| {
                let known = settings.studies.contains(&changed);
                settings.studies.retain(|one| *one != study || !known);
                for one in &mut settings.studies {
                    if *one == study {
                        *one = changed;
                    }
                }
            }),
            Err(error) => wrong.set(Some(error_text(&error))),
        }
    };
    let fields = inputs
        .into_iter()
        .map(|(name, value)| {
            let kind = if name == "anchor" { "date" } else { "text" };
            view! {
                <label class="study-setting">
                    <span>{t(&format!("study-setting-{name}"))}</span>
                    <input
                        class="input"
                        type=kind
                        inputmode="decimal"
                        prop:value=value.get_untracked()
                        on:input=move |event| value.set(event_target_value(&event))
                    />
                </label>
            }
        })
        .collect_view();
    view! {
        <crate::ui::Menu label=t("chart-settings") icon=IconName::Edit>
            <form class="study-form" on:submit=change>
                {fields}
                <p class="field-error" role="alert">
                    {move || wrong.get()}
                </p>
                <button type="submit" class="button primary small">
                    {t("chart-apply")}
                </button>
            </form>
        </crate::ui::Menu>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_chart() {
        assert_eq!(signed(1.234, 2), "+1.23");
        assert_eq!(signed(-1.236, 2), "\u{2212}1.24");
        assert_eq!(signed(-0.001, 2), "0.00");
        assert_eq!(shown(430.468), "430.47");
        assert_eq!(shown(0.012_345), "0.0123");
        assert_eq!(shown(-250.0), "\u{2212}250.00");
        assert_eq!(shown(44_346_300.0), "44,346,300");
    }
}
