//! The lots and sales of one instrument.

use super::money::{change, dash, money, price, units};
use super::{BASE, Shown};
use crate::portfolio::Detail;
use crate::portfolio::rpc::load_detail;
use crate::portfolio::rules::ledger::{Lot, Method, Sale};
use crate::shared::PortfolioId;
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// The lots and sales of an instrument.
#[component]
pub fn Lots(
    /// Of which.
    portfolio: PortfolioId,
    /// What.
    symbol: String,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let detail = Resource::new_blocking(
        move || (symbol.clone(), shown.changes.get()),
        move |(symbol, _)| load_detail(portfolio, symbol),
    );
    view! {
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => lots(detail),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn lots(detail: Detail) -> AnyView {
    let method = detail.method;
    let symbol = detail.holding.symbol.clone();
    // By average cost every unit has cost the same, whenever it was bought.
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
    let by = t(match method {
        Method::Fifo => "portfolio-by-fifo",
        Method::Average => "portfolio-by-average",
    });
    let sold = (!sales.is_empty()).then(|| {
        view! {
            <h4>{t("portfolio-sales")}</h4>
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">{t("entry-date")}</th>
                        <th scope="col" class="number">{t("entry-quantity")}</th>
                        <th scope="col" class="number">{t("portfolio-proceeds")}</th>
                        <th scope="col" class="number">{t("portfolio-cost")}</th>
                        <th scope="col" class="number">{t("portfolio-gain")}</th>
                    </tr>
                </thead>
                <tbody>{sales}</tbody>
            </table>
        }
    });
    view! {
        <div class="setting" id="lots">
            <h3>{t_with("portfolio-lots-of", &[("symbol", symbol.clone().into())])}</h3>
            <p class="section-note">
                {by} " "
                <a href=format!("{BASE}/transactions?symbol={symbol}")>{t("portfolio-transactions")}</a>
            </p>
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">{t("portfolio-bought")}</th>
                        <th scope="col" class="number">{t("entry-quantity")}</th>
                        <th scope="col" class="number">{t("portfolio-each")}</th>
                        <th scope="col" class="number">{t("portfolio-cost")}</th>
                        <th scope="col" class="number">{t("portfolio-gain")}</th>
                    </tr>
                </thead>
                <tbody>{lots}</tbody>
            </table>
            {sold}
        </div>
    }
    .into_any()
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
            <th scope="row">{lot.date.to_string()}</th>
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
            <th scope="row">{sale.date.to_string()}</th>
            <td class="number">{units(sale.quantity)}</td>
            <td class="number">{money(sale.proceeds)}</td>
            <td class="number">{money(cost)}</td>
            <td class="number">{change(sale.gain(method), cost)}</td>
        </tr>
    }
    .into_any()
}
