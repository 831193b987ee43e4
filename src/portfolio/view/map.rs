//! Holdings as a treemap: the area of a symbol is its value, grouped by sector, colored by its
//! gain. The table beside it contains the same data as text.

use super::money::{Currency, percentage, share};
use super::shown::BASE;
use crate::portfolio::Holding;
use crate::portfolio::rules::treemap::{Rect, squarified};
use crate::ui::change::{dash, signed_percent};
use crate::ui::money::of_cost;
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// A sector with its holdings.
pub struct Group<'a> {
    /// Name in the reader's language.
    pub name: String,
    /// Value of all its holdings.
    pub value: Decimal,
    /// Holdings, largest value first. Empty: the group is cash.
    pub holdings: Vec<&'a Holding>,
}

/// Area of the layout. CSS stretches it, which keeps the proportions of the areas.
const WHOLE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 160.0,
    height: 90.0,
};

/// Renders the treemap; empty if the holdings have no value.
pub fn map(groups: &[Group<'_>], whole: Decimal, currency: Currency) -> AnyView {
    let count: usize = groups.iter().map(|group| group.holdings.len()).sum();
    if count == 0 {
        return ().into_any();
    }
    let weights: Vec<f64> = groups.iter().map(|group| weight(group.value)).collect();
    let boxes = groups
        .iter()
        .zip(squarified(&weights, WHOLE))
        .filter_map(|(group, rect)| Some(sector(group, rect?, whole, currency)))
        .collect_view();
    let keys = [
        ("portfolio-map-key-down", "map-tile down-3"),
        ("portfolio-map-key-flat", "map-tile flat"),
        ("portfolio-map-key-up", "map-tile up-3"),
    ];
    let keys = keys
        .map(|(key, class)| {
            view! {
                <span>
                    <span class=format!("{class} map-swatch") aria-hidden="true"></span>
                    {t(key)}
                </span>
            }
        })
        .collect_view();
    let label = t_with("portfolio-map-label", &[("count", count.into())]);
    view! {
        <figure class="map">
            <ul class="map-box" aria-label=label>
                {boxes}
            </ul>
            <figcaption>{keys}</figcaption>
        </figure>
    }
    .into_any()
}

/// Renders a sector with its symbols. Cash has no symbols and is a single tile.
fn sector(group: &Group<'_>, rect: Rect, whole: Decimal, currency: Currency) -> AnyView {
    let tiles = if group.holdings.is_empty() {
        let name = t_with(
            "portfolio-map-cash",
            &[
                ("name", group.name.as_str().into()),
                ("value", currency.money(group.value).into()),
                ("share", percentage(share(group.value, whole), false).into()),
            ],
        );
        let said = name.clone();
        view! {
            <li class="map-tile flat map-first" style=place(WHOLE, WHOLE) title=said>
                <span class="visually-hidden">{name}</span>
            </li>
        }
        .into_any()
    } else {
        let weights: Vec<f64> = group.holdings.iter().map(|one| weight(one.value)).collect();
        group
            .holdings
            .iter()
            .zip(squarified(&weights, rect))
            .enumerate()
            .filter_map(|(at, (one, tile))| Some(instrument(one, tile?, rect, whole, at == 0)))
            .collect_view()
            .into_any()
    };
    view! {
        <li class="map-sector" style=place(rect, WHOLE)>
            <span class="map-name">{group.name.clone()}</span>
            <ul aria-label=group.name.clone()>{tiles}</ul>
        </li>
    }
    .into_any()
}

/// Renders a symbol; the first of a sector leaves room for the sector's name.
fn instrument(one: &Holding, tile: Rect, within: Rect, whole: Decimal, first: bool) -> AnyView {
    let currency = Currency::of(std::slice::from_ref(one));
    let gain = of_cost(one.unrealized, one.cost);
    let shown = gain.map_or_else(dash, signed_percent);
    let name = t_with(
        "portfolio-map-tile",
        &[
            // Starts with the visible text, so that users of voice control can say it.
            ("symbol", one.symbol.as_str().into()),
            ("gain", shown.as_str().into()),
            ("name", one.name.as_str().into()),
            ("value", currency.money(one.value).into()),
            ("share", percentage(share(one.value, whole), false).into()),
        ],
    );
    let (class, said) = (format!("map-tile {}", tone(gain)), name.clone());
    // The table has the same links, so the tiles are not in the tab order.
    view! {
        <li class=class class:map-first=first style=place(tile, within)>
            <a
                href=format!("{BASE}/holdings?symbol={}", one.symbol)
                title=said
                aria-label=name
                tabindex="-1"
            >
                <span class="map-label" aria-hidden="true">
                    <span class="quote-symbol">{one.symbol.clone()}</span>
                    <span class="map-gain">{shown}</span>
                </span>
            </a>
        </li>
    }
    .into_any()
}

fn weight(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

/// CSS position of a rectangle within another, in %.
fn place(rect: Rect, within: Rect) -> String {
    let percent = |of: f64, whole: f64| of / whole * 100.0;
    format!(
        "inset-inline-start: {:.3}%; inset-block-start: {:.3}%; inline-size: {:.3}%; block-size: {:.3}%",
        percent(rect.x - within.x, within.width),
        percent(rect.y - within.y, within.height),
        percent(rect.width, within.width),
        percent(rect.height, within.height),
    )
}

/// Returns the CSS class for a gain in %: larger gains and losses have stronger colors.
fn tone(gain: Option<Decimal>) -> &'static str {
    let Some(gain) = gain else { return "flat" };
    let size = gain.abs();
    let up = gain > Decimal::ZERO;
    if size < Decimal::ONE {
        "flat"
    } else if size < Decimal::TEN {
        if up { "up-1" } else { "down-1" }
    } else if size < Decimal::from(50) {
        if up { "up-2" } else { "down-2" }
    } else if up {
        "up-3"
    } else {
        "down-3"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_by_the_size_of_the_gain() {
        let of = |gain: i64| tone(Some(Decimal::new(gain, 1)));
        let tones = [-500, -100, -10, -9, 0, 9, 10, 100, 500].map(of);
        let expected = [
            "down-3", "down-2", "down-1", "flat", "flat", "flat", "up-1", "up-2", "up-3",
        ];
        assert_eq!(tones, expected);
        assert_eq!(tone(None), "flat");
    }

    #[test]
    fn places_are_parts_of_what_is_around() {
        let rect = Rect {
            x: 40.0,
            y: 45.0,
            width: 80.0,
            height: 45.0,
        };
        assert_eq!(
            place(rect, WHOLE),
            "inset-inline-start: 25.000%; inset-block-start: 50.000%; inline-size: 50.000%; \
             block-size: 50.000%"
        );
    }
}
