//! Joining a season, and the order ticket.

use super::figures::{money, price};
use super::orders::what;
use super::place::{PLACE, Wanted};
use crate::markets::view::{SymbolField, source_of};
use crate::paper::rpc::{JoinPaper, PlaceOrder, preview_order};
use crate::paper::{Order, Placed, Preview, Season, Side};
use crate::shared::Error;
use crate::ui::form::{Form, labeled, on_success};
use crate::ui::time::date_short;
use crate::ui::{Changes, FormErrors, TextField, Toasts, error_text, t, t_with};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Counts joins of the season on this page.
#[derive(Clone, Copy)]
pub struct Joined(pub RwSignal<usize>);

/// Joins the running season.
#[component]
pub fn Join(season: Season) -> impl IntoView {
    let Joined(joined) = expect_context();
    let toasts = Toasts::of_context();
    let action = ServerAction::<JoinPaper>::new();
    on_success(action, move |()| {
        joined.update(|count| *count += 1);
        toasts.say(t("paper-joined"));
    });
    let values = [
        ("season", season.name.into()),
        ("cash", money(season.cash).into()),
        ("date", date_short(season.ends).into()),
    ];
    view! {
        <div class="setting">
            <h3>{t("paper-empty")}</h3>
            <p class="section-note">{t_with("paper-empty-note", &values)}</p>
            <Form action=action submit=t_with("paper-join", &values) class="join-form" />
        </div>
    }
    .into_any()
}

/// Initial values of the ticket.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    symbol: Option<String>,
    sells: bool,
    quantity: Option<String>,
    limit: Option<String>,
    /// Open order that it replaces.
    replaces: Option<String>,
}

impl From<&Order> for Filled {
    fn from(order: &Order) -> Self {
        Self {
            symbol: Some(order.symbol.clone()),
            sells: order.side == Side::Sell,
            quantity: Some(order.quantity.normalize().to_string()),
            limit: order.limit.map(|limit| limit.normalize().to_string()),
            replaces: Some(order.id.to_string()),
        }
    }
}

impl From<Wanted> for Filled {
    fn from(wanted: Wanted) -> Self {
        Self {
            symbol: wanted.symbol,
            sells: wanted.sell.is_some(),
            quantity: wanted.sell,
            ..Self::default()
        }
    }
}

/// The ticket: for a new order, or to edit an open one.
pub fn ticket(wanted: Wanted, change: Option<Order>) -> AnyView {
    let Some(order) = change else {
        return view! {
            <div class="setting">
                <h3>{t("paper-ticket")}</h3>
                <TicketForm filled=wanted.into() />
            </div>
        }
        .into_any();
    };
    let values = [
        ("what", what(&order).into()),
        ("symbol", order.symbol.as_str().into()),
    ];
    view! {
        <div class="setting paper-changing">
            <h3>{t_with("paper-changing", &values)}</h3>
            <p class="section-note">{t("paper-changing-note")}</p>
            <TicketForm filled=Filled::from(&order) />
            <a href=PLACE>{t("paper-change-leave")}</a>
        </div>
    }
    .into_any()
}

/// Current input of the ticket.
#[derive(Clone, Copy)]
struct Written {
    symbol: RwSignal<String>,
    side: RwSignal<String>,
    kind: RwSignal<String>,
    quantity: RwSignal<String>,
    limit: RwSignal<String>,
}

