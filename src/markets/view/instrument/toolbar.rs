//! Settings and actions of a chart.

use super::legend::study_name;
use super::settings::{ChartSettings, Kind, MAX_COMPARED, MAX_STUDIES, Scale};
use super::state::{ChartState, Tool};
use crate::markets::indicators::{Pane, Study};
use crate::markets::{Drawing, Shape, Symbol};
use crate::ui::range::Range;
use crate::ui::{Icon, IconButton, IconName, Menu, error_text, t, t_with};
use chrono::NaiveDate;
use leptos::{ev, prelude::*};

/// Controls above the chart.
#[component]
pub fn Toolbar(
    state: ChartState,
    /// Id of the list with suggested symbols.
    suggestions: &'static str,
) -> impl IntoView {
    view! {
        <div class="chart-tools">
            {ranges(state)}
            <div class="chart-tool-row needs-script" role="group" aria-label=t("chart-tools")>
                {kinds(state)}
                <Menu label=t("chart-indicators") icon=IconName::Chart>
                    {indicators(state)}
                </Menu>
                <Menu label=t("chart-compare") icon=IconName::Plus>
                    {comparison(state, suggestions)}
                </Menu>
                <Menu label=t("chart-draw") icon=IconName::Edit>
                    {drawing(state)}
                </Menu>
                <Menu label=t("chart-save") icon=IconName::Download>
                    {saving(state)}
                </Menu>
            </div>
            {move || {
                let key = match state.tool.get()? {
                    Tool::Level => t("chart-click-level"),
                    Tool::Trend(None) => t("chart-click-first"),
                    Tool::Trend(Some(_)) => t("chart-click-second"),
                };
                Some(view! { <p class="section-note" role="status">{key}</p> })
            }}
        </div>
    }
    .into_any()
}

/// Links, so that they also work without scripts.
fn ranges(state: ChartState) -> AnyView {
    let link = |range: Range| {
        let current = move || {
            state
                .settings
                .with(|one| one.range == range)
                .then_some("true")
        };
        let press = move |event: ev::MouseEvent| {
            event.prevent_default();
            choose_range(state, range);
        };
        let name = range.name();
        view! {
            <li>
                <a class="chip" href=format!("?range={name}") aria-current=current on:click=press>
                    {t(&format!("range-{name}"))}
                </a>
            </li>
        }
    };
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let choose = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        match day(from).zip(day(to)) {
            Some((from, to)) if from < to => {
                wrong.set(None);
                choose_range(state, Range::Days(from, to));
            }
            _ => wrong.set(Some(t("chart-days-backwards"))),
        }
    };
    let field = |label: String, value: RwSignal<String>| {
        view! {
            <label class="study-setting">
                <span>{label}</span>
                <input
                    class="input"
                    type="date"
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </label>
        }
    };
    view! {
        <nav class="chart-ranges" aria-label=t("chart-ranges")>
            <ul class="chips">{Range::BUTTONS.map(link).collect_view()}</ul>
            <div class="needs-script">
                <Menu label=t("chart-days") icon=IconName::More>
                    <form class="study-form" on:submit=choose>
                        {field(t("chart-from"), from)}
                        {field(t("chart-to"), to)}
                        <p class="field-error" role="alert">
                            {move || wrong.get()}
                        </p>
                        <button type="submit" class="button primary small">
                            {t("chart-apply")}
                        </button>
                    </form>
                </Menu>
            </div>
        </nav>
    }
    .into_any()
}

fn choose_range(state: ChartState, range: Range) {
    state.settings.update(|settings| settings.range = range);
    state.show_range();
}

/// A toggle button.
fn toggle(
    state: ChartState,
    label: String,
    pressed: impl Fn(&ChartSettings) -> bool + Copy + Send + 'static,
    press: impl Fn(&mut ChartSettings) + Copy + Send + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || state.settings.with(pressed).to_string()
            on:click=move |_| state.settings.update(press)
        >
            {label}
        </button>
    }
    .into_any()
}

fn kinds(state: ChartState) -> AnyView {
    let kind = |kind: Kind| {
        let label = t(&format!("chart-kind-{}", kind.as_str()));
        toggle(
            state,
            label,
            move |one| one.kind == kind,
            move |one| one.kind = kind,
        )
    };
    view! {
        {Kind::ALL.iter().copied().map(kind).collect_view()}
        {toggle(
            state,
            t("chart-log"),
            |one| one.scale == Scale::Log,
            |one| {
                one.scale = match one.scale {
                    Scale::Log => Scale::Linear,
                    Scale::Linear => Scale::Log,
                };
            },
        )}
        {toggle(state, t("quote-volume"), |one| one.volume, |one| one.volume = !one.volume)}
    }
    .into_any()
}

