//! Content that loads: its skeleton, then the content or the error with a retry.

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
    when_loaded_or(resource, draw, move |error| {
        view! {
            {failure(error)}
            <button
                type="button"
                class="button quiet needs-script"
                on:click=move |_| resource.refetch()
            >
                {t("retry")}
            </button>
        }
        .into_any()
    })
}

/// Renders a resource: a skeleton while it loads, then `draw` or, after an error, `refused`.
pub fn when_loaded_or<T>(
    resource: Resource<Result<T, Error>>,
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    refused: impl Fn(&Error) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    suspended(resource, 6, move |found| match found {
        Ok(found) => draw(found),
        Err(error) => refused(&error),
    })
}

/// Renders a resource: nothing while it loads.
pub fn awaited<T, V: IntoView + 'static>(
    resource: Resource<T>,
    draw: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    suspended(resource, 0, move |found| draw(found).into_any())
}

fn suspended<T>(
    resource: Resource<T>,
    lines: usize,
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let drawn = move || {
        let draw = draw.clone();
        Suspend::new(async move { draw(resource.await) })
    };
    let waiting = move || (lines > 0).then(|| skeleton(lines));
    view! { <Transition fallback=waiting>{drawn}</Transition> }.into_any()
}

/// Placeholder of some lines while content loads.
pub fn skeleton(lines: usize) -> AnyView {
    let line = || view! { <span class="skeleton skeleton-line"></span> };
    view! {
        <div aria-busy="true">
            <span class="visually-hidden">{t("loading")}</span>
            {std::iter::repeat_with(line).take(lines).collect_view()}
        </div>
    }
    .into_any()
}
