//! Lots and sells of one symbol.

use super::money::Currency;
use super::shown::BASE;
use crate::portfolio::Detail;
use crate::portfolio::rules::ledger::{Lot, Method, Sale};
use crate::ui::change::dash;
use crate::ui::money::{full_price, gain, money, quantity};
use crate::ui::time::date_text;
use crate::ui::{Column, DataTable, address, pager, t, t_with};
use leptos::prelude::*;
use rust_decimal::Decimal;

pub fn lots(detail: Detail) -> AnyView {
    let Detail {
        method,
        holding,
        lots,
        sales,
        lots_next,
        sales_next,
        ..
    } = detail;
    let currency = Currency::of(std::slice::from_ref(&holding));
    // By average cost all shares cost the same, whatever their date.
    let each = holding.average_price.filter(|_| method == Method::Average);
    let by = t(match method {
        Method::Fifo => "portfolio-by-fifo",
        Method::Average => "portfolio-by-average",
    });
    let next = |list, cursor: Option<String>| {
        let wanted = [("symbol", Some(&*holding.symbol)), (list, Some(&*cursor?))];
        let place = address(&format!("{BASE}/holdings"), &wanted);
        Some(format!("{place}#lots"))
    };
    let sold = (!sales.is_empty()).then(|| {
        view! {
            <h4>{t("portfolio-sales")}</h4>
            {sales_table(sales, method, currency)}
            {pager(next("sales", sales_next), t("portfolio-more-sales"))}
        }
    });
    let title = t_with(
        "portfolio-lots-of",
        &[("symbol", holding.symbol.as_str().into())],
    );
    view! {
        <div class="setting" id="lots">
            <h3>{title.clone()}</h3>
            <p class="section-note">
                {by} " "
                <a href=format!(
                    "{BASE}/transactions?symbol={}",
                    holding.symbol,
                )>{t("portfolio-transactions")}</a>
            </p>
            {lots_table(title, lots, each, holding.price, currency)}
            {pager(next("lots", lots_next), t("portfolio-more-lots"))}
            {sold}
        </div>
    }
    .into_any()
}

fn lots_table(
    title: String,
    lots: Vec<Lot>,
    each: Option<Decimal>,
    now: Option<Decimal>,
    Currency(code): Currency,
) -> AnyView {
    let cost = move |lot: &Lot| {
        let of_average = each.and_then(|each| each.checked_mul(lot.quantity));
        of_average.unwrap_or(lot.cost)
    };
    let gained = move |lot: &Lot| {
        let cost = cost(lot);
        match now.and_then(|now| now.checked_mul(lot.quantity)) {
            Some(value) => gain(value - cost, cost, None),
            None => dash().into_any(),
        }
    };
    let columns = vec![
        Column::text("portfolio-bought", |lot: &Lot| date_text(lot.date)).heads_row(),
        Column::number("label-quantity", |lot: &Lot| quantity(lot.quantity)),
        Column::number("portfolio-each", move |lot: &Lot| {
            let each = cost(lot).checked_div(lot.quantity);
            each.map_or_else(dash, full_price)
        })
        .in_currency(code),
        Column::number("portfolio-cost", move |lot: &Lot| money(cost(lot), None)).in_currency(code),
        Column::number("portfolio-gain", gained).in_currency(code),
    ];
    DataTable::new(title, columns, lots).draw()
}

fn sales_table(sales: Vec<Sale>, method: Method, Currency(code): Currency) -> AnyView {
    let columns = vec![
        Column::text("label-date", |sale: &Sale| date_text(sale.date)).heads_row(),
        Column::number("label-quantity", |sale: &Sale| quantity(sale.quantity)),
        Column::number("portfolio-proceeds", |sale: &Sale| {
            money(sale.proceeds, None)
        })
        .in_currency(code),
        Column::number("portfolio-cost", move |sale: &Sale| {
            money(sale.cost.by(method), None)
        })
        .in_currency(code),
        Column::number("portfolio-gain", move |sale: &Sale| {
            gain(sale.gain(method), sale.cost.by(method), None)
        })
        .in_currency(code),
    ];
    DataTable::new(t("portfolio-sales"), columns, sales).draw()
}
