//! Corrects the responses of server functions: the status of errors, the target of redirects.

use crate::shared::Error;
use axum::{
    body::{self, Body},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Maximum number of bytes that are read of an error.
const MAX_ERROR: usize = 64 * 1024;

/// Middleware that gives the response of a failed server function the status of its error, and
/// `Retry-After`. Leptos answers 500 for every error. Also removes empty queries from redirects.
pub async fn map_rpc_status(request: Request, next: Next) -> Response {
    let function = request.uri().path().starts_with("/rpc/");
    let mut response = next.run(request).await;
    if function && let Some(place) = response.headers_mut().get_mut(header::LOCATION) {
        drop_empty_query(place);
    }
    if !function || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = body::to_bytes(body, MAX_ERROR).await else {
        return Response::from_parts(parts, Body::empty());
    };
    if let Ok(error) = serde_json::from_slice::<Error>(&bytes)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        parts.status = status;
        if let Some(seconds) = error.retry_after() {
            let seconds = HeaderValue::from(seconds);
            parts.headers.insert(header::RETRY_AFTER, seconds);
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Without scripts a form redirects back to its page. The previous error is removed from the query,
/// which leaves a question mark at the end.
fn drop_empty_query(place: &mut HeaderValue) {
    if let Some(bare) = place.as_bytes().strip_suffix(b"?")
        && let Ok(bare) = HeaderValue::from_bytes(bare)
    {
        *place = bare;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_a_question_mark() {
        let led_to = |place: &'static str| {
            let mut place = HeaderValue::from_static(place);
            drop_empty_query(&mut place);
            place.to_str().unwrap().to_owned()
        };
        assert_eq!(
            led_to("http://a.example/register?"),
            "http://a.example/register"
        );
        assert_eq!(led_to("/register?next=/a"), "/register?next=/a");
    }
}
