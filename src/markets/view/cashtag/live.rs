//! Cashtags in the browser: loads the prices of all new chips together, and shows a card for the
//! chip that is pointed at, has the focus, or was touched.

use super::Cashtags;
use crate::markets::rpc::{load_ticks, search_instruments};
use crate::markets::view::{age, instrument_path, price, shown};
use crate::markets::{Freshness, Quote, Source, Watched};
use crate::ui::change::{Moved, change};
use crate::ui::money::currency;
use crate::ui::sparkline::Sparkline;
use crate::ui::{Zone, t, t_with, time::present};
use leptos::wasm_bindgen::{JsCast, closure::Closure};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Maximum number of symbols per request, as on the server.
const AT_ONCE: usize = 50;
/// How long the pointer rests before a card opens, and is away before it closes.
const RESTED: Duration = Duration::from_millis(150);
const AWAY: Duration = Duration::from_millis(250);
/// How often visible chips are checked: old prices are loaded again.
const EVERY: Duration = Duration::from_secs(1);
const CARD: &str = "cashtag-card";
/// Maximum width and height of the card in CSS pixels, and its distance from the word.
const WIDE: f64 = 288.0;
const HIGH: f64 = 180.0;
const GAP: f64 = 6.0;

/// Returns how long a price is fresh, in milliseconds.
fn lasts(row: Option<&Watched>) -> i64 {
    let quote = row.and_then(|row| row.quote.as_ref());
    let seconds: i64 = match quote.map(|quote| quote.source.freshness()) {
        // As often as other pages load it.
        Some(Freshness::Replay) => 2,
        Some(Freshness::Delayed) => 60,
        Some(Freshness::EndOfDay | Freshness::Sample) => 600,
        None if row.is_some_and(|row| row.away) => 30,
        None => 600,
    };
    seconds * 1000
}

/// The card that is shown.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    symbol: String,
    /// CSS position: left, and top or bottom.
    left: String,
    top: String,
    bottom: String,
}

#[derive(Clone, Copy)]
struct Live {
    tags: Cashtags,
    /// Loaded prices.
    rows: RwSignal<Vec<Watched>>,
    card: RwSignal<Option<Shown>>,
    /// Counts pointer moves: a timer that waits for the pointer to rest checks whether it has moved
    /// on.
    moved: StoredValue<u32>,
    touched: StoredValue<bool>,
}

/// Draws the card, and listens to events.
pub fn live(tags: Cashtags) -> AnyView {
    let live = Live {
        tags,
        rows: RwSignal::new(Vec::new()),
        card: RwSignal::new(None),
        moved: StoredValue::new(0),
        touched: StoredValue::new(false),
    };
    Effect::new(move || {
        if tags.wanted.with(|wanted| !wanted.is_empty()) {
            // All chips drawn in one frame share a request.
            request_animation_frame(move || live.ask());
        }
    });
    Effect::new(move || live.search(tags.typed.get()));
    live.listen();
    live.keep_fresh();
    let zone = Zone::of_context();
    let drawn = move || live.card.get().and_then(|shown| live.draw(shown, zone));
    drawn.into_any()
}

impl Live {
    fn ask(self) {
        let mut wanted = self.tags.wanted.try_update(std::mem::take);
        let wanted = wanted.get_or_insert_default();
        wanted.sort_unstable();
        wanted.dedup();
        for some in wanted.chunks(AT_ONCE) {
            let asked = some.to_vec();
            spawn_local(async move {
                // A failed request is repeated while the chip is visible.
                if let Ok(rows) = load_ticks(asked.clone(), false).await {
                    self.learn(&asked, rows);
                }
            });
        }
    }

    fn learn(self, asked: &[String], rows: Vec<Watched>) {
        let now = present().timestamp_millis();
        let mut told = Vec::new();
        self.tags.known.try_update_value(|all| {
            for known in all.iter_mut().filter(|one| asked.contains(&one.symbol)) {
                let row = rows.iter().find(|row| row.symbol == known.symbol);
                known.until = now + lasts(row);
                let percent = row.and_then(|row| row.change_percent);
                let percent = percent.map(Moved::by_percent);
                told.push((known.change.clone(), percent));
            }
        });
        for (change, percent) in told {
            if percent.is_some() && change.get_untracked() != percent {
                change.set(percent);
            }
        }
        self.rows.try_update(|all| {
            for row in rows {
                match all.iter_mut().find(|one| one.symbol == row.symbol) {
                    Some(one) if row.closes.is_empty() => {
                        let closes = std::mem::take(&mut one.closes);
                        *one = Watched { closes, ..row };
                    }
                    Some(one) => *one = row,
                    None => all.push(row),
                }
            }
        });
    }

