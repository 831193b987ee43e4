//! Joining a season, and the order ticket.

use super::figures::{money, price};
use super::orders::what;
use super::{PLACE, Shared, Wanted};
use crate::markets::Instrument;
use crate::markets::rpc::search_instruments;
use crate::markets::view::source_of;
use crate::paper::rpc::{JoinPaper, PlaceOrder, preview_order};
use crate::paper::{Order, Placed, Preview, Season, Side};
use crate::shared::Error;
use crate::ui::table::failure;
use crate::ui::time::date_short;
use crate::ui::{Button, ButtonKind, Toasts, error_text, form_key, settled, t, t_with};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Joins the running season.
#[component]
pub fn Join(season: Season) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<JoinPaper>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if let Some(Ok(())) = value.get() {
            shared.joined.update(|count| *count += 1);
            toasts.say(t("paper-joined"));
        }
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
            <ActionForm action=action>
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t_with("paper-join", &values)}
                </Button>
            </ActionForm>
            <div role="alert" class="form-error-place">
                {move || value.get().and_then(Result::err).map(|error| failure(&error))}
            </div>
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
    let shared = expect_context::<Shared>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<PlaceOrder>::new();
    let (value, pending) = (action.value(), action.pending());
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Placed { order, moves })) = value.get() {
            shared.changes.update(|count| *count += 1);
            let values = [("symbol", order.symbol.into())];
            toasts.say(match (moves, changes) {
                (true, true) => t_with("paper-changed", &values),
                (true, false) => t_with("paper-placed", &values),
                (false, _) => t_with("paper-placed-still", &values),
            });
            // The query parameters are used up.
            if begun {
                navigate(PLACE, NavigateOptions::default());
            }
        }
    });
    let wrong = Signal::derive(move || value.get().and_then(Result::err));
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
    let no_limit = move || alive.get() && written.kind.with(|kind| kind != "limit");
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
    view! {
        <ActionForm action=action attr:class="entry-form paper-ticket">
            {form_key(Signal::derive(move || value.with(settled)))}
            <input type="hidden" name="replaces" value=replaces.unwrap_or_default() />
            {field(
                "paper-symbol",
                t("entry-symbol"),
                instrument(symbol, written.symbol, wrong),
            )}
            {field("paper-side", t("paper-side"), side.into_any())}
            {field(
                "paper-quantity",
                t("entry-quantity"),
                writing("quantity", (written.quantity, quantity), wrong, units),
            )}
            {field("paper-kind", t("paper-kind"), kind.into_any())}
            <div class="field" hidden=no_limit>
                <label for="paper-limit">{t("paper-limit-price")}</label>
                {writing("limit", (written.limit, limit), wrong, NodeRef::new())}
            </div>
            <div class="entry-send">
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {if changes { t("paper-change-place") } else { t("paper-place") }}
                </Button>
            </div>
            <div role="alert" class="form-error-place">
                {move || wrong.get().map(|error| failure(&error))}
            </div>
        </ActionForm>
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

fn field(id: &'static str, label: String, control: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
        </div>
    }
    .into_any()
}

fn concerned(wrong: Signal<Option<Error>>, name: &str) -> Option<Error> {
    let error = wrong.get()?;
    let field = error.details.get("field")?;
    (field == name).then(|| error.clone())
}

/// Symbol input with suggestions.
fn instrument(
    value: Option<String>,
    written: RwSignal<String>,
    wrong: Signal<Option<Error>>,
) -> AnyView {
    let offered = RwSignal::new(Vec::<Instrument>::new());
    let search = move |event| {
        let text: String = event_target_value(&event);
        written.set(text.clone());
        spawn_local(async move {
            let found = search_instruments(text.clone()).await.unwrap_or_default();
            if written.try_get_untracked().is_some_and(|now| now == text) {
                offered.try_set(found);
            }
        });
    };
    let options = move || {
        let option = |one: Instrument| view! { <option value=one.symbol>{one.name}</option> };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <input
            class="input"
            id="paper-symbol"
            name="symbol"
            list="paper-offered"
            value=value
            maxlength="80"
            required=true
            autocomplete="off"
            autocapitalize="characters"
            aria-invalid=move || concerned(wrong, "symbol").map(|_| "true")
            aria-description=move || concerned(wrong, "symbol").map(|error| error_text(&error))
            on:input=search
        />
        <datalist id="paper-offered">{options}</datalist>
    }
    .into_any()
}

/// Number input.
fn writing(
    name: &'static str,
    (written, value): (RwSignal<String>, Option<String>),
    wrong: Signal<Option<Error>>,
    node: NodeRef<html::Input>,
) -> AnyView {
    view! {
        <input
            node_ref=node
            class="input"
            value=value
            id=format!("paper-{name}")
            name=name
            inputmode="decimal"
            maxlength="40"
            autocomplete="off"
            aria-invalid=move || concerned(wrong, name).map(|_| "true")
            aria-description=move || concerned(wrong, name).map(|error| error_text(&error))
            on:input=move |event| written.set(event_target_value(&event))
        />
    }
    .into_any()
}
