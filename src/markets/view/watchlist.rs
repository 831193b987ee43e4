//! Watchlist: a table with the last known prices, updated while it is visible.

use super::add::AddForm;
use super::instrument_path;
use super::manage::manage;
use super::prices::{age, change_mark, price, symbol_link};
use super::watchlist_state::{CHOSEN, HERE, Shown};
use crate::markets::rpc::{
    RemoveFromWatchlist, add_to_watchlist, load_watchlists, shift_in_watchlist,
};
use crate::markets::{Freshness, Source, WatchPage, Watched, Watchlist};
use crate::shared::WatchlistId;
use crate::ui::form::{button_form, row_icon};
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::money::currency;
use crate::ui::sparkline::Sparkline;
use crate::ui::{
    Changes, Chip, Column, DataTable, IconButton, IconName, Toasts, Zone, chips, cookies,
    error_text, t, t_with,
};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// How often prices of the replay are loaded.
const QUICK: Duration = Duration::from_secs(2);
/// Other prices are loaded once in this many turns.
const SLOW: u32 = 8;

/// The section of the market pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_watchlist_section))]
pub fn watchlist_section() -> Result<AnyView, NotLoaded> {
    Ok(view! { <WatchlistSection /> }.into_any())
}

/// The watchlists, and the prices of one of them.
#[component]
fn WatchlistSection() -> impl IntoView {
    let query = use_query_map();
    let chosen = Memo::new(move |_| {
        let asked = query.with(|query| query.get(CHOSEN));
        let id = asked.or_else(|| cookies::read(CHOSEN));
        id.and_then(|id| id.parse::<WatchlistId>().ok())
    });
    Effect::new(move || {
        if let Some(id) = query.with(|query| query.get(CHOSEN)) {
            cookies::write(CHOSEN, &id);
        }
    });
    let shown = Shown {
        changes: Changes::provide(),
        focus: StoredValue::new(None),
    };
    provide_context(shown);
    let loaded = Resource::new_blocking(
        move || (chosen.get(), shown.changes.count()),
        |(chosen, _)| load_watchlists(chosen),
    );
    view! {
        {when_loaded(loaded, move |page| whole(page, shown))}
    }
    .into_any()
}

fn whole(page: WatchPage, shown: Shown) -> AnyView {
    Effect::new(move || {
        let id = shown.focus.try_update_value(Option::take).flatten();
        if let Some(id) = id {
            request_animation_frame(move || focus(&id));
        }
    });
    let list = page
        .lists
        .iter()
        .find(|list| Some(list.id) == page.shown)
        .cloned();
    let switch = switch(&page);
    let manage = manage(&page, shown);
    let Some(list) = list.filter(|list| !list.symbols.is_empty()) else {
        return view! {
            {switch}
            <div class="setting">
                <h3>{t("watchlist-empty")}</h3>
                <p class="section-note">{t("watchlist-empty-note")}</p>
                <AddForm list=page.shown />
            </div>
            {manage}
        }
        .into_any();
    };
    let rows = RwSignal::new(page.rows);
    keep_fresh(list.id, rows);
    view! {
        {switch}
        <AddForm list=Some(list.id) />
        {table(&list, rows)}
        {manage}
    }
    .into_any()
}

/// Reloads the prices while the page is visible.
fn keep_fresh(list: WatchlistId, rows: RwSignal<Vec<Watched>>) {
    Effect::new(move || {
        let turns = StoredValue::new(0_u32);
        let ask = move || {
            spawn_local(async move {
                // After a failure the prices stay, with their age.
                if let Ok(page) = load_watchlists(Some(list)).await
                    && page.shown == Some(list)
                {
                    rows.try_set(page.rows);
                }
            });
        };
        let turn = move || {
            let turns = turns.try_update_value(|turns| {
                *turns = turns.wrapping_add(1);
                *turns
            });
            let quick = rows.try_with_untracked(|rows| rows.iter().any(is_quick));
            let due = quick == Some(true) || turns.is_some_and(|turns| turns.is_multiple_of(SLOW));
            if due && !document().hidden() {
                ask();
            }
        };
        let interval = set_interval_with_handle(turn, QUICK);
        let on_shown = window_event_listener(leptos::ev::visibilitychange, move |_| {
            if !document().hidden() {
                ask();
            }
        });
        on_cleanup(move || {
            on_shown.remove();
            if let Ok(interval) = interval {
                interval.clear();
            }
        });
    });
}

/// true if the source of a price has a new one every other second: not the bundled sample, and not
/// a source on the network.
fn is_quick(row: &Watched) -> bool {
    let quote = row.quote.as_ref();
    quote.is_some_and(|quote| quote.source.freshness() == Freshness::Replay)
}

fn focus(_id: &str) {
    #[cfg(feature = "hydrate")]
    crate::ui::browser::focus(document().get_element_by_id(_id));
}

/// Switches between watchlists; empty if there is only one.
fn switch(page: &WatchPage) -> AnyView {
    let chip = |list: &Watchlist| Chip {
        name: list.name.clone(),
        address: format!("{HERE}?{CHOSEN}={}", list.id),
        current: Some(list.id) == page.shown,
    };
    let lists = page.lists.iter().map(chip).collect();
    chips(t("watchlist-lists"), None, lists)
}

/// A row of the table; its values follow the loaded ones.
#[derive(Clone)]
struct Line {
    list: WatchlistId,
    symbol: String,
    row: Memo<Option<Watched>>,
    /// Symbol of the row beside it, which gets the focus when this one is removed.
    beside: Option<String>,
    /// Its place, starting at one, and the number of rows.
    place: (usize, usize),
}

