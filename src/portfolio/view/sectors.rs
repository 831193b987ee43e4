//! Value by sector.

use super::map::Group;
use super::money::{Currency, percentage, share, weight_bar};
use crate::markets::{Sector, view::sector_name};
use crate::portfolio::rules::risk;
use crate::portfolio::{Holding, PortfolioPage};
use crate::ui::{Column, DataTable, figure, t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeMap;

/// Groups holdings with a value by sector, largest value first.
fn groups(page: &PortfolioPage) -> Vec<Group<'_>> {
    let mut by_name: BTreeMap<String, Vec<&Holding>> = BTreeMap::new();
    for holding in page.holdings.iter().filter(|one| !one.value.is_zero()) {
        let sector = holding.sector.as_deref().unwrap_or_default();
        by_name.entry(named(sector)).or_default().push(holding);
    }
    let mut groups: Vec<Group<'_>> = by_name
        .into_iter()
        .map(|(name, mut holdings)| {
            holdings.sort_by_key(|one| std::cmp::Reverse(one.value));
            Group {
                name,
                value: holdings.iter().map(|one| one.value).sum(),
                holdings,
            }
        })
        .collect();
    if let Some(cash) = page.cash.filter(|cash| *cash > Decimal::ZERO) {
        groups.push(Group {
            name: t("label-cash"),
            value: cash,
            holdings: Vec::new(),
        });
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.value));
    groups
}

/// Renders the sectors as treemap and table.
pub fn by_sector(page: &PortfolioPage) -> AnyView {
    let sums = groups(page);
    let whole: Decimal = sums.iter().map(|group| group.value).sum();
    let currency = Currency::of(&page.holdings);
    let map = super::map::map(&sums, whole, currency);
    let values: Vec<f64> = page
        .holdings
        .iter()
        .filter_map(|one| one.value.to_f64())
        .collect();
    let concentration = risk::concentration(&values);
    let columns = vec![
        Column::text("label-sector", |row: &(String, Decimal)| row.0.clone()).heads_row(),
        Column::number("label-value", move |row: &(String, Decimal)| {
            currency.money(row.1)
        }),
        Column::number("portfolio-weight", move |row: &(String, Decimal)| {
            let weight = share(row.1, whole);
            view! { {weight_bar(weight)} {percentage(weight, false)} }
        }),
    ];
    let rows = sums
        .into_iter()
        .map(|group| (group.name, group.value))
        .collect();
    let table = DataTable::new(t("portfolio-sectors"), columns, rows);
    let equal = concentration.map(|sum| figure(&format!("{:.1}", 1.0 / sum)));
    view! {
        <div class="setting">
            <h3>{t("portfolio-sectors")}</h3>
            {map}
            {table.draw()}
            {concentration
                .zip(equal)
                .map(|(sum, equal)| {
                    let values = [
                        ("index", format!("{sum:.3}").into()),
                        ("equal", equal.into()),
                    ];
                    view! { <p class="section-note">{t_with("portfolio-concentration", &values)}</p> }
                })}
        </div>
    }
    .into_any()
}

/// Returns a sector in the reader's language; the owner's own text is unchanged.
fn named(written: &str) -> String {
    match Sector::named(written) {
        Some(sector) => sector_name(sector),
        None if written.is_empty() => t("sector-unknown"),
        None => written.to_owned(),
    }
}
