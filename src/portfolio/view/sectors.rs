//! Value by sector.

use super::holdings::share;
use super::money::{Currency, percentage};
use crate::markets::{Sector, view::sector_name};
use crate::portfolio::rules::risk;
use crate::portfolio::{Holding, PortfolioPage};
use crate::ui::{figure, t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeMap;

/// A sector with its holdings.
pub struct Group<'a> {
    /// Name in the reader's language.
    pub name: String,
    /// Value of all its holdings.
    pub value: Decimal,
    /// Holdings, largest value first. Empty: the group is cash.
    pub holdings: Vec<&'a Holding>,
}

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
            name: t("portfolio-cash"),
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
    let rows = sums
        .into_iter()
        .map(|Group { name, value, .. }| {
            let weight = share(value, whole);
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number">{currency.money(value)}</td>
                    <td class="number">
                        <span
                            class="weight"
                            style=format!("--weight: {:.4}", weight.unwrap_or_default().clamp(0.0, 1.0))
                            aria-hidden="true"
                        ></span>
                        {percentage(weight, false)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let equal = concentration.map(|sum| figure(&format!("{:.1}", 1.0 / sum)));
    view! {
        <div class="setting">
            <h3>{t("portfolio-sectors")}</h3>
            {map}
            <table class="figure-table">
                <thead class="visually-hidden">
                    <tr>
                        <th scope="col">{t("portfolio-sector")}</th>
                        <th scope="col">{t("portfolio-value")}</th>
                        <th scope="col">{t("portfolio-weight")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
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
