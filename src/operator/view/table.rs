//! What the tables of these pages share.

use crate::shared::Timestamp;
use crate::ui::Zone;
use chrono::TimeDelta;
use leptos::prelude::*;

/// A point in time, day and minute, in the reader's zone.
#[component]
pub fn When(at: Timestamp) -> impl IntoView {
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
