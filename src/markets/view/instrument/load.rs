//! What the browser asks for once the page is there.

use super::TradesOf;
use super::state::{ChartState, Other, Past};
use crate::markets::indicators::Candle;
use crate::markets::rpc::load_past;
use crate::ui::{Toasts, error_text};
use leptos::leptos_dom::helpers::window;
use leptos::wasm_bindgen::JsValue;
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;
use std::sync::Arc;

/// Gets the past of the instrument, and of those that it is compared with.
pub fn follow(state: ChartState, symbol: String) {
    spawn_local(async move {
        match load_past(symbol).await {
            Ok(columns) => {
                let past = Past {
                    bars: columns.candles(),
                    splits: columns.splits,
                    source: columns.source,
                };
                if state.past.try_set(Some(Arc::new(past))).is_none() {
                    state.show_range();
                }
            }
            Err(error) => drop(state.failed.try_set(Some(error))),
        }
    });
    if let Some(trades) = use_context::<TradesOf>() {
        let asked = (trades.0)(state.name.get_value());
        spawn_local(async move {
            // Marks are an extra: without them the chart is as good as before.
            if let Ok(found) = asked.await {
                let _gone = state.trades.try_set(found);
            }
        });
    }
    let known = StoredValue::new(HashMap::<String, Arc<Vec<Candle>>>::new());
    let toasts = Toasts::of_context();
    Effect::new(move || {
        let wanted = state.settings.with(|settings| settings.compare.clone());
        let Some(past) = state.past.get() else {
            return;
        };
        spawn_local(async move {
            for symbol in &wanted {
                if known.try_with_value(|known| known.contains_key(symbol)) != Some(false) {
                    continue;
                }
                match load_past(symbol.clone()).await {
                    Ok(columns) => {
                        let bars = Arc::new(columns.candles());
                        let _gone =
                            known.try_update_value(|known| known.insert(symbol.clone(), bars));
                    }
                    Err(error) => {
                        toasts.error(error_text(&error));
                        let _gone = state
                            .settings
                            .try_update(|settings| settings.compare.retain(|one| one != symbol));
                        return;
                    }
                }
            }
            let others = known.try_with_value(|known| {
                let other = |symbol: &String| {
                    let bars = known.get(symbol)?;
                    Some(Other {
                        symbol: symbol.clone(),
                        closes: beside(&past.bars, bars),
                    })
                };
                wanted.iter().filter_map(other).collect::<Vec<_>>()
            });
            if let Some(others) = others {
                let _gone = state.others.try_set(others);
            }
        });
    });
}

/// The closes of another instrument on the days of the first.
fn beside(bars: &[Candle], others: &[Candle]) -> Vec<Option<f64>> {
    let mut next = others.iter().peekable();
    let close = |bar: &Candle| {
        while next.next_if(|other| other.date < bar.date).is_some() {}
        next.next_if(|other| other.date == bar.date)
            .map(|other| other.close)
    };
    bars.iter().map(close).collect()
}

/// Shows what was chosen in the address, without going anywhere.
pub fn show_address(query: &str) {
    if let Ok(history) = window().history() {
        let address = format!("?{query}");
        let _kept = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
