//! The cache of daily closes: all that the performance of a portfolio needs of its instruments. As `f64` they
//! take a fifth of whole bars, so that those of many instruments can be cached.

use crate::markets::{Closes, Source, Symbol};
use crate::shared::sync::lock;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Maximum number of cached instruments: twenty years take 80 kB each.
const MAX_KEPT: usize = 1_000;
/// How long closes are cached: a day adds one.
const HOLDS: Duration = Duration::from_mins(10);

/// Cached closes.
#[derive(Default)]
pub(super) struct AtHand(Mutex<HashMap<Symbol, (Instant, Arc<Closes>)>>);

impl AtHand {
    pub fn get(&self, symbol: &Symbol) -> Option<Arc<Closes>> {
        let all = lock(&self.0);
        let (at, known) = all.get(symbol)?;
        (at.elapsed() < HOLDS).then(|| Arc::clone(known))
    }

    pub fn insert(&self, symbol: Symbol, closes: Arc<Closes>) {
        // The days of a replay pass within seconds, and the folder sees when a file changes.
        if matches!(closes.source, Source::Replay | Source::Folder) {
            return;
        }
        let mut all = lock(&self.0);
        if all.len() >= MAX_KEPT {
            all.retain(|_, (at, _)| at.elapsed() < HOLDS);
        }
        if all.len() >= MAX_KEPT {
            all.clear();
        }
        all.insert(symbol, (Instant::now(), closes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closes(source: Source) -> Arc<Closes> {
        Arc::new(Closes {
            days: Vec::new(),
            splits: None,
            source,
        })
    }

    #[test]
    fn so_many_are_at_hand_and_none_that_changes() {
        let at_hand = AtHand::default();
        let symbol = |number: usize| -> Symbol { format!("A{number}").parse().unwrap() };
        at_hand.insert(symbol(0), closes(Source::Replay));
        at_hand.insert(symbol(0), closes(Source::Folder));
        assert!(at_hand.get(&symbol(0)).is_none());
        for number in 0..=MAX_KEPT {
            at_hand.insert(symbol(number), closes(Source::Massive));
        }
        assert!(at_hand.get(&symbol(MAX_KEPT)).is_some());
        assert!(at_hand.0.lock().unwrap().len() <= MAX_KEPT);
    }
}