/// Symbol, side, quantity and price of an order, with an estimate. Works without JavaScript, where
/// the limit of a market order is ignored.
#[component]
pub fn TicketForm(
    /// Initial values.
    filled: Filled,
) -> impl IntoView {
    let Filled {
        symbol,
        sells,
        quantity,
        limit,
        replaces,
    } = filled;
    let (changes, begun) = (replaces.is_some(), quantity.is_some());
    let changed = Changes::of_context();
    let action = ServerAction::<PlaceOrder>::new();
    let navigate = use_navigate();
    on_success(action, move |Placed { order, moves }| {
        let values = [("symbol", order.symbol.into())];
        changed.say(match (moves, changes) {
            (true, true) => t_with("paper-changed", &values),
            (true, false) => t_with("paper-placed", &values),
            (false, _) => t_with("paper-placed-still", &values),
        });
        // The query parameters are used up.
        if begun {
            navigate(PLACE, NavigateOptions::default());
        }
    });
    let errors = FormErrors::of(action);
    let written = Written {
        symbol: RwSignal::new(symbol.clone().unwrap_or_default()),
        side: RwSignal::new(if sells { "sell" } else { "buy" }.into()),
        kind: RwSignal::new(if limit.is_some() { "limit" } else { "market" }.into()),
        quantity: RwSignal::new(quantity.clone().unwrap_or_default()),
        limit: RwSignal::new(limit.clone().unwrap_or_default()),
    };
    let limited = limit.is_some();
    // After a link with a quantity or an order, focuses the quantity.
    let units = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(input) = units.get().filter(|_| begun) {
            let _there = input.focus();
        }
    });
    let preview = previewing(written);
    // Hides the limit of a market order; without JavaScript it is visible.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let side = view! {
        <select
            class="input"
            id="paper-side"
            name="side"
            on:change=move |event| written.side.set(event_target_value(&event))
        >
            <option value="buy">{t("paper-buy")}</option>
            <option value="sell" selected=sells>
                {t("paper-sell")}
            </option>
        </select>
    };
    let kind = view! {
        <select
            class="input"
            id="paper-kind"
            name="kind"
            on:change=move |event| written.kind.set(event_target_value(&event))
        >
            <option value="market">{t("paper-market")}</option>
            <option value="limit" selected=limited>
                {t("paper-limit")}
            </option>
        </select>
    };
    let limit_shown = move || !alive.get() || written.kind.with(|kind| kind == "limit");
    let place = t(if changes {
        "paper-change-place"
    } else {
        "paper-place"
    });
    view! {
        <Form action=action submit=place class="entry-form paper-ticket" keyed=true>
            <input type="hidden" name="replaces" value=replaces.unwrap_or_default() />
            <SymbolField
                id="paper-symbol"
                label=t("label-symbol")
                value=symbol
                capitals=true
                errors
                on:input=move |event| written.symbol.set(event_target_value(&event))
            />
            {labeled("paper-side", t("paper-side"), side)}
            <TextField
                name="quantity"
                id="paper-quantity"
                label=t("label-quantity")
                value=quantity
                mode="decimal"
                most=40_usize
                errors
                node=units
                on:input=move |event| written.quantity.set(event_target_value(&event))
            />
            {labeled("paper-kind", t("paper-kind"), kind)}
            <TextField
                name="limit"
                id="paper-limit"
                label=t("paper-limit-price")
                value=limit
                mode="decimal"
                most=40_usize
                shown=Signal::derive(limit_shown)
                errors
                on:input=move |event| written.limit.set(event_target_value(&event))
            />
        </Form>
        <p class="section-note" role="status">
            {move || preview.get().map_or_else(|| t("paper-rule"), |found| told(&found))}
        </p>
    }
    .into_any()
}

/// Text of the estimate.
fn told(found: &Result<Preview, Error>) -> String {
    let found = match found {
        Ok(found) => found,
        Err(error) => return error_text(error),
    };
    let values = [
        ("estimate", money(found.estimate).into()),
        (
            "instrument",
            found
                .name
                .clone()
                .unwrap_or_else(|| found.symbol.clone())
                .into(),
        ),
        ("price", price(found.price).into()),
        (
            "source",
            source_of(found.source, found.priced_at.date()).into(),
        ),
    ];
    if found.moves {
        t_with("paper-preview", &values)
    } else {
        t_with("paper-preview-still", &values)
    }
}

/// Loads the estimate when the input is complete.
fn previewing(written: Written) -> RwSignal<Option<Result<Preview, Error>>> {
    let preview = RwSignal::new(None);
    let asked = StoredValue::new(0_usize);
    Effect::new(move || {
        let (symbol, quantity) = (written.symbol.get(), written.quantity.get());
        let (side, kind) = (written.side.get(), written.kind.get());
        let limit = written.limit.get();
        asked.update_value(|count| *count += 1);
        let mine = asked.get_value();
        let unsaid = |text: &str| text.trim().is_empty();
        if unsaid(&symbol) || unsaid(&quantity) || (kind == "limit" && unsaid(&limit)) {
            preview.set(None);
            return;
        }
        spawn_local(async move {
            let found = preview_order(symbol, side, kind, quantity, limit).await;
            // Ignores answers to earlier input.
            if asked.try_get_value() == Some(mine) {
                preview.try_set(Some(found));
            }
        });
    });
    preview
}
