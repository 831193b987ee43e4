//! A provider played by a local server.

use super::{Answered, Limits, MarketData, Pace, Quote, Remote, Source, Symbol};
use crate::{
    platform::http::Client,
    testing::{TestDb, play},
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_decimal::Decimal;
use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Timeout of requests.
pub const TIMEOUT: Duration = Duration::from_millis(300);
/// API key of all of them.
pub const KEY: &str = "s3cretK3Y";

/// A response.
#[derive(Clone)]
pub enum Shape {
    /// JSON with status 200.
    Json(String),
    /// Another status, with content type and body.
    Other(u16, &'static str, String),
    /// Nothing until after the timeout.
    Slow,
    /// Less than announced.
    CutOff,
}

impl Shape {
    pub fn json(text: &str) -> Self {
        Self::Json(text.to_owned())
    }

    fn into_response(self) -> Response {
        match self {
            Self::Json(body) => {
                ([(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
            Self::Other(status, kind, body) => {
                let status = StatusCode::from_u16(status).unwrap();
                (status, [(header::CONTENT_TYPE, kind)], body).into_response()
            }
            Self::Slow => String::new().into_response(),
            Self::CutOff => {
                let half = [Ok("{\"half\":"), Err(io::Error::other("gone"))];
                Body::from_stream(futures::stream::iter(half)).into_response()
            }
        }
    }
}

/// Returns what a source makes of a response to a request for a quote, and checks that no text
/// contains the API key.
pub async fn said<S: MarketData>(
    shape: Shape,
    source: impl FnOnce(&Played) -> S,
    asked: &str,
) -> Answered<Quote> {
    let played = Played::always(shape).await;
    let outcome = source(&played).quote(&symbol(asked)).await;
    assert!(!format!("{outcome:?}").contains(KEY));
    if let Err(failure) = &outcome {
        assert!(!failure.to_string().contains(KEY));
    }
    played.test.stop().await;
    outcome
}

/// A played provider, and the requests that it got: path, query and token.
pub struct Played {
    pub base: String,
    pub test: TestDb,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Played {
    /// Responds to each request by its path with its query.
    pub async fn by(answer: impl Fn(&str) -> Shape + Clone + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let handler = async move |request: Request| {
            let path = request.uri().path_and_query().unwrap().to_string();
            let token = request.headers().get(header::AUTHORIZATION);
            let token = token.map(|token| token.to_str().unwrap().to_owned());
            let shape = answer(&path);
            let line = [path, token.unwrap_or_default()].join(" ");
            log.lock().unwrap().push(line.trim().to_owned());
            if matches!(shape, Shape::Slow) {
                tokio::time::sleep(TIMEOUT * 20).await;
            }
            shape.into_response()
        };
        let app = Router::new().fallback(handler);
        Self {
            base: format!("{}/", play(app).await),
            test: TestDb::sqlite().await,
            asked,
        }
    }

    /// Responds to everything with the same.
    pub async fn always(shape: Shape) -> Self {
        Self::by(move |_| shape.clone()).await
    }

    /// Returns a client of it with a daily limit.
    pub fn remote(&self, source: Source, per_day: u32) -> Remote {
        let limits = Limits::new(source, Pace::Burst(1000), per_day, self.test.db.clone());
        Remote::new(source, Client::new(TIMEOUT).unwrap(), &self.base, limits)
    }

    /// Returns the requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

pub fn symbol(code: &str) -> Symbol {
    code.parse().unwrap()
}

pub fn decimal(digits: &str) -> Decimal {
    digits.parse().unwrap()
}
