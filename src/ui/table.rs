//! Shared by all tables: loading state, error state and horizontal scrolling.

use super::{Icon, IconName, error_text, t};
use crate::shared::Error;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Error message in place of content that failed to load, or of an action that failed.
pub fn failure(error: &Error) -> AnyView {
    view! {
        <p class="form-error" role="alert">
            <Icon name=IconName::Alert />
            <span>{error_text(error)}</span>
        </p>
    }
    .into_any()
}

/// Renders a resource: a skeleton while it loads, then `draw`, or its error with a retry.
pub fn when_loaded<T>(
    resource: Resource<Result<T, Error>>,
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let drawn = move || {
        let draw = draw.clone();
        Suspend::new(async move {
            match resource.await {
                Ok(found) => draw(found),
                Err(error) => view! {
                    {failure(&error)}
                    <button
                        type="button"
                        class="button quiet needs-script"
                        on:click=move |_| resource.refetch()
                    >
                        {t("broken-retry")}
                    </button>
                }
                .into_any(),
            }
        })
    };
    view! { <Transition fallback=TableSkeleton>{drawn}</Transition> }.into_any()
}

/// Placeholder while a table loads.
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

/// A table that may be wider than its container: scrolls horizontally, with the keyboard too.
pub fn wide(label: String, table: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="wide-table" tabindex="0" role="region" aria-label=label>
            {table}
        </div>
    }
    .into_any()
}
