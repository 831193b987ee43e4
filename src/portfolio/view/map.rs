//! What is held as a map: each instrument as large as its value, within its sector, in the colour of
//! its gain. The table beside it says the same in words.

use super::BASE;
use super::holdings::share;
use super::money::{money, of_cost, part};
use super::sectors::Group;
use crate::portfolio::Holding;
use crate::portfolio::rules::treemap::{Rect, squarified};
use crate::ui::change::signed_percent;
use crate::ui::{t, t_with};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The shape that it is laid out in. It is stretched to its place, which keeps shares as they are.
const WHOLE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 160.0,
    height: 90.0,
};

/// The map; nothing where nothing is worth anything.
pub fn map(groups: &[Group<'_>], whole: Decimal) -> AnyView {
    let count: usize = groups.iter().map(|group| group.holdings.len()).sum();
    if count == 0 {
        return ().into_any();
    }
    let weights: Vec<f64> = groups.iter().map(|group| weight(group.value)).collect();
    let boxes = groups
        .iter()
        .zip(squarified(&weights, WHOLE))
        .filter_map(|(group, rect)| Some(sector(group, rect?, whole)))
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

/// A sector with its instruments; cash has none and is one tile.
fn sector(group: &Group<'_>, rect: Rect, whole: Decimal) -> AnyView {
    let tiles = if group.holdings.is_empty() {
        let name = t_with(
            "portfolio-map-cash",
            &[
                ("name", group.name.as_str().into()),
                ("value", money(group.value).into()),
                ("share", part(share(group.value, whole), false).into()),
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

/// An instrument; the first of its sector leaves room for the sector's name.
fn instrument(one: &Holding, tile: Rect, within: Rect, whole: Decimal, first: bool) -> AnyView {
    let gain = of_cost(one.unrealised, one.cost);
    let shown = gain.map_or_else(super::money::dash, signed_percent);
    let name = t_with(
        "portfolio-map-tile",
        &[
            // First what the tile shows, so that who speaks to the page can say it.
            ("symbol", one.symbol.as_str().into()),
            ("gain", shown.as_str().into()),
            ("name", one.name.as_str().into()),
            ("value", money(one.value).into()),
            ("share", part(share(one.value, whole), false).into()),
        ],
    );
    let (class, said) = (format!("map-tile {}", tone(gain)), name.clone());
    // The table has the same links: the keyboard goes through them once.
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

/// Where a rectangle is within another, in parts of it.
fn place(rect: Rect, within: Rect) -> String {
    let part = |of: f64, whole: f64| of / whole * 100.0;
    format!(
        "inset-inline-start: {:.3}%; inset-block-start: {:.3}%; inline-size: {:.3}%; block-size: {:.3}%",
        part(rect.x - within.x, within.width),
        part(rect.y - within.y, within.height),
        part(rect.width, within.width),
        part(rect.height, within.height),
    )
}

/// The colour of a gain, in per cent: the stronger the farther it is from nothing.
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
