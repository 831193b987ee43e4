//! `[market]`: data sources.

use super::secrets::Secrets;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error};
use std::path::PathBuf;

/// `[market]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Market {
    /// `auto`, one of the sources, or several in the order in which they are asked.
    pub source: MarketSource,
    /// Seconds to wait for a response of a data source.
    pub timeout_seconds: u32,
    /// Seconds between two price checks for alerts and paper orders.
    pub alert_seconds: u32,
    /// Folder with one CSV file per symbol; empty: no folder.
    pub folder: PathBuf,
    /// Base URL of stooq.
    pub stooq_url: String,
    /// Maximum number of requests to stooq per minute.
    pub stooq_per_minute: u32,
    /// Maximum number of requests to stooq per day (UTC); 0: unlimited.
    pub stooq_per_day: u32,
    /// Base URL of Alpha Vantage.
    pub alpha_vantage_url: String,
    /// Maximum number of requests to Alpha Vantage per minute, evenly spaced.
    pub alpha_vantage_per_minute: u32,
    /// Maximum number of requests to Alpha Vantage per day (UTC); 0: unlimited.
    pub alpha_vantage_per_day: u32,
    /// Base URL of Massive (formerly Polygon).
    pub massive_url: String,
    /// Maximum number of requests to Massive per minute.
    pub massive_per_minute: u32,
    /// Maximum number of requests to Massive per day (UTC); 0: unlimited.
    pub massive_per_day: u32,
    /// Seconds that the replay of the bundled prices takes per day; 0: no replay.
    pub replay: u32,
    /// First day of the replay.
    pub replay_from: NaiveDate,
}

/// Data sources of prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarketSource {
    /// The folder and the providers with an API key, else the bundled sample; uses the network only
    /// if a key is configured.
    Auto,
    /// The bundled sample.
    Sample,
    /// The admin's folder.
    Folder,
    /// stooq.com.
    Stooq,
    /// alphavantage.co.
    AlphaVantage,
    /// massive.com.
    Massive,
    /// Several sources, in the order in which they are asked.
    List(Vec<Self>),
}

impl MarketSource {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name.trim() {
            "auto" => Self::Auto,
            "sample" => Self::Sample,
            "folder" => Self::Folder,
            "stooq" => Self::Stooq,
            "alpha_vantage" => Self::AlphaVantage,
            "massive" => Self::Massive,
            other => {
                return Err(format!(
                    "{other:?} is no source: auto, sample, folder, massive, alpha_vantage, stooq"
                ));
            }
        })
    }
}

impl<'de> Deserialize<'de> for MarketSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Accepted forms: `"a"`, `"a,b"` (for the environment) or `["a", "b"]`.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        let names = match Written::deserialize(deserializer)? {
            Written::One(name) => name.split(',').map(ToOwned::to_owned).collect(),
            Written::Several(names) => names,
        };
        let sources = names.iter().map(|name| Self::named(name));
        let mut sources: Vec<Self> = sources
            .collect::<Result<_, _>>()
            .map_err(D::Error::custom)?;
        match sources.len() {
            0 => Err(D::Error::custom("names no source")),
            1 => Ok(sources.remove(0)),
            _ if sources.contains(&Self::Auto) => {
                Err(D::Error::custom("auto stands for itself alone"))
            }
            _ => Ok(Self::List(sources)),
        }
    }
}

impl Default for Market {
    fn default() -> Self {
        Self {
            source: MarketSource::Auto,
            timeout_seconds: 5,
            alert_seconds: 15,
            folder: PathBuf::new(),
            stooq_url: "https://stooq.com".into(),
            stooq_per_minute: 30,
            stooq_per_day: 5000,
            alpha_vantage_url: "https://www.alphavantage.co".into(),
            alpha_vantage_per_minute: 50,
            alpha_vantage_per_day: 25,
            massive_url: "https://api.massive.com".into(),
            massive_per_minute: 5,
            massive_per_day: 0,
            replay: 0,
            replay_from: NaiveDate::from_ymd_opt(2012, 6, 1).unwrap_or_default(),
        }
    }
}

impl Market {
    /// Base URLs of the providers.
    pub(super) fn urls(&self) -> [&String; 3] {
        [&self.stooq_url, &self.alpha_vantage_url, &self.massive_url]
    }

    pub(super) fn check(&self, secrets: &Secrets) -> Result<(), String> {
        if self.timeout_seconds == 0
            || self.alpha_vantage_per_minute == 0
            || self.massive_per_minute == 0
            || self.stooq_per_minute == 0
        {
            return Err(
                "market: timeout_seconds and the figures for a minute must be at least 1".into(),
            );
        }
        let sources = match &self.source {
            MarketSource::List(sources) => sources.as_slice(),
            one => std::slice::from_ref(one),
        };
        for (at, source) in sources.iter().enumerate() {
            let missing = match source {
                MarketSource::Folder if self.folder.as_os_str().is_empty() => "market.folder",
                MarketSource::AlphaVantage if secrets.alpha_vantage_key.is_none() => {
                    "ALPHA_VANTAGE_KEY in the environment"
                }
                MarketSource::Massive if secrets.massive_key.is_none() => {
                    "MASSIVE_KEY in the environment"
                }
                _ if sources.iter().take(at).any(|before| before == source) => {
                    return Err("market.source: a source is named twice".into());
                }
                _ => continue,
            };
            return Err(format!("market.source: a source needs {missing}"));
        }
        Ok(())
    }
}
