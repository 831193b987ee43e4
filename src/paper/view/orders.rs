//! Open orders, holdings, and orders that are not open any more.

use super::figures::{money, price};
use super::place::PLACE;
use crate::markets::view::{in_address, instrument_path, source_of};
use crate::paper::rpc::CancelOrder;
use crate::paper::{Order, OrderState, Reason, Side};
use crate::portfolio::Holding;
use crate::ui::form::{button_form, row_button};
use crate::ui::money::{gain, quantity};
use crate::ui::{Changes, Column, DataTable, Moment, Toasts, error_text, t, t_with};
use leptos::prelude::*;

/// Cancels orders: one action for all rows, as a row is gone when its answer arrives.
pub type Cancel = ServerAction<CancelOrder>;

/// Creates the action that cancels orders.
pub fn cancelling(changes: Changes) -> Cancel {
    let action = ServerAction::<CancelOrder>::new();
    let toasts = Toasts::of_context();
    let value = action.value();
    Effect::new(move || {
        match value.get() {
            Some(Ok(())) => toasts.say(t("paper-canceled")),
            Some(Err(error)) => toasts.error(error_text(&error)),
            None => return,
        }
        // Reloads after an error too: the order may have been filled meanwhile.
        changes.made();
    });
    action
}

fn instrument(symbol: &str) -> AnyView {
    view! {
        <a class="quote-symbol" href=instrument_path(symbol)>
            {symbol.to_owned()}
        </a>
    }
    .into_any()
}

/// Description of an order.
pub fn what(order: &Order) -> String {
    let values = [
        ("units", quantity(order.quantity).into()),
        ("limit", order.limit.map(price).unwrap_or_default().into()),
    ];
    match (order.side, order.limit) {
        (Side::Buy, None) => t_with("paper-buy-units", &values),
        (Side::Sell, None) => t_with("paper-sell-units", &values),
        (Side::Buy, Some(_)) => t_with("paper-buy-limit", &values),
        (Side::Sell, Some(_)) => t_with("paper-sell-limit", &values),
    }
}

fn symbol_column() -> Column<Order> {
    Column::text("label-symbol", |order: &Order| instrument(&order.symbol)).heads_row()
}

/// Open orders; nothing if there are none.
pub fn open(orders: Vec<Order>, cancel: Cancel) -> AnyView {
    if orders.is_empty() {
        return ().into_any();
    }
    let acts = move |order: &Order| {
        let values = [
            ("what", what(order).into()),
            ("symbol", order.symbol.as_str().into()),
        ];
        let cancel_of = Some(t_with("paper-cancel-of", &values));
        let fields = vec![("order", order.id.to_string())];
        view! {
            <a
                class="button quiet small"
                href=format!("{PLACE}?change={}", order.id)
                aria-label=t_with("paper-change-of", &values)
            >
                {t("paper-change")}
            </a>
            {button_form(cancel, fields, row_button(t("paper-cancel"), cancel_of))}
        }
    };
    let columns = vec![
        symbol_column(),
        Column::text("paper-order", what).leads(),
        Column::text(
            "paper-placed-at",
            |order: &Order| view! { <Moment at=order.placed_at /> },
        ),
        Column::number("paper-seen", |order: &Order| price(order.seen_price)),
        Column::acts(acts),
    ];
    let table = DataTable::new(t("paper-open-orders"), columns, orders);
    let table = table.data("data-order", |order| order.symbol.clone());
    titled(t("paper-open-orders"), table.class("paper-open").draw())
}

/// Content with a heading.
fn titled(name: String, content: AnyView) -> AnyView {
    view! {
        <div class="setting">
            <h3>{name}</h3>
            {content}
        </div>
    }
    .into_any()
}

