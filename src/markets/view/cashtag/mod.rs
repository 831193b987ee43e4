//! `$AAPL` in a message: a link to the instrument, with the day's change beside it.
//!
//! The server draws only the word, so that the first render in the browser is the same. Prices and
//! cards are in a part ([`live`]) that loads with the first cashtag: a page without any loads
//! nothing of it.

mod door;
mod live;

pub use door::CashtagDoor;

use super::instrument_path;
use crate::ui::{change::Moved, time::present};
use leptos::prelude::*;

/// A symbol on the page.
struct Known {
    symbol: String,
    /// The day's change in %; every chip of the symbol shows it.
    change: ArcRwSignal<Option<Moved>>,
    /// Time until which the price is fresh, in milliseconds.
    until: i64,
}

/// The cashtags of the page. Copies share their state.
#[derive(Clone, Copy)]
pub struct Cashtags {
    known: StoredValue<Vec<Known>>,
    /// Symbols whose prices are to be loaded.
    wanted: RwSignal<Vec<String>>,
    /// The start of a cashtag that the viewer is typing.
    pub typed: RwSignal<Option<String>>,
    /// Suggestions for it: symbols and names.
    pub offered: RwSignal<Vec<(String, String)>>,
}

impl Cashtags {
    /// Puts the cashtags into the context.
    pub fn provide() {
        provide_context(Self {
            known: StoredValue::new(Vec::new()),
            wanted: RwSignal::new(Vec::new()),
            typed: RwSignal::new(None),
            offered: RwSignal::new(Vec::new()),
        });
    }

    /// Returns the change shown beside a symbol.
    fn change_of(self, symbol: &str) -> ArcRwSignal<Option<Moved>> {
        let mut change = ArcRwSignal::new(None);
        self.known.update_value(|all| {
            if let Some(known) = all.iter().find(|known| known.symbol == symbol) {
                change = known.change.clone();
                return;
            }
            all.push(Known {
                symbol: symbol.to_owned(),
                change: change.clone(),
                until: 0,
            });
        });
        change
    }

    /// Returns the symbols whose prices are old or not known.
    fn old(self) -> Vec<String> {
        let now = present().timestamp_millis();
        let old = |all: &Vec<Known>| {
            let old = all.iter().filter(|known| known.until <= now);
            old.map(|known| known.symbol.clone()).collect()
        };
        self.known.try_with_value(old).unwrap_or_default()
    }

    /// Loads the price of a symbol that is visible, if it is not known or old.
    fn want(self, symbol: &str) {
        let now = present().timestamp_millis();
        let mut old = false;
        self.known.update_value(|all| {
            if let Some(known) = all.iter_mut().find(|known| known.symbol == symbol)
                && known.until <= now
            {
                // No further request until the response sets the real time.
                known.until = now + 10_000;
                old = true;
            }
        });
        if old {
            self.wanted.update(|wanted| wanted.push(symbol.to_owned()));
        }
    }
}

/// A cashtag within a text: the word as it was written, and its change as soon as it is known.
pub fn chip(symbol: String, shown: String) -> AnyView {
    let path = instrument_path(&symbol);
    let change = use_context::<Cashtags>().map(|tags| {
        let change = tags.change_of(&symbol);
        let seen = symbol.clone();
        Effect::new(move || tags.want(&seen));
        move || {
            let change = change.get()?;
            Some(view! { " " {change.draw()} })
        }
    });
    view! {
        <a class="cashtag" href=path data-symbol=symbol>
            {shown}
            {change}
        </a>
    }
    .into_any()
}
