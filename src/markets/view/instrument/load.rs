//! What the browser asks for once the page is there.

use super::TradesOf;
use super::state::{ChartState, Drawing, Other, Past};
use crate::markets::indicators::Candle;
use crate::markets::rpc::{load_instrument, load_past};
use crate::markets::{Bar, Freshness, Quote};
use crate::ui::{Toasts, error_text};
use leptos::leptos_dom::helpers::window;
use leptos::wasm_bindgen::JsValue;
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Gets the past of the instrument, and of those that it is compared with.
pub fn follow(state: ChartState, symbol: String) {
    remember_drawings(state);
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

/// How often the price is asked for while the page is looked at, in seconds: where it moves as one
/// watches, and elsewhere.
const QUICK: u64 = 2;
const SLOW: u64 = 15;

/// Keeps the price, and with it the last bar of the chart, up to date while the page is looked at.
pub fn watch(state: ChartState, quote: RwSignal<Quote>, symbol: String) {
    let replay = quote.with_untracked(|quote| quote.source.freshness()) == Freshness::Replay;
    let every = Duration::from_secs(if replay { QUICK } else { SLOW });
    let asking = StoredValue::new(false);
    let turn = move || {
        if document().hidden() || asking.get_value() {
            return;
        }
        asking.set_value(true);
        let symbol = symbol.clone();
        spawn_local(async move {
            // What cannot be had now is asked for the next time; the page says how old its price is.
            if let Ok(page) = load_instrument(symbol).await
                && asking.try_get_value().is_some()
            {
                if quote.with_untracked(|quote| *quote != page.quote) {
                    quote.set(page.quote);
                }
                extend(state, &page.recent);
            }
            asking.try_set_value(false);
        });
    };
    if let Ok(interval) = set_interval_with_handle(turn, every) {
        on_cleanup(move || interval.clear());
    }
}

/// Lays newer days over the last ones of the chart.
fn extend(state: ChartState, recent: &[Bar]) {
    let recent: Vec<Candle> = recent.iter().map(Candle::from).collect();
    let Some(first) = recent.first() else {
        return;
    };
    let newer = state.past.with_untracked(|past| {
        let past = past.as_ref()?;
        let kept = past.bars.partition_point(|bar| bar.date < first.date);
        if past.bars.get(kept..)? == recent {
            return None;
        }
        let mut newer = Past::clone(past);
        newer.bars.truncate(kept);
        newer.bars.extend(recent.iter().copied());
        Some(newer)
    });
    if let Some(newer) = newer {
        let (_, end) = state.visible.get_untracked();
        let before = state
            .past
            .with_untracked(|past| past.as_ref().map_or(0, |past| past.bars.len()));
        let at_end = end + 1 >= before;
        let last = newer.bars.len().saturating_sub(1);
        state.past.set(Some(Arc::new(newer)));
        if at_end {
            // Who looks at the end goes on looking at it.
            state.visible.update(|(from, to)| {
                *from += last.saturating_sub(*to).min(last - (*from).min(last));
                *to = last;
            });
        }
    }
}

/// The drawings of an instrument are remembered by the browser, under its symbol.
fn drawings_key(symbol: &str) -> String {
    format!("drawings:{symbol}")
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Brings back what was drawn before, and keeps what is drawn from now on.
fn remember_drawings(state: ChartState) {
    let key = drawings_key(&state.name.get_value());
    Effect::new(move |before: Option<()>| {
        let all = state.drawings.get();
        let Some(storage) = storage() else { return };
        if before.is_none() {
            // Not before the page is taken over: the server knows nothing of them.
            let kept = storage.get_item(&key).ok().flatten();
            let kept = kept.and_then(|kept| serde_json::from_str::<Vec<Drawing>>(&kept).ok());
            if let Some(kept) = kept {
                state.drawings.set(kept);
            }
        } else if let Ok(text) = serde_json::to_string(&all) {
            // A browser that keeps nothing still shows them until the page is left.
            let _refused = storage.set_item(&key, &text);
        }
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