/// Holdings; while the season runs, with a link to sell.
pub fn positions(mut holdings: Vec<Holding>, running: bool) -> AnyView {
    holdings.retain(|holding| !holding.quantity.is_zero());
    if holdings.is_empty() {
        let note = view! { <p class="section-note">{t("paper-positions-empty")}</p> };
        return titled(t("paper-positions"), note.into_any());
    }
    let last_price = |holding: &Holding| {
        let age = holding.source.zip(holding.price_date);
        let age = age.map(|(source, day)| source_of(source, day));
        view! { {holding.price.map(price)} <p class="fine-print">{age}</p> }
    };
    let mut columns = vec![
        Column::text("label-symbol", |holding: &Holding| {
            let name = holding.name.clone();
            view! { {instrument(&holding.symbol)} <p class="fine-print">{name}</p> }
        })
        .heads_row()
        .sorts("symbol", |holding| holding.symbol.clone())
        .csv(|holding| holding.symbol.clone()),
        Column::number("label-quantity", |holding: &Holding| {
            quantity(holding.quantity)
        })
        .csv(|holding| holding.quantity.normalize()),
        Column::number("paper-average", |holding: &Holding| {
            holding.average_price.map(price)
        })
        .csv(|holding| holding.average_price.unwrap_or_default()),
        Column::number("paper-price", last_price).csv(|holding| holding.price.unwrap_or_default()),
        Column::number("label-value", |holding: &Holding| money(holding.value))
            .leads()
            .sorts("value", |holding| holding.value)
            .sorted()
            .csv(|holding| holding.value),
        Column::number("label-unrealized", |holding: &Holding| {
            gain(holding.unrealized, holding.cost, None)
        })
        .sorts("gain", |holding| holding.unrealized)
        .csv(|holding| holding.unrealized),
    ];
    if running {
        columns.push(Column::acts(sell_link));
    }
    let table = DataTable::new(t("paper-positions"), columns, holdings);
    let table = table.data("data-symbol", |holding| holding.symbol.clone());
    let table = table.class("paper-positions").file("paper.csv");
    titled(t("paper-positions"), table.draw())
}

fn sell_link(holding: &Holding) -> AnyView {
    let (symbol, held) = (&holding.symbol, holding.quantity.normalize());
    let place = format!("{PLACE}?symbol={}&sell={held}", in_address(symbol));
    let label = t_with("paper-sell-all", &[("symbol", symbol.as_str().into())]);
    view! {
        <a class="button quiet small" href=place aria-label=label>
            {t("paper-sell")}
        </a>
    }
    .into_any()
}

/// Latest orders that are not open; nothing if there are none.
pub fn done(orders: Vec<Order>) -> AnyView {
    if orders.is_empty() {
        return ().into_any();
    }
    let met = |order: &Order| {
        let age = order.source.zip(order.priced_at);
        let age = age.map(|(source, at)| source_of(source, at.date()));
        let age = age.map(|age| view! { <p class="fine-print">{age}</p> });
        view! { {order.price.map(price)} {age} }
    };
    let columns = vec![
        symbol_column(),
        Column::text("paper-order", what),
        Column::text("label-result", outcome).leads(),
        Column::number("paper-price", met),
        Column::text("paper-when", |order: &Order| {
            order.done_at.map(|at| view! { <Moment at=at /> })
        }),
    ];
    let table = DataTable::new(t("paper-last-orders"), columns, orders);
    let table = table.data("data-state", |order| order.state.as_str().to_owned());
    titled(t("paper-last-orders"), table.class("paper-done").draw())
}

fn outcome(order: &Order) -> String {
    match (order.state, order.reason) {
        (OrderState::Filled, _) => t("paper-filled"),
        (OrderState::Canceled, _) => t("paper-was-canceled"),
        (OrderState::Expired, _) => t("paper-expired"),
        (OrderState::Rejected, Some(Reason::Cash)) => t("paper-rejected-cash"),
        (OrderState::Rejected, Some(Reason::Units)) => t("paper-rejected-units"),
        (OrderState::Rejected, _) => t("paper-rejected"),
        (OrderState::Open, _) => t("paper-waits"),
    }
}
