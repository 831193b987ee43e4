//! Open orders, holdings, and orders that are not open any more.

use super::figures::{money, price, units};
use super::{PLACE, Shared};
use crate::markets::view::{in_address, instrument_path, source_of};
use crate::paper::rpc::CancelOrder;
use crate::paper::{Order, OrderState, Reason, Side};
use crate::portfolio::Holding;
use crate::ui::change::{change, rounded};
use crate::ui::table::wide;
use crate::ui::{Moment, Toasts, error_text, t, t_with};
use leptos::prelude::*;

/// Cancels orders: one action for all rows, as a row is gone when its answer arrives.
pub type Cancel = ServerAction<CancelOrder>;

/// Creates the action that cancels orders.
pub fn cancelling(shared: Shared) -> Cancel {
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
        shared.changes.update(|count| *count += 1);
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
        ("units", units(order.quantity).into()),
        ("limit", order.limit.map(price).unwrap_or_default().into()),
    ];
    match (order.side, order.limit) {
        (Side::Buy, None) => t_with("paper-buy-units", &values),
        (Side::Sell, None) => t_with("paper-sell-units", &values),
        (Side::Buy, Some(_)) => t_with("paper-buy-limit", &values),
        (Side::Sell, Some(_)) => t_with("paper-sell-limit", &values),
    }
}

/// Open orders; nothing if there are none.
pub fn open(orders: &[Order], cancel: Cancel) -> AnyView {
    if orders.is_empty() {
        return ().into_any();
    }
    let row = |order: &Order| {
        let values = [
            ("what", what(order).into()),
            ("symbol", order.symbol.as_str().into()),
        ];
        let (id, label) = (order.id.to_string(), t_with("paper-cancel-of", &values));
        let (change, change_of) = (
            format!("{PLACE}?change={id}"),
            t_with("paper-change-of", &values),
        );
        view! {
            <tr data-order=order.symbol.clone()>
                <th scope="row">{instrument(&order.symbol)}</th>
                <td>{what(order)}</td>
                <td>
                    <Moment at=order.placed_at />
                </td>
                <td class="number">{price(order.seen_price)}</td>
                <td class="row-acts">
                    <a class="button quiet small" href=change aria-label=change_of>
                        {t("paper-change")}
                    </a>
                    <ActionForm action=cancel>
                        <input type="hidden" name="order" value=id />
                        <button
                            type="submit"
                            class="button quiet small"
                            aria-label=label
                        >
                            {t("paper-cancel")}
                        </button>
                    </ActionForm>
                </td>
            </tr>
        }
    };
    let rows = orders.iter().map(row).collect_view();
    let table = view! {
        <table class="figure-table paper-open">
            <thead>
                <tr>
                    <th scope="col">{t("entry-symbol")}</th>
                    <th scope="col">{t("paper-order")}</th>
                    <th scope="col">{t("paper-placed-at")}</th>
                    <th scope="col" class="number">{t("paper-seen")}</th>
                    <th scope="col">
                        <span class="visually-hidden">{t("admin-actions")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    titled(t("paper-open-orders"), table)
}

/// A table with a heading.
fn titled(name: String, table: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="setting">
            <h3>{name.clone()}</h3>
            {wide(name, table)}
        </div>
    }
    .into_any()
}

/// Holdings; while the season runs, with a link to sell.
pub fn positions(holdings: &[Holding], running: bool) -> AnyView {
    let held: Vec<_> = holdings
        .iter()
        .filter(|holding| !holding.quantity.is_zero())
        .collect();
    if held.is_empty() {
        return view! {
            <div class="setting">
                <h3>{t("paper-positions")}</h3>
                <p class="section-note">{t("paper-positions-empty")}</p>
            </div>
        }
        .into_any();
    }
    let row = |holding: &&Holding| {
        let hundred = rust_decimal::Decimal::ONE_HUNDRED;
        let of_cost = (holding.unrealized * hundred).checked_div(holding.cost);
        let age = holding.source.zip(holding.price_date);
        let age = age.map(|(source, day)| source_of(source, day));
        let sell = running.then(|| {
            let (symbol, held) = (&holding.symbol, holding.quantity.normalize());
            let place = format!("{PLACE}?symbol={}&sell={held}", in_address(symbol));
            let label = t_with("paper-sell-all", &[("symbol", symbol.as_str().into())]);
            view! {
                <td class="row-acts">
                    <a class="button quiet small" href=place aria-label=label>
                        {t("paper-sell")}
                    </a>
                </td>
            }
        });
        view! {
            <tr data-symbol=holding.symbol.clone()>
                <th scope="row">
                    {instrument(&holding.symbol)} <p class="prediction-quiet">{holding.name.clone()}</p>
                </th>
                <td class="number">{units(holding.quantity)}</td>
                <td class="number">{holding.average_price.map(price)}</td>
                <td class="number">
                    {holding.price.map(price)} <p class="prediction-quiet">{age}</p>
                </td>
                <td class="number">{money(holding.value)}</td>
                <td class="number">{change(rounded(holding.unrealized, 2), None, of_cost)}</td>
                {sell}
            </tr>
        }
    };
    let rows = held.iter().map(row).collect_view();
    let acts = running.then(|| {
        view! {
            <th scope="col">
                <span class="visually-hidden">{t("admin-actions")}</span>
            </th>
        }
    });
    let table = view! {
        <table class="figure-table paper-positions">
            <thead>
                <tr>
                    <th scope="col">{t("entry-symbol")}</th>
                    <th scope="col" class="number">{t("entry-quantity")}</th>
                    <th scope="col" class="number">{t("paper-average")}</th>
                    <th scope="col" class="number">{t("paper-price")}</th>
                    <th scope="col" class="number">{t("paper-value")}</th>
                    <th scope="col" class="number">{t("portfolio-unrealized")}</th>
                    {acts}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    titled(t("paper-positions"), table)
}

/// Latest orders that are not open; nothing if there are none.
pub fn done(orders: &[Order]) -> AnyView {
    if orders.is_empty() {
        return ().into_any();
    }
    let row = |order: &Order| {
        let met = order.price.map(price);
        let age = order.source.zip(order.priced_at);
        let age = age.map(|(source, at)| source_of(source, at.date()));
        view! {
            <tr data-state=order.state.as_str()>
                <th scope="row">{instrument(&order.symbol)}</th>
                <td>{what(order)}</td>
                <td>{outcome(order)}</td>
                <td class="number">{met} {age.map(|age| view! { <p class="prediction-quiet">{age}</p> })}</td>
                <td>{order.done_at.map(|at| view! { <Moment at=at /> })}</td>
            </tr>
        }
    };
    let rows = orders.iter().map(row).collect_view();
    let table = view! {
        <table class="figure-table paper-done">
            <thead>
                <tr>
                    <th scope="col">{t("entry-symbol")}</th>
                    <th scope="col">{t("paper-order")}</th>
                    <th scope="col">{t("predictions-result")}</th>
                    <th scope="col" class="number">{t("paper-price")}</th>
                    <th scope="col">{t("paper-when")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    titled(t("paper-last-orders"), table)
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
