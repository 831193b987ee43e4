//! The trending section: trending symbols, and one of them day by day.

mod chart;
mod figures;

use super::rpc::load_trending;
use super::rules::{SPAN, SPANS};
use super::{Place, Ranked, Trending, TrendingPage};
use crate::markets::view::symbol_link;
use crate::ui::change::change;
use crate::ui::form::options;
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable, address, figure, pager, query_param, t, t_with};
use chart::chart;
use figures::{moved, priced};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// Path of the section.
const PLACE: &str = "/markets/trending";
/// Example of a cashtag.
const EXAMPLE: &str = "$AAPL";

/// Query parameters.
#[derive(Clone, Debug, Default, PartialEq)]
struct Wanted {
    days: Option<String>,
    channel: Option<String>,
    symbol: Option<String>,
    skip: Option<String>,
}

impl Wanted {
    fn of(query: &ParamsMap) -> Self {
        Self {
            days: query_param(query, "days"),
            channel: query_param(query, "channel"),
            symbol: query_param(query, "symbol"),
            skip: query_param(query, "skip"),
        }
    }

    /// Path with these query parameters.
    fn address(&self) -> String {
        let wanted = [
            ("days", self.days.as_deref()),
            ("channel", self.channel.as_deref()),
            ("symbol", self.symbol.as_deref()),
            ("skip", self.skip.as_deref()),
        ];
        address(PLACE, &wanted)
    }
}

/// The section of the market pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_trending_section))]
pub fn trending_section() -> Result<AnyView, NotLoaded> {
    Ok(view! { <TrendingSection /> }.into_any())
}

/// Form, selected symbol and list.
#[component]
fn TrendingSection() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let loaded = Resource::new_blocking(
        move || wanted.get(),
        |wanted| async move {
            let Wanted {
                days,
                channel,
                symbol,
                skip,
            } = wanted;
            load_trending(days, channel, skip, symbol).await
        },
    );
    view! {
        {when_loaded(loaded, move |page| whole(page, &wanted.get_untracked()))}
    }
    .into_any()
}

fn whole(page: TrendingPage, wanted: &Wanted) -> AnyView {
    let TrendingPage {
        trending,
        chosen,
        places,
    } = page;
    let days = [
        ("from", date_short(trending.from).into()),
        ("to", date_short(trending.to).into()),
    ];
    view! {
        <p class="section-note">{t_with("trending-about", &[("example", EXAMPLE.into())])}</p>
        {choice(places, wanted)}
        {chosen.map(chart)}
        <div class="setting">
            <h3>{t_with("trending-list", &days)}</h3>
            {list(trending, wanted)}
        </div>
    }
    .into_any()
}

/// Form for days and channel; works without JavaScript.
fn choice(places: Vec<Place>, wanted: &Wanted) -> AnyView {
    let span = wanted.days.as_deref().and_then(|days| days.parse().ok());
    let span = span.unwrap_or(SPAN);
    let spans = SPANS.map(|days| {
        let name = t_with("trending-days", &[("days", i64::from(days).into())]);
        (days.to_string(), name, days == span)
    });
    let chosen = wanted.channel.clone().unwrap_or_default();
    let places = places.into_iter().map(|place| {
        let id = place.id.to_string();
        let current = id == chosen;
        (id, format!("#{}", place.name), current)
    });
    let symbol = wanted.symbol.clone();
    let symbol = symbol.map(|symbol| view! { <input type="hidden" name="symbol" value=symbol /> });
    view! {
        <form class="search-form trending-choice" method="get" action=PLACE>
            {symbol}
            <select class="input" name="days" aria-label=t("trending-span")>
                {options(spans)}
            </select>
            <select class="input" name="channel" aria-label=t("trending-channel")>
                <option value="">{t("trending-all-channels")}</option>
                {options(places)}
            </select>
            <button type="submit" class="button quiet">
                {t("trending-show")}
            </button>
        </form>
    }
    .into_any()
}

fn list(trending: Trending, wanted: &Wanted) -> AnyView {
    if trending.instruments.is_empty() {
        return view! {
            <p class="section-note">{t_with("trending-empty", &[("example", EXAMPLE.into())])}</p>
            <a class="button primary trending-go" href="/">
                {t("trending-empty-go")}
            </a>
        }
        .into_any();
    }
    let next = trending.next.map(|skip| {
        let rest = Wanted {
            skip: Some(skip.to_string()),
            ..wanted.clone()
        };
        rest.address()
    });
    let unpriced = trending
        .instruments
        .iter()
        .all(|one| one.price_change.is_none());
    let unpriced =
        unpriced.then(|| view! { <p class="section-note">{t("trending-no-prices")}</p> });
    let row = |one: Ranked| Row {
        chosen: wanted.symbol.as_deref() == Some(&*one.symbol),
        address: Wanted {
            symbol: Some(one.symbol.clone()),
            ..wanted.clone()
        }
        .address(),
        one,
    };
    let columns = vec![
        Column::text("label-symbol", |row: &Row| {
            let name = row.one.name.clone();
            let current = row.chosen.then_some("true");
            symbol_link(row.address.clone(), &row.one.symbol, name)
                .add_any_attr(leptos::attr::aria_current(current))
        })
        .heads_row(),
        Column::number("trending-people", |row: &Row| {
            figure(&row.one.now.people.to_string())
        }),
        Column::number("trending-change", |row: &Row| {
            change(moved(row.one.now.people, row.one.before.people), None, None)
        }),
        Column::number("trending-mentions", |row: &Row| {
            figure(&row.one.now.mentions.to_string())
        }),
        Column::number("trending-price", |row: &Row| priced(row.one.price_change)).leads(),
    ];
    let rows = trending.instruments.into_iter().map(row).collect();
    view! {
        {DataTable::new(t("trending-table"), columns, rows)
            .class("trending-table")
            .row_class(|row| if row.chosen { "chosen" } else { "" })
            .draw()}
        {unpriced}
        {pager(next, t("trending-more"))}
    }
    .into_any()
}

/// A row of the list.
struct Row {
    one: Ranked,
    /// Where its days are shown.
    address: String,
    /// Its days are shown.
    chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_what_is_wanted() {
        assert_eq!(Wanted::default().address(), "/markets/trending");
        let wanted = Wanted {
            days: Some("7".into()),
            symbol: Some("^SPX".into()),
            ..Wanted::default()
        };
        assert_eq!(wanted.address(), "/markets/trending?days=7&symbol=%5ESPX");
    }
}
