//! Lots and sells of one symbol.

use super::BASE;
use super::money::{Currency, change, dash, money, price, units};
use crate::portfolio::Detail;
use crate::portfolio::rules::ledger::{Lot, Method, Sale};
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{address, t, t_with};
use leptos::prelude::*;
use rust_decimal::Decimal;

pub fn lots(detail: Detail) -> AnyView {
    let method = detail.method;
    let currency = Currency::of(std::slice::from_ref(&detail.holding));
    let symbol = detail.holding.symbol.clone();
    // By average cost all shares cost the same, whatever their date.
    let each = detail
        .holding
        .average_price
        .filter(|_| method == Method::Average);
    let lots = detail
        .lots
        .into_iter()
        .map(|lot| lot_row(&lot, each, detail.holding.price))
        .collect_view();
    let sales: Vec<_> = detail
        .sales
        .iter()
        .map(|sale| sale_row(sale, method))
        .collect();
    let lots_next = more(
        &symbol,
        "lots",
        detail.lots_next.as_deref(),
        "portfolio-more-lots",
    );
    let sales_next = more(
        &symbol,
        "sales",
        detail.sales_next.as_deref(),
        "portfolio-more-sales",
    );
    let by = t(match method {
        Method::Fifo => "portfolio-by-fifo",
        Method::Average => "portfolio-by-average",
    });
    let head = |key: &str| currency.head(t(key));
    let sold = (!sales.is_empty()).then(|| {
        let table = view! {
            <table class="figure-table">
                <thead>
                    <tr>
                        <th scope="col">{t("entry-date")}</th>
                        <th scope="col" class="number">{t("entry-quantity")}</th>
                        <th scope="col" class="number">{head("portfolio-proceeds")}</th>
                        <th scope="col" class="number">{head("portfolio-cost")}</th>
                        <th scope="col" class="number">{head("portfolio-gain")}</th>
                    </tr>
                </thead>
                <tbody>{sales}</tbody>
            </table>
        };
        view! {
            <h4>{t("portfolio-sales")}</h4>
            {wide(t("portfolio-sales"), table)}
            {sales_next}
        }
    });
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("portfolio-bought")}</th>
                    <th scope="col" class="number">{t("entry-quantity")}</th>
                    <th scope="col" class="number">{head("portfolio-each")}</th>
                    <th scope="col" class="number">{head("portfolio-cost")}</th>
                    <th scope="col" class="number">{head("portfolio-gain")}</th>
                </tr>
            </thead>
            <tbody>{lots}</tbody>
        </table>
    };
    let title = t_with("portfolio-lots-of", &[("symbol", symbol.as_str().into())]);
    view! {
        <div class="setting" id="lots">
            <h3>{title.clone()}</h3>
            <p class="section-note">
                {by} " "
                <a href=format!("{BASE}/transactions?symbol={symbol}")>{t("portfolio-transactions")}</a>
            </p>
            {wide(title, table)}
            {lots_next}
            {sold}
        </div>
    }
    .into_any()
}

/// Link to the next page of a list.
fn more(
    symbol: &str,
    list: &'static str,
    next: Option<&str>,
    label: &'static str,
) -> Option<AnyView> {
    let wanted = [("symbol", Some(symbol)), (list, Some(next?))];
    let place = address(&format!("{BASE}/holdings"), &wanted);
    Some(view! { <a class="button quiet" href=format!("{place}#lots")>{t(label)}</a> }.into_any())
}

fn lot_row(lot: &Lot, each: Option<Decimal>, now: Option<Decimal>) -> AnyView {
    let cost = each
        .and_then(|each| each.checked_mul(lot.quantity))
        .unwrap_or(lot.cost);
    let each = cost.checked_div(lot.quantity);
    let gain = now
        .and_then(|now| now.checked_mul(lot.quantity))
        .map(|value| value - cost);
    view! {
        <tr>
            <th scope="row">{date_short(lot.date)}</th>
            <td class="number">{units(lot.quantity)}</td>
            <td class="number">{each.map_or_else(dash, price)}</td>
            <td class="number">{money(cost)}</td>
            <td class="number">{gain.map_or_else(|| dash().into_any(), |gain| change(gain, cost))}</td>
        </tr>
    }
    .into_any()
}

fn sale_row(sale: &Sale, method: Method) -> AnyView {
    let cost = sale.cost.by(method);
    view! {
        <tr>
            <th scope="row">{date_short(sale.date)}</th>
            <td class="number">{units(sale.quantity)}</td>
            <td class="number">{money(sale.proceeds)}</td>
            <td class="number">{money(cost)}</td>
            <td class="number">{change(sale.gain(method), cost)}</td>
        </tr>
    }
    .into_any()
}
