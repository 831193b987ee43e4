//! Resets the Leptos owner that a thread still holds.

use crate::accounts::guard;
use axum::{extract::Request, http::request::Parts, middleware::Next, response::Response};
use leptos::prelude::*;

/// Middleware that runs each request without a Leptos owner. Leptos leaves the owner of the page
/// being rendered on its thread; the next request there would become part of that page, end with it
/// and receive its response headers.
pub async fn alone(request: Request, next: Next) -> Response {
    forget_owner();
    next.run(request).await
}

fn forget_owner() {
    if let Some(owner) = Owner::current() {
        owner.unset();
    }
}

/// Runs `work` in the language of a request, like the rendering of a page.
pub fn in_language<T>(parts: Parts, work: impl FnOnce() -> T) -> T {
    forget_owner();
    Owner::new().with(|| {
        provide_context(parts);
        guard::Reader::provide();
        work()
    })
}
