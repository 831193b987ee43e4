//! Cached results of [`super::performance`].

use crate::portfolio::model::Performance;
use crate::shared::PortfolioId;
use crate::shared::sync::lock;
use chrono::NaiveDate;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long a result is cached, as long as its prices are the latest.
const HOLDS: Duration = Duration::from_secs(600);

/// Maximum number of cached results.
const REMEMBERED: usize = 500;

/// The last price of each symbol of a result.
pub(super) type Prices = Vec<(String, Option<(NaiveDate, f64)>)>;

/// A result with the prices that it was computed from.
#[derive(Clone)]
pub(super) struct Known {
    pub prices: Prices,
    pub performance: Arc<Performance>,
}

/// Cache of results by portfolio, `rev` and benchmark.
#[derive(Default)]
pub(super) struct Performances(Mutex<HashMap<Key, (Instant, Known)>>);

/// Portfolio, its `rev` and the benchmark.
type Key = (PortfolioId, i64, Option<String>);

impl Performances {
    pub fn get(&self, key: &Key) -> Option<Known> {
        let all = lock(&self.0);
        let (at, known) = all.get(key)?;
        (at.elapsed() < HOLDS).then(|| known.clone())
    }

    pub fn insert(&self, key: Key, known: Known) {
        let mut all = lock(&self.0);
        // Only the latest `rev` of each portfolio is requested again.
        all.retain(|other, (at, _)| (other.0 != key.0 || other.1 == key.1) && at.elapsed() < HOLDS);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(key, (Instant::now(), known));
    }
}
