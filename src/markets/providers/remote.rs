//! Sends requests to a provider on the network: within its limits, not while its circuit breaker is
//! open, and once more where that can help.

use super::{Limits, ProviderFailure, Requester, Source};
use crate::platform::http::{Answer, Breaker, Client, Failure};
use std::time::Duration;

/// Pause before a request that came too fast is repeated.
const BURST_PAUSE: Duration = Duration::from_millis(1300);

/// A provider on the network.
pub struct Remote {
    source: Source,
    client: Client,
    base: String,
    breaker: Breaker,
    limits: Limits,
}

/// A request to a provider.
#[derive(Clone, Copy, Default)]
pub struct Question<'a> {
    /// Path, which can contain a query.
    pub path: &'a str,
    /// Query parameters.
    pub query: &'a [(&'a str, &'a str)],
    /// Bearer token.
    pub token: Option<&'a str>,
}

impl Remote {
    /// Provider of `source` at a base address (`https://api.massive.com`).
    pub fn new(source: Source, client: Client, base: &str, limits: Limits) -> Self {
        Self {
            source,
            client,
            base: base.trim_end_matches('/').to_owned(),
            breaker: Breaker::default(),
            limits,
        }
    }

    /// Returns which source it is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Sends a request, parses the response, and records the outcome.
    pub async fn ask<T>(
        &self,
        question: Question<'_>,
        understand: impl Fn(&Answer) -> Result<T, ProviderFailure>,
    ) -> Result<T, ProviderFailure> {
        match self.ask_once(question, &understand).await {
            Err(ProviderFailure::Http(Failure::NoAnswer(cause))) => {
                tracing::debug!(market.source = self.source.as_str(), error.cause = %cause, "no response; retrying once");
                // A random pause, so that clients do not return all at once.
                let pause = rand::random_range(100..400);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                self.ask_once(question, &understand).await
            }
            Err(ProviderFailure::TooFast) => {
                tokio::time::sleep(BURST_PAUSE).await;
                self.ask_once(question, &understand).await
            }
            outcome => outcome,
        }
    }

    async fn ask_once<T>(
        &self,
        question: Question<'_>,
        understand: impl Fn(&Answer) -> Result<T, ProviderFailure>,
    ) -> Result<T, ProviderFailure> {
        // Checked first, so that a requester without requests does not use the circuit breaker's
        // one trial.
        if Requester::current() == Requester::Visitor {
            return Err(ProviderFailure::SignIn);
        }
        if !self.breaker.allows() {
            return Err(ProviderFailure::LeftAlone);
        }
        self.limits.take().await?;
        let url = format!("{}{}", self.base, question.path);
        let asked = self.client.get_as(&url, question.query, question.token);
        let outcome = match asked.await {
            Ok(answer) => understand(&answer),
            Err(failure) => Err(failure.into()),
        };
        match &outcome {
            // A response, though without the data.
            Ok(_) | Err(ProviderFailure::Premium) => self.breaker.succeeded(),
            Err(
                failure @ (ProviderFailure::TooFast
                | ProviderFailure::MinuteLimit
                | ProviderFailure::DailyLimit),
            ) => self.limits.refused(failure).await,
            Err(_) => self.breaker.failed(),
        }
        outcome
    }
}
