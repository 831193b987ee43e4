//! Names with their values.

use leptos::prelude::*;

/// A line of a `dl`.
pub fn fact(name: String, value: impl IntoView + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value.into_any()}</dd>
        </div>
    }
    .into_any()
}

/// A card of a `dl.figure-cards`: a value, and how it comes about.
pub fn fact_card(
    name: String,
    value: impl IntoView + 'static,
    reason: impl IntoView + 'static,
) -> AnyView {
    view! {
        <div class="figure-card">
            <dt>{name}</dt>
            <dd>
                <strong>{value.into_any()}</strong>
                <span class="formula">{reason.into_any()}</span>
            </dd>
        </div>
    }
    .into_any()
}
