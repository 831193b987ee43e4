//! What stands below an instrument's chart.

use super::Service;
use crate::markets::{About, News, Symbol, Year};
use crate::shared::Result;

/// So many headlines stand on an instrument's page.
const HEADLINES: usize = 20;

impl Service {
    /// What is told of an instrument and what was written about it. A source that is away costs what
    /// it could have told, and nothing else.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub async fn about(&self, code: &str) -> Result<About> {
        let symbol: Symbol = code.parse()?;
        let (details, history, news) = futures::join!(
            self.details(code),
            self.history(code),
            self.answer(self.provider.news(&symbol))
        );
        let history = history.ok().flatten();
        Ok(About {
            away: details.is_err(),
            details: details.ok().flatten(),
            year: history.and_then(|history| Year::of(&history)),
            news: match news {
                Ok(Some(news)) => News::Told(news.iter().take(HEADLINES).cloned().collect()),
                Ok(None) => News::NoSource,
                Err(_) => News::Away,
            },
        })
    }
}
