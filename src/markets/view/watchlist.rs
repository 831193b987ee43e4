//! Watchlist: a table with the last known prices, updated while it is visible.

use super::add::AddForm;
use super::instrument_path;
use super::manage::manage;
use super::prices::{age, change_mark, price};
use crate::markets::rpc::{
    RemoveFromWatchlist, add_to_watchlist, load_watchlists, shift_in_watchlist,
};
use crate::markets::{Freshness, Source, WatchPage, Watched, Watchlist};
use crate::shared::WatchlistId;
use crate::ui::sparkline::Sparkline;
use crate::ui::table::{when_loaded, wide};
use crate::ui::{Icon, IconButton, IconName, Toasts, Zone, cookies, error_text, t, t_with};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// Address of this section.
pub(super) const HERE: &str = "/markets/watchlist";
/// Query parameter and cookie with the watchlist that was viewed last.
pub(super) const CHOSEN: &str = "watchlist";
/// How often prices of the replay are loaded.
const QUICK: Duration = Duration::from_secs(2);
/// Other prices are loaded once in this many turns.
const SLOW: u32 = 8;

/// State of the section.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// The chosen watchlist; `None`: the first.
    chosen: Memo<Option<WatchlistId>>,
    /// Counts changes made here.
    changes: RwSignal<usize>,
    /// Id of the element that gets the focus after the next render.
    focus: StoredValue<Option<String>>,
    /// Owner of the whole section.
    owner: StoredValue<Owner>,
}

impl Shown {
    /// Reloads everything after a change.
    pub(super) fn changed(self) {
        self.changes.update(|count| *count += 1);
    }

    /// Does the same, then moves the focus to the element with this id.
    pub(super) fn changed_at(self, id: String) {
        self.focus.set_value(Some(id));
        self.changed();
    }

    /// Returns a callback that still works when the row that offered it is gone.
    fn lasting(self, act: impl Fn(()) + Send + Sync + 'static) -> Callback<()> {
        let owner = self.owner.get_value();
        owner.with(|| Callback::new(act))
    }
}

