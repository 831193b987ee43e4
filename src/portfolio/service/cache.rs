//! Cached results of [`super::performance`].

use crate::portfolio::model::Performance;
use crate::shared::PortfolioId;
use crate::shared::sync::lock;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long a result is cached: prices change once a day.
const HOLDS: Duration = Duration::from_secs(600);

/// Maximum number of cached results.
const REMEMBERED: usize = 500;

/// Cache of results by portfolio, `rev` and benchmark.
#[derive(Default)]
pub(super) struct Performances(Mutex<HashMap<Key, (Instant, Arc<Performance>)>>);

/// Portfolio, its `rev` and the benchmark.
type Key = (PortfolioId, i64, Option<String>);

impl Performances {
    pub fn get(&self, key: &Key) -> Option<Arc<Performance>> {
        let all = lock(&self.0);
        let (at, known) = all.get(key)?;
        (at.elapsed() < HOLDS).then(|| Arc::clone(known))
    }

    pub fn insert(&self, key: Key, computed: Arc<Performance>) {
        let mut all = lock(&self.0);
        // Only the latest `rev` of each portfolio is requested again.
        all.retain(|other, (at, _)| (other.0 != key.0 || other.1 == key.1) && at.elapsed() < HOLDS);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(key, (Instant::now(), computed));
    }
}
