//! What tables share: what stands there while they come, and what when they do not.

use super::{Icon, IconName, error_text, t};
use crate::shared::Error;
use leptos::prelude::*;

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
            <span class="visually-hidden">{t("table-loading")}</span>
            {rows}
        </div>
    }
    .into_any()
}

/// A table that may be wider than its place: it scrolls by itself, with the keyboard too.
pub fn wide(label: String, table: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="wide-table" tabindex="0" role="region" aria-label=label>
            {table}
        </div>
    }
    .into_any()
}