/// All indicators; to show one twice, change the settings of the first, then add it again.
fn indicators(state: ChartState) -> AnyView {
    let button = |study: Study| {
        let full = move || {
            state
                .settings
                .with(|one| one.studies.contains(&study) || one.studies.len() >= MAX_STUDIES)
        };
        view! {
            <li>
                <button
                    type="button"
                    class="button small"
                    // Not `disabled`: that would take the focus away, and close the panel.
                    aria-disabled=move || full().to_string()
                    on:click=move |_| state.settings.update(|one| one.add(study))
                >
                    {study_name(study)}
                </button>
            </li>
        }
    };
    let of = |pane: Pane| {
        let studies = Study::ALL.into_iter().filter(move |one| one.pane() == pane);
        studies.map(button).collect_view()
    };
    view! {
        <p class="pulldown-head">{t("chart-over-prices")}</p>
        <ul class="pulldown-list">{of(Pane::Prices)}</ul>
        <p class="pulldown-head">{t("chart-below")}</p>
        <ul class="pulldown-list">{of(Pane::Own)}</ul>
    }
    .into_any()
}

fn comparison(state: ChartState, suggestions: &'static str) -> AnyView {
    let written = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let full = state
            .settings
            .with_untracked(|one| one.compare.len() >= MAX_COMPARED);
        match written.get_untracked().parse::<Symbol>() {
            Ok(_) if full => {
                wrong.set(Some(t_with(
                    "chart-compare-full",
                    &[("max", (MAX_COMPARED + 1).into())],
                )));
            }
            Ok(symbol) => {
                wrong.set(None);
                written.set(String::new());
                state.settings.update(|one| one.beside(symbol.as_str()));
            }
            Err(error) => wrong.set(Some(error_text(&error))),
        }
    };
    view! {
        <form class="study-form" on:submit=add>
            <label class="study-setting">
                <span>{t("chart-compare-with")}</span>
                <input
                    class="input"
                    list=suggestions
                    autocomplete="off"
                    autocapitalize="characters"
                    prop:value=move || written.get()
                    on:input=move |event| written.set(event_target_value(&event))
                />
            </label>
            <p class="section-note">{t("chart-compare-note")}</p>
            <p class="field-error" role="alert">
                {move || wrong.get()}
            </p>
            <button type="submit" class="button primary small">
                {t("chart-add")}
            </button>
        </form>
    }
    .into_any()
}

/// Tools for the pointer, a price for the keyboard, and existing drawings to delete.
fn drawing(state: ChartState) -> AnyView {
    let price = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let written = price.get_untracked().trim().replace(',', ".");
        match written.parse::<f64>() {
            Ok(level) if level.is_finite() && level > 0.0 => {
                wrong.set(None);
                price.set(String::new());
                state.drawings.add(Shape::Level(level));
            }
            _ => wrong.set(Some(t("chart-bad-level"))),
        }
    };
    let tool = move |label: String, tool: Tool| {
        view! {
            <button
                type="button"
                class="button quiet small"
                on:click=move |_| state.tool.set(Some(tool))
            >
                {label}
            </button>
        }
    };
    let rows = move || {
        let row = |drawing: Drawing| {
            let name = shape_name(drawing.shape);
            let removed = name.clone();
            let remove = move |_| {
                // The row disappears together with the focused button.
                #[cfg(feature = "hydrate")]
                crate::ui::menu::keep_focus();
                state.drawings.remove(drawing.id, &removed);
            };
            view! {
                <li>
                    <span>{name.clone()}</span>
                    <IconButton
                        icon=IconName::Trash
                        label=t_with("chart-remove", &[("name", name.into())])
                        press=remove
                    />
                </li>
            }
        };
        let all = state.drawings.all.get();
        all.into_iter().map(row).collect_view()
    };
    view! {
        <div class="chart-tool-row">
            {tool(t("chart-level"), Tool::Level)} {tool(t("chart-trend"), Tool::Trend(None))}
        </div>
        <form class="study-form" on:submit=add>
            <label class="study-setting">
                <span>{t("chart-level-at")}</span>
                <input
                    class="input"
                    inputmode="decimal"
                    autocomplete="off"
                    prop:value=move || price.get()
                    on:input=move |event| price.set(event_target_value(&event))
                />
            </label>
            <p class="field-error" role="alert">
                {move || wrong.get()}
            </p>
            <button type="submit" class="button quiet small">
                {t("chart-add")}
            </button>
        </form>
        <ul class="pulldown-list drawings">{rows}</ul>
    }
    .into_any()
}

fn shape_name(shape: Shape) -> String {
    use super::legend::shown;
    match shape {
        Shape::Level(price) => t_with("chart-level-name", &[("price", shown(price).into())]),
        Shape::Trend((from, _), (to, _)) => {
            let values = [
                ("from", crate::ui::time::date_short(from).into()),
                ("to", crate::ui::time::date_short(to).into()),
            ];
            t_with("chart-trend-name", &values)
        }
    }
}

fn saving(state: ChartState) -> AnyView {
    let table = move |_| {
        #[cfg(feature = "hydrate")]
        {
            let name = format!("{}.csv", state.name.get_value());
            crate::ui::browser::save_text("text/csv", &super::table::csv(state), &name);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = state;
    };
    view! {
        <div class="chart-tool-row">
            <button
                type="button"
                class="button quiet small"
                on:click=move |_| state.picture.update(|count| *count += 1)
            >
                <Icon name=IconName::Download />
                {t("chart-save-picture")}
            </button>
            <button type="button" class="button quiet small" on:click=table>
                <Icon name=IconName::Download />
                {t("table-csv")}
            </button>
        </div>
    }
    .into_any()
}