    /// Reloads the prices of visible chips, while the page is visible.
    fn keep_fresh(self) {
        let look = move || {
            if !document().hidden() {
                self.look();
            }
        };
        let interval = set_interval_with_handle(look, EVERY);
        let on_shown = window_event_listener(leptos::ev::visibilitychange, move |_| look());
        on_cleanup(move || {
            on_shown.remove();
            if let Ok(interval) = interval {
                interval.clear();
            }
        });
    }

    fn look(self) {
        let old = self.tags.old();
        if old.is_empty() {
            return;
        }
        let Ok(chips) = document().query_selector_all("a.cashtag") else {
            return;
        };
        let high = window().inner_height().ok().and_then(|high| high.as_f64());
        let high = high.unwrap_or(0.0);
        let mut seen = Vec::new();
        for at in 0..chips.length() {
            let chip = chips.item(at).and_then(|chip| chip.dyn_into().ok());
            let Some(chip) = chip else { continue };
            let symbol = symbol_of(&chip);
            if old.contains(&symbol) && !seen.contains(&symbol) && is_in_view(&chip, high) {
                seen.push(symbol);
            }
        }
        for symbol in seen {
            self.tags.want(&symbol);
        }
    }

    /// Suggests instruments while a cashtag is typed.
    fn search(self, typed: Option<String>) {
        let Some(text) = typed else {
            self.tags.offered.set(Vec::new());
            return;
        };
        spawn_local(async move {
            let found = search_instruments(text.clone()).await.unwrap_or_default();
            let tags = self.tags;
            // Responses to earlier input come too late.
            if tags.typed.try_get_untracked().flatten().as_ref() == Some(&text) {
                let offered = found.into_iter().map(|one| (one.symbol, one.name));
                tags.offered.try_set(offered.collect());
            }
        });
    }

    fn listen(self) {
        on_document("pointerover", move |event| {
            let touch = pointer_of(&event) == "touch";
            if !touch {
                self.pointed(&event);
            }
        });
        on_document("pointerdown", move |event| {
            self.touched.try_set_value(pointer_of(&event) == "touch");
        });
        on_document("focusin", move |event| match chip_of(&event) {
            Some(chip) if chip.matches(":focus-visible").unwrap_or(false) => {
                self.show(&chip);
            }
            _ if on_card(&event) => {}
            _ => self.hide(),
        });
        on_document("click", move |event| {
            let Some(chip) = chip_of(&event) else {
                if !on_card(&event) {
                    self.hide();
                } else if closest(&event, "a").is_some() {
                    // The card has to exist until all listeners got the click.
                    request_animation_frame(move || self.hide());
                }
                return;
            };
            let symbol = symbol_of(&chip);
            let here = self
                .card
                .with_untracked(|card| card.as_ref().is_some_and(|card| card.symbol == symbol));
            // The first touch opens the card, the next one follows the link.
            if self.touched.get_value() && !here && self.show(&chip) {
                event.prevent_default();
                event.stop_propagation();
            } else {
                self.hide();
            }
        });
        on_document("keydown", move |event| {
            let key = event.dyn_ref::<web_sys::KeyboardEvent>();
            let escape = key.is_some_and(|key| key.key() == "Escape");
            if escape && self.card.with_untracked(Option::is_some) {
                self.hide();
                // This key press closes nothing else.
                event.stop_propagation();
            }
        });
        on_document("scroll", move |_| self.hide());
    }

    /// The pointer moved to another element.
    fn pointed(self, event: &web_sys::Event) {
        let moved = self.moved.try_update_value(|count| {
            *count = count.wrapping_add(1);
            *count
        });
        let Some(moved) = moved else { return };
        if on_card(event) {
            return;
        }
        let rests = move || self.moved.try_get_value() == Some(moved);
        if let Some(chip) = chip_of(event) {
            self.tags.want(&symbol_of(&chip));
            let show = move || {
                if rests() {
                    self.show(&chip);
                }
            };
            set_timeout(show, RESTED);
        } else if self.card.with_untracked(Option::is_some) {
            let hide = move || {
                let focused = document().active_element();
                let focused = focused.is_some_and(|one| one.matches(".cashtag").unwrap_or(false));
                if rests() && !focused {
                    self.hide();
                }
            };
            set_timeout(hide, AWAY);
        }
    }

