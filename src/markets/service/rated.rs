//! Cache of ratings. An entry is valid only for the history that it was computed from.

use super::models::Models;
use crate::markets::{History, Rated, Symbol, indicators::Candle, ratings};
use crate::shared::sync::lock;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Instant,
};

/// Maximum number of cached ratings.
const REMEMBERED: usize = 1_000;

/// Symbol, and whether the model is included.
type Key = (Symbol, bool);

struct Known {
    used: Instant,
    of: Weak<History>,
    rated: Rated,
}

/// Cached ratings.
#[derive(Default)]
pub(super) struct Ratings {
    known: Mutex<HashMap<Key, Known>>,
    models: Models,
}

impl Ratings {
    /// Returns the rating of this very history, if it is cached.
    pub(super) fn known(
        &self,
        symbol: &Symbol,
        with_model: bool,
        history: &Arc<History>,
    ) -> Option<Rated> {
        let mut known = self.lock();
        let one = known.get_mut(&(symbol.clone(), with_model))?;
        if !one.of.ptr_eq(&Arc::downgrade(history)) {
            return None;
        }
        one.used = Instant::now();
        Some(one.rated.clone())
    }

    /// Computes and caches a rating.
    pub(super) fn rate(&self, symbol: Symbol, with_model: bool, history: &Arc<History>) -> Rated {
        let bars: Vec<Candle> = history.bars.iter().map(Candle::from).collect();
        let (rating, scores) = ratings::rate(&bars);
        let rated = Rated {
            rating,
            record: ratings::record(&bars, &scores),
            model: with_model.then(|| self.models.of(&symbol, &bars)).flatten(),
            as_of: bars.last().map(|bar| bar.date),
            source: history.source,
        };
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.retain(|_, one| one.of.strong_count() > 0);
        }
        if known.len() >= REMEMBERED {
            let oldest = known.iter().min_by_key(|(_, one)| one.used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                known.remove(&oldest);
            }
        }
        let one = Known {
            used: Instant::now(),
            of: Arc::downgrade(history),
            rated: rated.clone(),
        };
        known.insert((symbol, with_model), one);
        rated
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Known>> {
        lock(&self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markets::Source;

    #[test]
    fn a_rating_is_good_for_its_history() {
        let history = || {
            Arc::new(History {
                bars: Vec::new(),
                splits: None,
                source: Source::Sample,
            })
        };
        let (ratings, first, second) = (Ratings::default(), history(), history());
        let symbol: Symbol = "IBM".parse().unwrap();
        assert!(ratings.known(&symbol, false, &first).is_none());
        ratings.rate(symbol.clone(), false, &first);
        assert!(ratings.known(&symbol, false, &first).is_some());
        assert!(ratings.known(&symbol, true, &first).is_none());
        assert!(ratings.known(&symbol, false, &second).is_none());
        for n in 0..2 * REMEMBERED {
            ratings.rate(format!("A{n}").parse().unwrap(), false, &first);
        }
        assert!(ratings.lock().len() <= REMEMBERED);
    }
}
