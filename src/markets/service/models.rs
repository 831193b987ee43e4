//! Cache of models: a walk through a long history takes tens of milliseconds, and the history
//! changes once a day.

use super::super::{Symbol, indicators::Candle, ratings};
use crate::shared::sync::lock;
use ratings::Model;
use std::{collections::HashMap, sync::Mutex};

/// Maximum number of cached models.
const REMEMBERED: usize = 1_000;

/// The last model of each symbol, with the hash of its history.
#[derive(Default)]
pub(super) struct Models(Mutex<HashMap<Symbol, (u64, Option<Model>)>>);

impl Models {
    /// Returns the model of a history, computed unless it is cached.
    pub(super) fn of(&self, symbol: &Symbol, bars: &[Candle]) -> Option<Model> {
        let mark = mark(bars);
        if let Some((known, model)) = self.all().get(symbol)
            && *known == mark
        {
            return model.clone();
        }
        let model = ratings::model(bars);
        let mut all = self.all();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(symbol.clone(), (mark, model.clone()));
        model
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Symbol, (u64, Option<Model>)>> {
        lock(&self.0)
    }
}

/// Hash of a history: another day, a corrected price or a split changes it.
fn mark(bars: &[Candle]) -> u64 {
    let figures = bars.iter().flat_map(|bar| {
        let prices = [bar.open, bar.high, bar.low, bar.close, bar.volume];
        prices.map(f64::to_bits)
    });
    figures.fold(bars.len() as u64, |mark, figure| {
        (mark.rotate_left(5) ^ figure).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_past_is_another_mark() {
        let bar = |close: f64| Candle {
            date: chrono::NaiveDate::default(),
            open: 1.0,
            high: 2.0,
            low: 0.5,
            close,
            volume: 7.0,
        };
        let bars = [bar(1.0), bar(1.5), bar(1.25)];
        assert_eq!(mark(&bars), mark(&bars.clone()));
        assert_ne!(mark(&bars), mark(&bars[..2]));
        assert_ne!(mark(&bars), mark(&[bar(1.0), bar(1.25), bar(1.5)]));
        let models = Models::default();
        let symbol: Symbol = "IBM".parse().unwrap();
        assert_eq!(models.of(&symbol, &bars), None);
        assert_eq!(models.all().get(&symbol), Some(&(mark(&bars), None)));
    }
}
