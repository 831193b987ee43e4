//! `[market]`: where prices come from.

use serde::Deserialize;

/// `[market]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Market {
    /// `auto`, `sample` or `stooq`.
    pub source: MarketSource,
    /// Seconds that an answer of a provider is waited for.
    pub timeout_seconds: u32,
    /// Seconds between two looks at the prices that alerts wait for.
    pub alert_seconds: u32,
    /// Where stooq is.
    pub stooq_url: String,
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketSource {
    /// Providers that have keys, else the bundled sample; never the network without being asked.
    Auto,
    /// The bundled sample.
    Sample,
    /// stooq.com.
    Stooq,
}

impl Default for Market {
    fn default() -> Self {
        Self {
            source: MarketSource::Auto,
            timeout_seconds: 5,
            alert_seconds: 15,
            stooq_url: "https://stooq.com".into(),
        }
    }
}
