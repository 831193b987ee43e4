//! Daily closes: all that the performance of a portfolio needs of its instruments. As `f64` they
//! take a fifth of whole bars, so that those of many instruments can be cached.

use super::Service;
use crate::markets::{Closes, Source, Symbol};
use crate::shared::Result;
use crate::shared::sync::lock;
use futures::stream::{self, StreamExt};
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
    fn get(&self, symbol: &Symbol) -> Option<Arc<Closes>> {
        let all = lock(&self.0);
        let (at, known) = all.get(symbol)?;
        (at.elapsed() < HOLDS).then(|| Arc::clone(known))
    }

    fn insert(&self, symbol: Symbol, closes: Arc<Closes>) {
        // Its days pass within seconds.
        if closes.source == Source::Replay {
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

impl Service {
    /// Returns the daily closes of several symbols, in order, up to ten minutes old.
    pub async fn closes(&self, codes: &[String]) -> Vec<Result<Option<Arc<Closes>>>> {
        let asked = codes.iter().cloned();
        let asked = asked.map(|code| async move { self.closes_of(&code).await });
        stream::iter(asked).buffered(super::AT_ONCE).collect().await
    }

    async fn closes_of(&self, code: &str) -> Result<Option<Arc<Closes>>> {
        let symbol: Symbol = code.parse()?;
        if let Some(known) = self.at_hand.get(&symbol) {
            return Ok(Some(known));
        }
        let closes = self.provider.closes(&symbol).await;
        let Some(closes) = closes.map_err(super::unavailable)? else {
            return Ok(None);
        };
        self.at_hand.insert(symbol, Arc::clone(&closes));
        Ok(Some(closes))
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
    fn so_many_are_at_hand_and_none_of_a_replay() {
        let at_hand = AtHand::default();
        let symbol = |number: usize| -> Symbol { format!("A{number}").parse().unwrap() };
        at_hand.insert(symbol(0), closes(Source::Replay));
        assert!(at_hand.get(&symbol(0)).is_none());
        for number in 0..=MAX_KEPT {
            at_hand.insert(symbol(number), closes(Source::Folder));
        }
        assert!(at_hand.get(&symbol(MAX_KEPT)).is_some());
        assert!(at_hand.0.lock().unwrap().len() <= MAX_KEPT);
    }
}
