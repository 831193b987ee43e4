//! How often programs may call the REST API: so often for each account, and for each network of
//! those who are nobody.

use super::{Caller, Service};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Lets a request pass when its sender has not had too many. Runs inside [`super::authenticate`].
pub async fn limit_requests(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else {
        return next.run(request).await;
    };
    // Whoever brings a token that is no good is nobody: guessing tokens is limited too.
    let viewer = caller.viewer.as_ref().ok().and_then(Option::as_ref);
    let account = viewer.map(|viewer| viewer.account);
    match service.take_request(account, &caller.address).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
