//! Section below an instrument's chart.

use super::Service;
use crate::markets::{About, News, Symbol, Year};
use crate::shared::Result;

/// Number of headlines on an instrument's page.
const HEADLINES: usize = 20;

impl Service {
    /// Returns company profile, range of a year and news. If a data source is unavailable, only its
    /// part is missing.
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
                Ok(Some(news)) => News::Known(news.iter().take(HEADLINES).cloned().collect()),
                Ok(None) => News::NoSource,
                Err(_) => News::Away,
            },
        })
    }
}
