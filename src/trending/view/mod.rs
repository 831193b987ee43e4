//! The trending section: trending symbols, and one of them day by day.

mod chart;

use super::rpc::load_trending;
use super::rules::{SPAN, SPANS};
use super::{Place, Ranked, Trending, TrendingPage};
use crate::markets::view::change_mark;
use crate::ui::change::change;
use crate::ui::table::{when_loaded, wide};
use crate::ui::time::date_short;
use crate::ui::{address, figure, query_param, t, t_with};
use chart::chart;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use rust_decimal::Decimal;

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

/// The section, for the market pages.
pub fn trending_section() -> AnyView {
    view! { <TrendingSection /> }.into_any()
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
        view! {
            <option value=days.to_string() selected=days == span>
                {t_with("trending-days", &[("days", i64::from(days).into())])}
            </option>
        }
    });
    let places = places.into_iter().map(|place| {
        let id = place.id.to_string();
        let chosen = wanted.channel.as_deref() == Some(&*id);
        view! {
            <option value=id selected=chosen>
                {format!("#{}", place.name)}
            </option>
        }
    });
    let symbol = wanted.symbol.clone();
    let symbol = symbol.map(|symbol| view! { <input type="hidden" name="symbol" value=symbol /> });
    view! {
        <form class="ledger-search trending-choice" method="get" action=PLACE>
            {symbol}
            <select class="input" name="days" aria-label=t("trending-span")>
                {spans.collect_view()}
            </select>
            <select class="input" name="channel" aria-label=t("trending-channel")>
                <option value="">{t("trending-all-channels")}</option>
                {places.collect_view()}
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
        view! {
            <a class="button quiet" href=rest.address()>
                {t("trending-more")}
            </a>
        }
    });
    let unpriced = trending
        .instruments
        .iter()
        .all(|one| one.price_change.is_none());
    let unpriced =
        unpriced.then(|| view! { <p class="section-note">{t("trending-no-prices")}</p> });
    let rows = trending.instruments.into_iter().map(|one| row(one, wanted));
    let table = view! {
        <table class="figure-table trending-table">
            <thead>
                <tr>
                    <th scope="col">{t("watchlist-instrument")}</th>
                    <th scope="col" class="number">{t("trending-people")}</th>
                    <th scope="col" class="number">{t("trending-change")}</th>
                    <th scope="col" class="number">{t("trending-mentions")}</th>
                    <th scope="col" class="number">{t("trending-price")}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        {wide(t("trending-table"), table)}
        {unpriced}
        {next}
    }
    .into_any()
}

fn row(one: Ranked, wanted: &Wanted) -> AnyView {
    let chosen = wanted.symbol.as_deref() == Some(&*one.symbol);
    let there = Wanted {
        symbol: Some(one.symbol.clone()),
        ..wanted.clone()
    };
    view! {
        <tr class:chosen=chosen>
            <th scope="row">
                <a
                    class="instrument"
                    href=there.address()
                    aria-current=chosen.then_some("true")
                >
                    <span class="quote-symbol">{one.symbol.clone()}</span>
                    <span class="ledger-quiet">{one.name}</span>
                </a>
            </th>
            <td class="number">{figure(&one.now.people.to_string())}</td>
            <td class="number">{change(moved(one.now.people, one.before.people), None, None)}</td>
            <td class="number">{figure(&one.now.mentions.to_string())}</td>
            <td class="number">{priced(one.price_change)}</td>
        </tr>
    }
    .into_any()
}

/// The change of a price, or a dash.
fn priced(change: Option<Decimal>) -> AnyView {
    match change {
        Some(change) => change_mark(change),
        None => "\u{2013}".into_any(),
    }
}

/// Difference to the days before.
fn moved(now: u64, before: u64) -> Decimal {
    Decimal::from(now) - Decimal::from(before)
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

    #[test]
    fn fewer_are_below_zero() {
        assert_eq!(moved(1, 3), Decimal::from(-2));
        assert_eq!(moved(3, 0), Decimal::from(3));
    }
}
