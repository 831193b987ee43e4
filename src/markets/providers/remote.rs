//! How a provider on the network is asked: within its limits, not while it is left alone, and once
//! more where that can help.

use super::{Asker, Limits, ProviderFailure, Source};
use crate::platform::http::{Answer, Breaker, Client, Failure};
use std::time::Duration;

/// Pause before a request that came too soon is repeated.
const BURST_PAUSE: Duration = Duration::from_millis(1300);

/// A provider on the network.
pub struct Remote {
    source: Source,
    client: Client,
    base: String,
    breaker: Breaker,
    limits: Limits,
}

/// What is asked of it.
#[derive(Clone, Copy, Default)]
pub struct Question<'a> {
    /// The path, with a query of its own where there is one.
    pub path: &'a str,
    /// What goes into the query.
    pub query: &'a [(&'a str, &'a str)],
    /// A Bearer token.
    pub token: Option<&'a str>,
}

impl Remote {
    /// `source` at `base` (`https://api.massive.com`).
    pub fn new(source: Source, client: Client, base: &str, limits: Limits) -> Self {
        Self {
            source,
            client,
            base: base.trim_end_matches('/').to_owned(),
            breaker: Breaker::default(),
            limits,
        }
    }

    /// Which source it is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Asks, has the answer understood, and notes how it went.
    pub async fn ask<T>(
        &self,
        question: Question<'_>,
        understand: impl Fn(&Answer) -> Result<T, ProviderFailure>,
    ) -> Result<T, ProviderFailure> {
        match self.ask_once(question, &understand).await {
            Err(ProviderFailure::Http(Failure::NoAnswer(cause))) => {
                tracing::debug!(market.source = self.source.as_str(), error.cause = %cause, "no response; retrying once");
                // At different moments, so that many do not return at one.
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
        // Whoever has no request to make does not try a source that was left alone either.
        if Asker::current() == Asker::Nobody {
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
            // An answer, though not the one that was hoped for.
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