fn table(list: &Watchlist, rows: RwSignal<Vec<Watched>>) -> AnyView {
    let zone = Zone::of_context();
    let symbols = &list.symbols;
    let line = |(at, symbol): (usize, &String)| {
        let before = at.checked_sub(1).and_then(|at| symbols.get(at));
        let of = symbol.clone();
        let row =
            Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.symbol == of).cloned()));
        Line {
            list: list.id,
            symbol: symbol.clone(),
            row,
            beside: symbols.get(at + 1).or(before).cloned(),
            place: (at + 1, symbols.len()),
        }
    };
    let columns = vec![
        Column::text("label-symbol", |line: &Line| {
            let name = line.row.get_untracked().and_then(|row| row.name);
            symbol_link(instrument_path(&line.symbol), &line.symbol, name)
        })
        .heads_row(),
        Column::number("watchlist-price", move |line: &Line| {
            let row = line.row;
            move || last_price(row.get(), zone)
        })
        .leads(),
        Column::number("watchlist-change", |line: &Line| {
            let row = line.row;
            move || row.get()?.change_percent.map(change_mark)
        }),
        Column::text("watchlist-chart", |line: &Line| {
            let row = line.row;
            move || row.get().map(chart)
        }),
        Column::acts(|line: &Line| view! { <Acts line=line.clone() /> }),
    ];
    DataTable::new(
        list.name.clone(),
        columns,
        symbols.iter().enumerate().map(line).collect(),
    )
    .class("watch-table")
    .data("data-symbol", |line| line.symbol.clone())
    .draw()
}

fn chart(row: Watched) -> AnyView {
    let values = [
        ("symbol", row.symbol.into()),
        ("count", row.closes.len().into()),
    ];
    let label = t_with("watchlist-chart-of", &values);
    view! { <Sparkline points=row.closes label=label /> }.into_any()
}

/// The price with its age, or why there is none.
fn last_price(row: Option<Watched>, zone: Zone) -> AnyView {
    let away = row.as_ref().is_some_and(|row| row.away);
    let Some(quote) = row.and_then(|row| row.quote) else {
        let text = t(if away { "watchlist-away" } else { "no-price" });
        return view! { <span class="price-age">{text}</span> }.into_any();
    };
    view! {
        <span class="watch-price">{price(quote.price)}</span>
        {quote.currency().map(|code| view! { " " {currency(code)} })}
        <span class="price-age" class:sample=quote.source == Source::Sample>
            {age(&quote, zone)}
        </span>
    }
    .into_any()
}

/// Buttons: up, down, remove; Alt and an arrow key move it too.
#[component]
fn Acts(line: Line) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let (list, symbol, (place, count)) = (line.list, line.symbol.clone(), line.place);
    let moved = symbol.clone();
    let shift = move |up: bool| {
        let symbol = moved.clone();
        let side = if up { "up" } else { "down" };
        spawn_local(async move {
            match shift_in_watchlist(list, symbol.clone(), up).await {
                Ok(()) => {
                    shown.focus_later(format!("{side}-{symbol}"));
                    shown.changes.made();
                }
                Err(error) => toasts.error(error_text(&error)),
            }
        });
    };
    let label = |up: bool| {
        let values = [
            ("symbol", symbol.as_str().into()),
            ("place", place.into()),
            ("count", count.into()),
        ];
        if up {
            t_with("watchlist-up", &values)
        } else {
            t_with("watchlist-down", &values)
        }
    };
    let by_key = shift.clone();
    let on_key = move |event: KeyboardEvent| {
        let up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            by_key(up);
        }
    };
    let button = |up: bool, icon: IconName| {
        let side = if up { "up" } else { "down" };
        let (shift, label) = (shift.clone(), label(up));
        view! {
            <span class="needs-script">
                <IconButton
                    icon=icon
                    label=label
                    press=move |_| shift(up)
                    attr:id=format!("{side}-{symbol}")
                />
            </span>
        }
    };
    view! {
        <div class="row-buttons" on:keydown=on_key>
            {button(true, IconName::ArrowUp)}
            {button(false, IconName::ArrowDown)}
            {remove_button(line, shown)}
        </div>
    }
    .into_any()
}

/// Removes a symbol, and offers to restore it at its place.
fn remove_button(line: Line, shown: Shown) -> AnyView {
    let Line {
        list,
        symbol,
        beside,
        ..
    } = line;
    let next = beside.map_or_else(
        || "watch-symbol".to_owned(),
        |beside| format!("out-{beside}"),
    );
    let (id, gone) = (format!("out-{symbol}"), symbol.clone());
    let action = ServerAction::<RemoveFromWatchlist>::new();
    shown.changes.after(action, move |place| {
        shown.focus_later(next.clone());
        let symbol = gone.clone();
        let said = t_with("watchlist-removed", &[("symbol", symbol.as_str().into())]);
        shown.changes.say_with_undo(said, move || {
            add_to_watchlist(Some(list), symbol.clone(), Some(place))
        });
    });
    let label = t_with("watchlist-remove", &[("symbol", symbol.as_str().into())]);
    let fields = vec![("list", list.to_string()), ("symbol", symbol)];
    let button = row_icon(IconName::Close, label).add_any_attr(leptos::attr::id(id));
    button_form(action, fields, button)
}
