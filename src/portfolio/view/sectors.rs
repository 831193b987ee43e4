//! How much is in which business.

use super::holdings::share;
use super::money::{money, part};
use crate::markets::Sector;
use crate::portfolio::PortfolioPage;
use crate::portfolio::rules::risk;
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeMap;

/// How much is in which business.
pub fn by_sector(page: &PortfolioPage) -> AnyView {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for holding in page.holdings.iter().filter(|one| !one.value.is_zero()) {
        let sector = holding.sector.as_deref().unwrap_or_default();
        *sums.entry(sector_name(sector)).or_default() += holding.value;
    }
    if let Some(cash) = page.cash.filter(|cash| *cash > Decimal::ZERO) {
        *sums.entry(t("portfolio-cash")).or_default() += cash;
    }
    let whole: Decimal = sums.values().sum();
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
    let values: Vec<f64> = page
        .holdings
        .iter()
        .filter_map(|one| one.value.to_f64())
        .collect();
    let concentration = risk::concentration(&values);
    let rows = sums
        .into_iter()
        .map(|(name, value)| {
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
fn sector_name(written: &str) -> String {
    let key = match Sector::named(written) {
        Some(Sector::CommunicationServices) => "sector-communication",
        Some(Sector::ConsumerDiscretionary) => "sector-discretionary",
        Some(Sector::ConsumerStaples) => "sector-staples",
        Some(Sector::Energy) => "sector-energy",
        Some(Sector::Financials) => "sector-financials",
        Some(Sector::HealthCare) => "sector-health",
        Some(Sector::Industrials) => "sector-industrials",
        Some(Sector::InformationTechnology) => "sector-technology",
        Some(Sector::Materials) => "sector-materials",
        Some(Sector::RealEstate) => "sector-real-estate",
        Some(Sector::Utilities) => "sector-utilities",
        None if written.is_empty() => "sector-unknown",
        None => return written.to_owned(),
    };
    t(key)
}
