//! Creates the data sources that the configuration names.

use crate::{
    markets::{
        Source,
        providers::{
            AlphaVantage, Cached, Chain, Folder, Limits, MarketData, Massive, Pace, Remote, Replay,
            Sample, Stooq, Storage, is_readable,
        },
    },
    platform::{
        config::{Config, MarketSource},
        database::Database,
        http::Client,
        tasks::Tasks,
    },
    shared::{Error, Result},
};
use std::{sync::Arc, time::Duration};

/// Returns the replay, or the sources of `market.source` in order, with a cache for those on the
/// network.
pub fn open(config: &Config, db: &Database, tasks: &Tasks) -> Result<Arc<dyn MarketData>> {
    let market = &config.market;
    if market.replay > 0 {
        let replay = Replay::new(db.clone(), market.replay, market.replay_from);
        let replay = replay.ok_or_else(|| {
            Error::bad_request(
                "bad-replay",
                format!(
                    "market.replay_from: there are no bundled days from {} on",
                    market.replay_from
                ),
            )
        })?;
        return Ok(Arc::new(replay));
    }
    let sources = names(config);
    let mut opened = Vec::new();
    for source in &sources {
        opened.push(one(source, config, db)?);
    }
    let mut opened = opened.into_iter();
    let Some(first) = opened.next() else {
        return Ok(Arc::new(Sample));
    };
    let local =
        |source: &MarketSource| matches!(source, MarketSource::Sample | MarketSource::Folder);
    let chain = Chain::new(first, opened.collect());
    if sources.iter().all(local) {
        return Ok(Arc::new(chain));
    }
    let storage = Storage::new(db.clone(), tasks.clone());
    Ok(Arc::new(Cached::new(chain, storage)))
}

/// Returns the sources in the order in which they are asked.
fn names(config: &Config) -> Vec<MarketSource> {
    let has = |key: &Option<String>| key.is_some();
    match &config.market.source {
        MarketSource::List(sources) => sources.clone(),
        MarketSource::Auto => {
            // Local files first, then the provider with more data.
            let there = [
                (
                    !config.market.folder.as_os_str().is_empty(),
                    MarketSource::Folder,
                ),
                (has(&config.secrets.massive_key), MarketSource::Massive),
                (
                    has(&config.secrets.alpha_vantage_key),
                    MarketSource::AlphaVantage,
                ),
            ];
            let there: Vec<_> = there
                .into_iter()
                .filter_map(|(there, source)| there.then_some(source))
                .collect();
            // Prices of 2013 never replace those of today.
            if there.is_empty() {
                vec![MarketSource::Sample]
            } else {
                there
            }
        }
        one => vec![one.clone()],
    }
}

fn one(source: &MarketSource, config: &Config, db: &Database) -> Result<Arc<dyn MarketData>> {
    let market = &config.market;
    let client = || Client::new(Duration::from_secs(market.timeout_seconds.into()));
    let key = |key: &Option<String>| key.clone().unwrap_or_default();
    Ok(match source {
        MarketSource::Folder => {
            if !is_readable(&market.folder) {
                return Err(Error::bad_request(
                    "bad-folder",
                    format!(
                        "market.folder: {} cannot be looked into",
                        market.folder.display()
                    ),
                ));
            }
            Arc::new(Folder::new(market.folder.clone()))
        }
        MarketSource::Stooq => {
            let source = Source::Stooq;
            let pace = Pace::Burst(market.stooq_per_minute);
            let limits = Limits::new(source, pace, market.stooq_per_day, db.clone());
            let remote = Remote::new(source, client()?, &market.stooq_url, limits);
            Arc::new(Stooq::new(remote, config.secrets.stooq_key.clone()))
        }
        MarketSource::AlphaVantage => {
            let source = Source::AlphaVantage;
            let pace = Pace::Even(market.alpha_vantage_per_minute);
            let limits = Limits::new(source, pace, market.alpha_vantage_per_day, db.clone());
            let remote = Remote::new(source, client()?, &market.alpha_vantage_url, limits);
            let key = key(&config.secrets.alpha_vantage_key);
            Arc::new(AlphaVantage::new(remote, &key))
        }
        MarketSource::Massive => {
            let source = Source::Massive;
            let pace = Pace::Burst(market.massive_per_minute);
            let limits = Limits::new(source, pace, market.massive_per_day, db.clone());
            let remote = Remote::new(source, client()?, &market.massive_url, limits);
            Arc::new(Massive::new(remote, &key(&config.secrets.massive_key)))
        }
        // A list contains neither `auto` nor lists.
        MarketSource::Sample | MarketSource::Auto | MarketSource::List(_) => Arc::new(Sample),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestDb;

    fn of(configure: impl FnOnce(&mut Config)) -> Vec<MarketSource> {
        let mut config = Config::default();
        configure(&mut config);
        names(&config)
    }

    #[test]
    fn auto_takes_what_is_there() {
        assert_eq!(of(|_| {}), [MarketSource::Sample]);
        let all = of(|config| {
            config.secrets.alpha_vantage_key = Some("k".into());
            config.secrets.massive_key = Some("k".into());
            config.secrets.stooq_key = Some("k".into());
            config.market.folder = "prices".into();
        });
        assert_eq!(
            all,
            [
                MarketSource::Folder,
                MarketSource::Massive,
                MarketSource::AlphaVantage
            ],
            "stooq only when it is named, the sample only when there is nothing else"
        );
        let named = of(|config| {
            config.secrets.massive_key = Some("k".into());
            config.market.source =
                MarketSource::List(vec![MarketSource::Stooq, MarketSource::Sample]);
        });
        assert_eq!(named, [MarketSource::Stooq, MarketSource::Sample]);
    }

    #[tokio::test]
    async fn what_cannot_be_stops_the_start() {
        let test = TestDb::sqlite().await;
        let fails = |configure: fn(&mut Config)| {
            let mut config = Config::default();
            configure(&mut config);
            open(&config, &test.db, &test.tasks).err().unwrap().code
        };
        assert_eq!(
            fails(|config| config.market.folder = "/nowhere".into()),
            "bad-folder"
        );
        let late = fails(|config| {
            config.market.replay = 10;
            config.market.replay_from = "2020-01-01".parse().unwrap();
        });
        assert_eq!(late, "bad-replay");
        test.stop().await;
    }
}