/// The watchlists, and the prices of one of them.
#[component]
pub fn WatchlistSection() -> impl IntoView {
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
        chosen,
        changes: RwSignal::new(0),
        focus: StoredValue::new(None),
        owner: StoredValue::new(Owner::current().unwrap_or_default()),
    };
    provide_context(shown);
    let loaded = Resource::new_blocking(
        move || (shown.chosen.get(), shown.changes.get()),
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

fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let found = document().get_element_by_id(id);
        if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _gone = found.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Switches between watchlists; empty if there is only one.
fn switch(page: &WatchPage) -> AnyView {
    if page.lists.len() < 2 {
        return ().into_any();
    }
    let link = |list: &Watchlist| {
        let current = (Some(list.id) == page.shown).then_some("true");
        view! {
            <li>
                <a
                    class="chip"
                    href=format!("{HERE}?{CHOSEN}={}", list.id)
                    aria-current=current
                >
                    {list.name.clone()}
                </a>
            </li>
        }
    };
    let links = page.lists.iter().map(link).collect_view();
    view! {
        <nav aria-label=t("watchlist-lists")>
            <ul class="chips">{links}</ul>
        </nav>
    }
    .into_any()
}

fn table(list: &Watchlist, rows: RwSignal<Vec<Watched>>) -> AnyView {
    let count = list.symbols.len();
    let lines = list
        .symbols
        .iter()
        .enumerate()
        .map(|(at, symbol)| {
            let symbols = &list.symbols;
            let before = at.checked_sub(1).and_then(|at| symbols.get(at));
            let beside = symbols.get(at + 1).or(before).cloned();
            line(list.id, symbol, beside, (at + 1, count), rows)
        })
        .collect_view();
    let table = view! {
        <table class="figure-table watch-table">
            <thead>
                <tr>
                    <th scope="col">{t("watchlist-instrument")}</th>
                    <th scope="col" class="number">
                        {t("watchlist-price")}
                    </th>
                    <th scope="col" class="number">
                        {t("watchlist-change")}
                    </th>
                    <th scope="col">{t("watchlist-chart")}</th>
                    <th scope="col">
                        <span class="visually-hidden">{t("watchlist-acts")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    };
    view! { {wide(list.name.clone(), table)} }.into_any()
}

/// Row of the table; its values follow `rows`. When it is removed, the row beside it gets the
/// focus.
fn line(
    list: WatchlistId,
    symbol: &str,
    beside: Option<String>,
    (place, count): (usize, usize),
    rows: RwSignal<Vec<Watched>>,
) -> AnyView {
    let zone = Zone::of_context();
    let of = symbol.to_owned();
    let row = Memo::new(move |_| {
        let find = |rows: &Vec<Watched>| rows.iter().find(|row| row.symbol == of).cloned();
        rows.with(find)
    });
    let name = row.get_untracked().and_then(|row| row.name);
    let named = symbol.to_owned();
    let chart = move || {
        let row = row.get()?;
        let values = [
            ("symbol", row.symbol.into()),
            ("count", row.closes.len().into()),
        ];
        let label = t_with("watchlist-chart-of", &values);
        Some(view! { <Sparkline points=row.closes label=label /> })
    };
    let figures = move || {
        let row = row.get();
        match row.as_ref().and_then(|row| row.quote.as_ref()) {
            Some(quote) => {
                let shown = price(quote.price);
                let currency = quote.currency();
                let sample = quote.source == Source::Sample;
                view! {
                    <span class="watch-price">{shown}</span>
                    {currency.map(|code| view! { " " <span class="quote-currency">{code}</span> })}
                    <span class="watch-age" class:sample=sample>
                        {age(quote, zone)}
                    </span>
                }
                .into_any()
            }
            None => {
                let away = row.is_some_and(|row| row.away);
                let text = t(if away {
                    "watchlist-away"
                } else {
                    "watchlist-no-price"
                });
                view! { <span class="watch-age">{text}</span> }.into_any()
            }
        }
    };
    let change = move || row.get()?.change_percent.map(change_mark);
    view! {
        <tr data-symbol=symbol.to_owned()>
            <th scope="row">
                <a class="instrument" href=instrument_path(symbol)>
                    <span class="quote-symbol">{symbol.to_owned()}</span>
                    <span class="ledger-quiet">{name}</span>
                </a>
            </th>
            <td class="number">{figures}</td>
            <td class="number">{change}</td>
            <td>{chart}</td>
            <td class="row-acts">
                <Acts list=list symbol=named beside=beside place=place count=count />
            </td>
        </tr>
    }
    .into_any()
}

/// Buttons: up, down, remove; Alt and an arrow key move it too.
#[component]
fn Acts(
    list: WatchlistId,
    symbol: String,
    /// Symbol of the row beside it.
    beside: Option<String>,
    /// Its place, starting at one.
    place: usize,
    /// Number of rows.
    count: usize,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let moved = symbol.clone();
    let shift = move |up: bool| {
        let symbol = moved.clone();
        let side = if up { "up" } else { "down" };
        spawn_local(async move {
            match shift_in_watchlist(list, symbol.clone(), up).await {
                Ok(()) => shown.changed_at(format!("{side}-{symbol}")),
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
        <div class="watch-acts" on:keydown=on_key>
            {button(true, IconName::ArrowUp)}
            {button(false, IconName::ArrowDown)}
            <RemoveButton list=list symbol=symbol.clone() beside=beside />
        </div>
    }
    .into_any()
}

/// Removes a symbol, and offers to restore it at its place.
#[component]
fn RemoveButton(
    list: WatchlistId,
    symbol: String,
    /// Symbol of the row beside it.
    beside: Option<String>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let next = beside.map_or_else(
        || "watch-symbol".to_owned(),
        |beside| format!("out-{beside}"),
    );
    let id = format!("out-{symbol}");
    let action = ServerAction::<RemoveFromWatchlist>::new();
    let value = action.value();
    let gone = symbol.clone();
    Effect::new(move || match value.get() {
        Some(Ok(place)) => {
            shown.changed_at(next.clone());
            let symbol = gone.clone();
            let said = t_with("watchlist-removed", &[("symbol", symbol.as_str().into())]);
            let back = shown.lasting(move |()| {
                let symbol = symbol.clone();
                spawn_local(async move {
                    match add_to_watchlist(Some(list), symbol, Some(place)).await {
                        Ok(_) => shown.changed(),
                        Err(error) => toasts.error(error_text(&error)),
                    }
                });
            });
            toasts.with_action(said, t("undo"), back);
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    let label = t_with("watchlist-remove", &[("symbol", symbol.as_str().into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="list" value=list.to_string() />
            <input type="hidden" name="symbol" value=symbol />
            <button
                type="submit"
                id=id
                class="button icon-button"
                aria-label=label.clone()
                title=label
            >
                <Icon name=IconName::Close />
            </button>
        </ActionForm>
    }
    .into_any()
}
