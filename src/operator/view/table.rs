//! What the tables of these pages share.

use crate::shared::{Error, Timestamp};
use crate::ui::{Icon, IconName, Zone, error_text, t};
use chrono::TimeDelta;
use leptos::prelude::*;

/// A point in time, day and minute, in the reader's zone.
#[component]
pub fn When(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let zone = Zone::of_context();
    let local = move || {
        let local = at.naive_utc() + TimeDelta::minutes(zone.offset.get().into());
        local.format("%Y-%m-%d %H:%M").to_string()
    };
    view! { <time datetime=at.to_rfc3339()>{local}</time> }.into_any()
}

/// Bytes as people read them.
pub fn bytes(bytes: u64) -> String {
    let (figure, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    format!("{figure:.1}\u{a0}{unit}")
}

/// A failure in the place of what could not be had, or of what was tried.
pub fn failure(error: &Error) -> AnyView {
    view! {
        <p class="form-error" role="alert">
            <Icon name=IconName::Alert />
            <span>{error_text(error)}</span>
        </p>
    }
    .into_any()
}

/// What stands there while a table is on its way.
#[component]
pub fn TableSkeleton() -> impl IntoView {
    let rows = (0..6)
        .map(|_| view! { <span class="skeleton ledger-skeleton"></span> })
        .collect_view();
    view! {
        <div aria-busy="true">
            <span class="visually-hidden">{t("operator-loading")}</span>
            {rows}
        </div>
    }
    .into_any()
}
