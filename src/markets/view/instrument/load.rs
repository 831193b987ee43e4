//! What the browser loads after the page.

use super::state::{ChartState, Other, Past, TradesOf};
use crate::markets::indicators::Candle;
use crate::markets::rpc::{load_instrument, load_past};
use crate::markets::{Bar, Columns, Freshness, Quote};
use crate::shared::Error;
use crate::ui::browser::{call, construct, global, member, set};
use crate::ui::chart::Library;
use crate::ui::{Toasts, error_text};
use leptos::leptos_dom::helpers::window;
use leptos::wasm_bindgen::{JsValue, closure::Closure};
use leptos::{html, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Price history of the symbol in the address, and the chart library: both are loaded before the
/// page knows the price, because neither needs it.
#[derive(Clone, Copy)]
pub struct Ahead(RwSignal<Option<(String, Result<Columns, Error>)>>);

impl Ahead {
    /// Starts to load both.
    pub fn begin(symbol: Memo<String>) -> Self {
        let found = RwSignal::new(None);
        Effect::new(move || {
            let symbol_now = symbol.get();
            spawn_local(async move {
                let answer = load_past(symbol_now.clone()).await;
                // A reader who has gone on to another symbol waits for another response.
                if symbol.try_get_untracked().as_ref() == Some(&symbol_now) {
                    let _gone = found.try_set(Some((symbol_now, answer)));
                }
            });
        });
        spawn_local(async {
            // The chart itself reports a failure.
            let _told_later = Library::load().await;
        });
        Self(found)
    }
}

/// Loads the histories of the instrument and of the compared ones.
pub fn follow(state: ChartState, symbol: String) {
    state.drawings.follow();
    let ahead = use_context::<Ahead>().unwrap_or_else(|| {
        let symbol = symbol.clone();
        Ahead::begin(Memo::new(move |_| symbol.clone()))
    });
    Effect::new(move |begun: Option<bool>| {
        if begun == Some(true) {
            return true;
        }
        let of_this = |(of, answer): &(String, _)| (*of == symbol).then(|| Clone::clone(answer));
        match ahead.0.with(|found| found.as_ref().and_then(of_this)) {
            None => return false,
            Some(Ok(columns)) => {
                let columns: Columns = columns;
                let past = Past {
                    bars: columns.candles(),
                    splits: columns.splits,
                    source: columns.source,
                };
                state.past.set(Some(Arc::new(past)));
                state.show_range();
            }
            Some(Err(error)) => state.failed.set(Some(error)),
        }
        true
    });
    if let Some(trades) = use_context::<TradesOf>() {
        let asked = (trades.0)(state.name.get_value());
        spawn_local(async move {
            // Marks of trades are optional: the chart works without them.
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

/// Seconds between two requests for the price while the page is visible: for the replay, and for
/// other sources.
const QUICK: u64 = 2;
const SLOW: u64 = 15;

/// Keeps the price and the chart's last bar up to date while the page is visible.
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
            // A failed request is repeated the next time; the page shows how old its price is.
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

/// Replaces the chart's last days by newer ones.
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
            // A view of the end follows the end.
            state.visible.update(|(from, to)| {
                *from += last.saturating_sub(*to).min(last - (*from).min(last));
                *to = last;
            });
        }
    }
}

/// Runs `act` once, when the reader scrolls to an element.
pub fn when_seen(place: NodeRef<html::Div>, act: impl Fn() + 'static) {
    let act = Rc::new(act);
    let kept = StoredValue::new_local(None::<Closure<dyn Fn(JsValue, JsValue)>>);
    Effect::new(move |begun: Option<bool>| {
        let Some(element) = place.get().filter(|_| begun != Some(true)) else {
            return begun == Some(true);
        };
        let seen = Rc::clone(&act);
        let closure: Closure<dyn Fn(JsValue, JsValue)> = Closure::new(move |entries, observer| {
            let is_seen = |entry: &JsValue| {
                member(entry, "isIntersecting").is_some_and(|seen| seen.is_truthy())
            };
            if js_sys::Array::from(&entries)
                .iter()
                .any(|entry| is_seen(&entry))
            {
                let _done = call(&observer, "disconnect", []);
                seen();
            }
        });
        let options = js_sys::Object::new();
        let _set = set(&options, "rootMargin", &"200px".into());
        let function = closure.as_ref().clone();
        let observer = global("IntersectionObserver")
            .and_then(|class| construct(class, [function, options.into()]));
        match observer {
            Some(observer) => {
                let _begun = call(&observer, "observe", [(*element).clone().into()]);
                kept.set_value(Some(closure));
                let observer = SendWrapper::new(observer);
                on_cleanup(move || {
                    let _done = call(&observer, "disconnect", []);
                });
            }
            None => act(),
        }
        true
    });
}

/// Returns the closes of another instrument on the days of the first.
fn beside(bars: &[Candle], others: &[Candle]) -> Vec<Option<f64>> {
    let mut next = others.iter().peekable();
    let close = |bar: &Candle| {
        while next.next_if(|other| other.date < bar.date).is_some() {}
        next.next_if(|other| other.date == bar.date)
            .map(|other| other.close)
    };
    bars.iter().map(close).collect()
}

/// Shows the settings in the address, without navigation.
pub fn show_address(query: &str) {
    if let Ok(history) = window().history() {
        let address = format!("?{query}");
        let _kept = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
