//! Several data sources, asked one after the other: one that is unavailable, out of requests or
//! does not know the symbol is skipped.

use super::{
    Answered, Closes, Details, Dividend, Headline, History, MarketData, ProviderFailure, Quote,
    Source, Symbol,
};
use async_trait::async_trait;
use std::sync::Arc;

/// Data sources in the order in which they are asked; at least one.
pub struct Chain {
    first: Arc<dyn MarketData>,
    others: Vec<Arc<dyn MarketData>>,
}

impl Chain {
    /// `first`, then `others`.
    pub fn new(first: Arc<dyn MarketData>, others: Vec<Arc<dyn MarketData>>) -> Self {
        Self { first, others }
    }

    fn all(&self) -> impl Iterator<Item = &Arc<dyn MarketData>> {
        [&self.first].into_iter().chain(&self.others)
    }
}

/// Asks all in turn for the same data.
macro_rules! ask {
    ($chain:ident, $symbol:ident, $what:ident) => {{
        let mut failed = None;
        for source in $chain.all() {
            match source.$what($symbol).await {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(failure) => {
                    report(source.source(), $symbol, &failure);
                    failed.get_or_insert(failure);
                }
            }
        }
        // The symbol is unknown only if every source could be asked.
        failed.map_or(Ok(None), Err)
    }};
}

#[async_trait]
impl MarketData for Chain {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        ask!(self, symbol, quote)
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        ask!(self, symbol, history)
    }

    async fn closes(&self, symbol: &Symbol) -> Answered<Arc<Closes>> {
        ask!(self, symbol, closes)
    }

    async fn details(&self, symbol: &Symbol) -> Answered<Arc<Details>> {
        ask!(self, symbol, details)
    }

    async fn news(&self, symbol: &Symbol) -> Answered<Arc<Vec<Headline>>> {
        ask!(self, symbol, news)
    }

    async fn dividends(&self, symbol: &Symbol) -> Answered<Arc<Vec<Dividend>>> {
        ask!(self, symbol, dividends)
    }

    fn counts(&self) -> bool {
        self.all().any(|source| source.counts())
    }

    fn source(&self) -> Source {
        self.first.source()
    }
}

fn report(source: Source, symbol: &Symbol, failure: &ProviderFailure) {
    let source = source.as_str();
    if failure.is_quiet() {
        tracing::debug!(market.source = source, market.symbol = %symbol, error.cause = %failure, "data source skipped");
    } else {
        tracing::warn!(market.source = source, market.symbol = %symbol, error.cause = %failure, "no market data");
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::*;

    /// A source that always fails.
    struct Away(Source);

    #[async_trait]
    impl MarketData for Away {
        async fn quote(&self, _: &Symbol) -> Answered<Quote> {
            Err(ProviderFailure::DailyLimit)
        }

        async fn history(&self, _: &Symbol) -> Answered<Arc<History>> {
            Err(ProviderFailure::Blocked)
        }

        fn source(&self) -> Source {
            self.0
        }
    }

    fn symbol(code: &str) -> Symbol {
        code.parse().unwrap()
    }

    #[tokio::test]
    async fn the_next_one_is_asked() {
        let away = || -> Arc<dyn MarketData> { Arc::new(Away(Source::Stooq)) };
        let chain = Chain::new(away(), vec![away(), Arc::new(Sample)]);
        let aapl = symbol("AAPL");
        let quote = chain.quote(&aapl).await.unwrap().unwrap();
        assert_eq!(quote.source, Source::Sample);
        assert!(chain.history(&aapl).await.unwrap().is_some());
        assert!(chain.closes(&aapl).await.unwrap().is_some());
        // The unavailable source may know it.
        let unknown = chain.quote(&symbol("XXXX")).await;
        assert_eq!(unknown, Err(ProviderFailure::DailyLimit));
        assert_eq!(chain.news(&aapl).await, Ok(None));
        let known = Chain::new(Arc::new(Sample), vec![away()]);
        assert!(known.quote(&aapl).await.unwrap().is_some());
        assert_eq!(known.source(), Source::Sample);
    }
}
