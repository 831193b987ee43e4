//! `$AAPL` in a message: a way to the instrument, and the day's change beside it.
//!
//! The server draws the bare word, so that the first render in the browser is the same. What the
//! page shows besides, and what is asked of the server, is behind a door ([`live`]), which opens
//! with the first cashtag: a page without any loads nothing of it.

mod live;

use super::instrument_path;
use crate::ui::{change::Moved, later::NotLoaded, time::present};
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

/// An instrument that stands on the page.
struct Known {
    symbol: String,
    /// The day's change in per cent; every chip of the instrument shows it.
    change: ArcRwSignal<Option<Moved>>,
    /// Until then what is known is new enough, in milliseconds.
    until: i64,
}

/// The cashtags of the page; a copy is the same.
#[derive(Clone, Copy)]
pub struct Cashtags {
    known: StoredValue<Vec<Known>>,
    /// Instruments whose prices are wanted.
    wanted: RwSignal<Vec<String>>,
    /// What somebody begins to write after the sign, while they write it.
    pub typed: RwSignal<Option<String>>,
    /// The instruments that it may become: codes and names.
    pub offered: RwSignal<Vec<(String, String)>>,
}

impl Cashtags {
    /// Puts them into the context.
    pub fn provide() {
        provide_context(Self {
            known: StoredValue::new(Vec::new()),
            wanted: RwSignal::new(Vec::new()),
            typed: RwSignal::new(None),
            offered: RwSignal::new(Vec::new()),
        });
    }

    /// What is shown beside an instrument.
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

    /// The instruments whose prices are old, or not known.
    fn old(self) -> Vec<String> {
        let now = present().timestamp_millis();
        let old = |all: &Vec<Known>| {
            let old = all.iter().filter(|known| known.until <= now);
            old.map(|known| known.symbol.clone()).collect()
        };
        self.known.try_with_value(old).unwrap_or_default()
    }

    /// Somebody sees this instrument: its price is asked for when it is not known, or old.
    fn want(self, symbol: &str) {
        let now = present().timestamp_millis();
        let mut old = false;
        self.known.update_value(|all| {
            if let Some(known) = all.iter_mut().find(|known| known.symbol == symbol)
                && known.until <= now
            {
                // The answer says better; until it is there nobody asks again.
                known.until = now + 10_000;
                old = true;
            }
        });
        if old {
            self.wanted.update(|wanted| wanted.push(symbol.to_owned()));
        }
    }
}

/// A cashtag within a text: the word as it was written, and its change as soon as that is known.
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

/// The door to what cashtags do.
#[wasm_split(cashtags, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_cashtags))]
fn cashtags(tags: Cashtags) -> Result<AnyView, NotLoaded> {
    Ok(live::live(tags))
}

/// Stands once on every page and opens the door when it is needed. Where it cannot be opened the
/// cashtags are links and no more.
#[component]
pub fn CashtagDoor() -> impl IntoView {
    let tags = expect_context::<Cashtags>();
    let needed = Memo::new(move |before: Option<&bool>| {
        before == Some(&true)
            || tags.wanted.with(|wanted| !wanted.is_empty())
            || tags.typed.with(Option::is_some)
    });
    let there = RwSignal::new(false);
    Effect::new(move || {
        if needed.get() {
            spawn_local(async move {
                if load_cashtags().await.is_ok() {
                    let _gone = there.try_set(true);
                }
            });
        }
    });
    move || {
        use futures_util::FutureExt;
        // There already: this takes no second look.
        there
            .get()
            .then(|| cashtags(tags).now_or_never().and_then(Result::ok))
    }
}
