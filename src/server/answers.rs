//! What server functions answer, put right: the statuses of failures, the addresses of redirects.

use crate::shared::Error;
use axum::{
    body::{self, Body},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Most bytes of an error that is read.
const MAX_ERROR: usize = 64 * 1024;

/// Gives the answer of a failed server function the status of its error. Those that say it
/// themselves are left alone; what is refused before a function runs, or without a word from it,
/// would be a 500, as if it were our fault. Redirects lead to clean addresses.
pub async fn put_right(request: Request, next: Next) -> Response {
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
    let status = serde_json::from_slice::<Error>(&bytes)
        .ok()
        .and_then(|error| StatusCode::from_u16(error.status()).ok());
    if let Some(status) = status {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A form without scripts leads back to the page that it is on. What said there why it was refused
/// before is taken out of the address, and leaves a question mark behind.
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
