//! Whose page is being made on a thread.

use crate::accounts::guard;
use axum::{extract::Request, http::request::Parts, middleware::Next, response::Response};
use leptos::prelude::*;

/// Leptos leaves the page that is being made behind on its thread. What begins there next would
/// become a part of that page: end with it, and take the headers of its answer. So everything
/// begins with none.
pub async fn alone(request: Request, next: Next) -> Response {
    forget_owner();
    next.run(request).await
}

fn forget_owner() {
    if let Some(owner) = Owner::current() {
        owner.unset();
    }
}

/// Does something in the language of a request, as pages are made.
pub fn in_language<T>(parts: Parts, work: impl FnOnce() -> T) -> T {
    forget_owner();
    Owner::new().with(|| {
        provide_context(parts);
        guard::Reader::provide();
        work()
    })
}
