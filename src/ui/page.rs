//! Full-page messages (not found, error), page titles and status codes.

use super::{Logo, t};
use leptos::prelude::*;
use leptos_meta::Title;

/// Title of a page that changes while it is open. The server writes titles last, when the signals
/// of this one may be disposed, so it reads them at once.
#[component]
pub fn LiveTitle<F>(
    /// The current title.
    text: F,
) -> impl IntoView
where
    F: Fn() -> String + Send + Sync + 'static,
{
    #[cfg(feature = "ssr")]
    let text = untrack(text);
    view! { <Title text=text /> }
}

/// A page with one message and the next step.
#[component]
pub fn NoticePage(
    /// What happened.
    #[prop(into)]
    title: String,
    /// What it means, and what is safe.
    #[prop(into)]
    text: String,
    /// The next step: one link or button.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <main class="notice-page" id="conversation">
            <a class="notice-home" href="/" rel="external" aria-label=t("app-name")>
                <Logo named=true />
            </a>
            <div class="notice">
                <NoticeDrawing />
                <h1>{title}</h1>
                <p>{text}</p>
                {children()}
            </div>
        </main>
    }
}

/// The page for unknown addresses; sets status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <NoticePage title=t("not-found-title") text=t("not-found-text")>
            <a class="button primary" href="/" rel="external">
                {t("not-found-back")}
            </a>
        </NoticePage>
    }
}

/// The page for internal errors; sets the status.
#[component]
pub fn Broken(
    /// HTTP status.
    #[prop(default = 500)]
    status: u16,
) -> impl IntoView {
    set_status(status);
    view! {
        <NoticePage title=t("broken-title") text=t("broken-text")>
            <a class="button primary" href="" rel="external">
                {t("retry")}
            </a>
        </NoticePage>
    }
}

/// Sets the HTTP status of the current page. Does nothing in the browser.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Line drawing: an empty mooring post in still water.
#[component]
pub fn NoticeDrawing() -> impl IntoView {
    view! {
        <svg class="line-drawing" viewBox="0 0 160 96" aria-hidden="true" focusable="false">
            <path d="M70 78V24c0-4 4-7 10-7s10 3 10 7v54M70 30l20 8M70 42l20 8M70 54l20 8"></path>
            <path class="drawing-lantern" d="M76 17v-4a4 4 0 0 1 8 0v4"></path>
            <path class="drawing-water" d="M22 78h36M102 78h36M40 86h24M74 86h42M58 92h28"></path>
        </svg>
    }
}
