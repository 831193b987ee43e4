//! The chart itself: ECharts with pointer and keyboard control.

use super::state::ChartState;
use crate::ui::t;
use leptos::{ev, html, prelude::*};

#[cfg(feature = "hydrate")]
mod live;

/// Element of the chart. It is drawn in the browser; until then its space is reserved.
#[component]
pub fn Canvas(
    /// State of the chart.
    state: ChartState,
    symbol: String,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let panes = move || {
        let studies = state.studies.get();
        let own = studies
            .iter()
            .filter(|one| one.study.pane() == crate::markets::indicators::Pane::Own);
        format!("--panes: {}", own.count())
    };
    let label = crate::ui::t_with("chart-label", &[("symbol", symbol.into())]);
    #[cfg(feature = "hydrate")]
    live::begin(state, place);
    let pressed = move |_event: ev::KeyboardEvent| {
        #[cfg(feature = "hydrate")]
        live::press(state, &_event);
    };
    view! {
        <div class="chart-room" style=panes>
            <div
                class="chart"
                class:drawing=move || state.tool.get().is_some()
                node_ref=place
                tabindex="0"
                role="application"
                aria-roledescription=t("chart-role")
                aria-label=label
                aria-describedby="chart-keys"
                on:keydown=pressed
            ></div>
            <p class="visually-hidden" id="chart-keys">
                {t("chart-keys")}
            </p>
            <p class="visually-hidden" role="status">
                {move || super::legend::spoken(state)}
            </p>
            <Show when=move || state.past.with(Option::is_none) && state.failed.with(Option::is_none)>
                <span class="skeleton chart-skeleton needs-script"></span>
            </Show>
            {move || state.failed.get().map(|error| crate::ui::loaded::failure(&error))}
        </div>
    }
    .into_any()
}