    /// Shows the card of a chip's instrument; `false`: its price is not known.
    fn show(self, chip: &web_sys::Element) -> bool {
        let symbol = symbol_of(chip);
        self.tags.want(&symbol);
        let row = self.rows.try_with_untracked(|rows| {
            let mut rows = rows.iter();
            rows.find(|row| row.symbol == symbol && row.quote.is_some())
                .map(|row| row.closes.is_empty())
        });
        let Some(without_closes) = row.flatten() else {
            return false;
        };
        self.hide();
        let place = chip.get_bounding_client_rect();
        let page = window();
        let (wide, high) = (page.inner_width(), page.inner_height());
        let wide = wide.ok().and_then(|wide| wide.as_f64()).unwrap_or(0.0);
        let high = high.ok().and_then(|high| high.as_f64()).unwrap_or(0.0);
        let left = place.left().min(wide - WIDE - GAP).max(GAP);
        // Below the word, or above it if there is no room.
        let pixels = |exact: f64| format!("{exact:.0}px");
        let (top, bottom) = if place.bottom() + GAP + HIGH > high {
            ("auto".to_owned(), pixels(high - place.top() + GAP))
        } else {
            (pixels(place.bottom() + GAP), "auto".to_owned())
        };
        let _described = chip.set_attribute("aria-describedby", CARD);
        self.card.set(Some(Shown {
            symbol: symbol.clone(),
            left: pixels(left),
            top,
            bottom,
        }));
        if without_closes {
            spawn_local(async move {
                let asked = vec![symbol];
                if let Ok(rows) = load_ticks(asked.clone(), true).await {
                    self.learn(&asked, rows);
                }
            });
        }
        true
    }

    fn hide(self) {
        if self.card.try_with_untracked(Option::is_some) != Some(true) {
            return;
        }
        self.card.set(None);
        let described = format!(".cashtag[aria-describedby={CARD}]");
        if let Ok(Some(chip)) = document().query_selector(&described) {
            let _described = chip.remove_attribute("aria-describedby");
        }
    }

    fn draw(self, shown: Shown, zone: Zone) -> Option<AnyView> {
        let Shown {
            symbol,
            left,
            top,
            bottom,
        } = shown;
        let row = self
            .rows
            .with(|rows| rows.iter().find(|row| row.symbol == symbol).cloned())?;
        let quote = row.quote.as_ref()?;
        let path = instrument_path(&symbol);
        let named = match &row.name {
            Some(name) => format!("{symbol} {name}"),
            None => symbol.clone(),
        };
        Some(
            view! {
                <div
                    class="cashtag-card"
                    id=CARD
                    role="dialog"
                    aria-label=named
                    style:left=left
                    style:top=top
                    style:bottom=bottom
                >
                    <p class="cashtag-card-head">
                        <span class="quote-symbol">{symbol.clone()}</span>
                        " "
                        <span class="fine-print">{row.name.clone()}</span>
                    </p>
                    {figures(quote)}
                    {chart(&row)}
                    <p class="price-age" class:sample=quote.source == Source::Sample>
                        {age(quote, zone)}
                    </p>
                    // Keyboard users already have the focus on a link to it.
                    <a class="cashtag-card-link" href=path tabindex="-1">
                        {t("view-chart")}
                    </a>
                </div>
            }
            .into_any(),
        )
    }
}

fn figures(quote: &Quote) -> AnyView {
    let moved = quote
        .change()
        .map(|moved| change(shown(moved), None, quote.change_percent()));
    view! {
        <p class="cashtag-card-price">
            <span class="watch-price">{price(quote.price)}</span>
            {quote.currency().map(|code| view! { " " {currency(code)} })}
            " "
            {moved}
        </p>
    }
    .into_any()
}

fn chart(row: &Watched) -> AnyView {
    let values = [
        ("symbol", row.symbol.as_str().into()),
        ("count", row.closes.len().into()),
    ];
    let label = t_with("watchlist-chart-of", &values);
    view! { <Sparkline points=row.closes.clone() label=label /> }.into_any()
}

/// Returns the chip of an event.
fn chip_of(event: &web_sys::Event) -> Option<web_sys::Element> {
    closest(event, "a.cashtag")
}

/// true if a chip is between the window's upper and lower edge; false for one that is not
/// displayed.
fn is_in_view(chip: &web_sys::Element, high: f64) -> bool {
    let place = chip.get_bounding_client_rect();
    place.height() > 0.0 && place.bottom() > 0.0 && place.top() < high
}

fn on_card(event: &web_sys::Event) -> bool {
    closest(event, ".cashtag-card").is_some()
}

fn closest(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(selector).ok().flatten()
}

fn symbol_of(chip: &web_sys::Element) -> String {
    chip.get_attribute("data-symbol").unwrap_or_default()
}

fn pointer_of(event: &web_sys::Event) -> String {
    event
        .dyn_ref::<web_sys::PointerEvent>()
        .map(web_sys::PointerEvent::pointer_type)
        .unwrap_or_default()
}

/// Listens to an event on the whole page, before other listeners, for as long as the page exists.
fn on_document(name: &str, act: impl FnMut(web_sys::Event) + 'static) {
    let act = Closure::<dyn FnMut(web_sys::Event)>::new(act).into_js_value();
    let _heard =
        document().add_event_listener_with_callback_and_bool(name, act.unchecked_ref(), true);
}
