//! Outgoing HTTP: a client with time limits, and a circuit breaker for failing services.

use crate::shared::sync::lock;
use crate::shared::{Error, Result};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Maximum size of a response in bytes.
pub const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// A client for services that the admin configured.
#[derive(Clone)]
pub struct Client {
    inner: reqwest::Client,
}

/// A service's response.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most [`MAX_ANSWER`] bytes.
    pub body: Vec<u8>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection, a broken one, or no response in time.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// The response is larger than [`MAX_ANSWER`].
    #[error("the answer is too large")]
    TooLarge,
}

impl Client {
    /// Creates a client whose requests take at most `timeout`.
    pub fn new(timeout: Duration) -> Result<Self> {
        // A second call fails because a provider is already installed, which is fine.
        drop(rustls::crypto::ring::default_provider().install_default());
        let inner = reqwest::Client::builder()
            .timeout(timeout)
            .connect_timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Rialto/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { inner })
    }

    /// Sends a GET request.
    ///
    /// # Errors
    /// No response in time, or a response that is too large. The error does not contain the URL,
    /// which may contain an API key.
    pub async fn get(&self, url: &str, query: &[(&str, &str)]) -> Result<Answer, Failure> {
        self.get_as(url, query, None).await
    }

    /// Sends a GET request with a Bearer token.
    pub async fn get_as(
        &self,
        url: &str,
        query: &[(&str, &str)],
        token: Option<&str>,
    ) -> Result<Answer, Failure> {
        let mut url = reqwest::Url::parse(url).map_err(no_answer)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.inner.get(url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let mut response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

/// true if the text is a URL that can be shown as a link: `http` or `https`, with a host and
/// without credentials.
pub fn is_web_link(text: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(text) else {
        return false;
    };
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn failure(error: reqwest::Error) -> Failure {
    no_answer(error.without_url())
}

fn no_answer(error: impl std::fmt::Display) -> Failure {
    Failure::NoAnswer(error.to_string())
}

/// Failures in a row after which the breaker opens.
const BREAK_AFTER: u32 = 5;
/// The first pause; it doubles with each further failure.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// A circuit breaker that pauses requests to a failing service. Clones share their state.
#[derive(Clone, Default)]
pub struct Breaker(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failures: u32,
    closed_until: Option<Instant>,
}

impl Breaker {
    /// true if the service can be called now.
    pub fn allows(&self) -> bool {
        self.allows_at(Instant::now())
    }

    fn allows_at(&self, now: Instant) -> bool {
        let mut state = lock(&self.0);
        match state.closed_until {
            Some(until) if now < until => false,
            Some(until) => {
                // One request goes through as a trial; the others wait for its result.
                state.closed_until = Some(until.max(now) + FIRST_PAUSE);
                true
            }
            None => true,
        }
    }

    /// Records a success.
    pub fn succeeded(&self) {
        *lock(&self.0) = State::default();
    }

    /// Records a failure.
    pub fn failed(&self) {
        self.failed_at(Instant::now());
    }

    fn failed_at(&self, now: Instant) {
        let mut state = lock(&self.0);
        state.failures = state.failures.saturating_add(1);
        if state.failures >= BREAK_AFTER {
            let doublings = (state.failures - BREAK_AFTER).min(10);
            let pause = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
            // Adds up to 20%, so that many servers do not retry at the same moment.
            let jitter = pause.mul_f64(rand::random_range(0.0..0.2));
            state.closed_until = Some(now + pause + jitter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web() {
        for good in ["https://a.example/b?c=d#e", "http://1.2.3.4:80/"] {
            assert!(is_web_link(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "/path",
            "https://",
            "https://me:secret@a.example",
            "https://a.example/ b",
            "java\nscript:x",
            "",
        ] {
            assert!(!is_web_link(bad), "{bad}");
        }
    }

    #[test]
    fn breaks_after_failures_in_a_row_and_recovers() {
        let breaker = Breaker::default();
        let now = Instant::now();
        for _ in 0..BREAK_AFTER - 1 {
            breaker.failed_at(now);
        }
        assert!(breaker.allows_at(now));
        breaker.succeeded();
        for _ in 0..BREAK_AFTER {
            breaker.failed_at(now);
        }
        assert!(!breaker.allows_at(now));
        let later = now + FIRST_PAUSE * 2;
        assert!(breaker.allows_at(later), "one may try");
        assert!(!breaker.allows_at(later), "and only one");
        breaker.succeeded();
        assert!(breaker.allows_at(later));
    }
}
