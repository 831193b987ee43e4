//! How much is in which business.

use super::holdings::share;
use super::money::{money, part};
use crate::markets::{Sector, view::sector_name};
use crate::portfolio::rules::risk;
use crate::portfolio::{Holding, PortfolioPage};
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeMap;

/// A business with what is in it.
pub struct Group<'a> {
    /// In the reader's language.
    pub name: String,
    /// All that is in it.
    pub value: Decimal,
    /// The instruments, the most valuable first; none: it is cash.
    pub holdings: Vec<&'a Holding>,
}

/// What is worth something by its business, the most valuable first.
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

/// How much is in which business: drawn, and as a table.
pub fn by_sector(page: &PortfolioPage) -> AnyView {
    let sums = groups(page);
    let whole: Decimal = sums.iter().map(|group| group.value).sum();
    let map = super::map::map(&sums, whole);
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
                    <td class="number">{money(value)}</td>
                    <td class="number">
                        <span
                            class="weight"
                            style=format!("--weight: {:.4}", weight.unwrap_or_default().clamp(0.0, 1.0))
                            aria-hidden="true"
                        ></span>
                        {part(weight, false)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let equal = concentration.map(|sum| format!("{:.1}", 1.0 / sum));
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

/// A sector in the reader's language; what its owner wrote stays.
fn named(written: &str) -> String {
    match Sector::named(written) {
        Some(sector) => sector_name(sector),
        None if written.is_empty() => t("sector-unknown"),
        None => written.to_owned(),
    }
}
