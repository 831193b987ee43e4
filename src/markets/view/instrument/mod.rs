//! `/instruments/:symbol`: an instrument's price, its chart, what its indicators say.

mod canvas;
mod legend;
#[cfg(any(feature = "hydrate", test))]
mod option;
mod rating;
#[cfg(any(feature = "hydrate", test))]
mod scale;
mod settings;
mod state;
mod study;
mod table;
mod toolbar;

use self::settings::ChartSettings;
use self::state::ChartState;
use crate::accounts::view::to_sign_in;
use crate::markets::rpc::{load_instrument, load_rating};
use crate::markets::{InstrumentPage, Quote, Source, Trade};
use crate::shared::{Error, Kind};
use crate::ui::figures::{figure, percent};
use crate::ui::later::NotLoaded;
use crate::ui::sections::{escape_leads_to, way_back};
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::time::date_short;
use crate::ui::{Broken, FinderButton, Icon, IconName, LiveTitle, NotFound, cookies, t, t_with};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::{use_params_map, use_query_map};
use rust_decimal::RoundingStrategy;
use std::pin::Pin;

/// The cookie with what the reader chose of charts.
const COOKIE: &str = "chart";
/// The list of symbols that the form of comparison offers.
const SUGGESTIONS: &str = "chart-symbols";

/// Where a page learns what the viewer bought and sold of an instrument. Portfolios stand above the
/// markets: `app` fills it.
#[derive(Clone, Copy)]
pub struct TradesOf(pub fn(String) -> Asked);

/// An answer on its way.
pub type Asked = Pin<Box<dyn Future<Output = Result<Vec<Trade>, Error>>>>;

/// The door to this page.
#[wasm_split(instrument, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_instrument_page))]
pub fn instrument() -> Result<AnyView, NotLoaded> {
    Ok(view! { <InstrumentPages /> }.into_any())
}

/// The page of the instrument in the address, for those who are signed in.
#[component]
fn InstrumentPages() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let symbol = Memo::new(move |_| {
        params
            .with(|params| params.get("symbol"))
            .unwrap_or_default()
            .to_ascii_uppercase()
    });
    let loaded = Resource::new_blocking(
        move || symbol.get(),
        |symbol| async move { load_instrument(symbol).await },
    );
    let rated = Resource::new_blocking(
        move || symbol.get(),
        |symbol| async move { load_rating(symbol).await },
    );
    let settings = move || {
        let kept = cookies::read(COOKIE);
        query.with_untracked(|query| ChartSettings::read(kept.as_deref(), |name| query.get(name)))
    };
    let back = way_back();
    escape_leads_to(back.clone());
    view! {
        <LiveTitle text=move || symbol.get() />
        <main class="instrument-page">
            <a class="skip-link" href="#instrument" rel="external">
                {t("skip-to-chart")}
            </a>
            <header class="top-line">
                <a
                    class="button icon-button"
                    href=back
                    aria-label=t("back-to-chat")
                    title=t("back-to-chat")
                >
                    <Icon name=IconName::ChevronLeft />
                </a>
                <h1>{move || symbol.get()}</h1>
                <FinderButton />
            </header>
            <div
                class="section-scroll"
                id="instrument"
                tabindex="0"
                role="group"
                aria-label=move || symbol.get()
            >
                <div class="instrument-body">
                    <Transition fallback=TableSkeleton>
                        {move || Suspend::new(async move {
                            match loaded.await {
                                Ok(page) => whole(symbol.get_untracked(), page, settings()),
                                Err(error) => refused(&error),
                            }
                        })}
                    </Transition>
                    <Transition>
                        {move || Suspend::new(async move {
                            match rated.await {
                                Ok(rated) => rating::rating(&rated),
                                // What is wrong is said above already.
                                Err(_) => ().into_any(),
                            }
                        })}
                    </Transition>
                </div>
            </div>
        </main>
    }
    .into_any()
}

fn refused(error: &Error) -> AnyView {
    match error.kind {
        Kind::Unauthenticated => to_sign_in(),
        Kind::NotFound => view! { <NotFound /> }.into_any(),
        Kind::Unavailable => failure(error),
        _ => view! { <Broken status=error.status() /> }.into_any(),
    }
}

fn whole(symbol: String, page: InstrumentPage, settings: ChartSettings) -> AnyView {
    let state = ChartState::new(symbol.clone(), settings);
    keep(state);
    #[cfg(feature = "hydrate")]
    load::follow(state, symbol.clone());
    view! {
        {head(&page)}
        <toolbar::Toolbar state=state suggestions=SUGGESTIONS />
        <div class="needs-script">
            <legend::Legend state=state />
            <canvas::Canvas state=state symbol=symbol.clone() />
        </div>
        <table::ValueTable state=state recent=page.recent symbol=symbol />
    }
    .into_any()
}

/// Name, price, change, and how old that is.
fn head(page: &InstrumentPage) -> AnyView {
    let quote = &page.quote;
    let name = page.instrument.as_ref().map(|one| one.name.clone());
    let places = quote.price.scale().clamp(2, 6);
    let round = |figure: rust_decimal::Decimal, places: u32| {
        let mut rounded =
            figure.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(places);
        rounded
    };
    let price = figure(&round(quote.price, places).to_string());
    let change = quote
        .change()
        .zip(quote.change_percent())
        .map(|(change, part)| {
            let (class, mark, sign) = match change.cmp(&rust_decimal::Decimal::ZERO) {
                std::cmp::Ordering::Greater => ("quote-change up", "▲", "+"),
                std::cmp::Ordering::Less => ("quote-change down", "▼", "\u{2212}"),
                std::cmp::Ordering::Equal => ("quote-change flat", "●", ""),
            };
            let sum = format!("{sign}{}", round(change.abs(), places));
            let part = format!("{sign}{}", round(part.abs(), 2));
            view! {
                <span class=class>
                    <span class="quote-mark" aria-hidden="true">
                        {mark}
                    </span>
                    {figure(&sum)}
                    " ("
                    {percent(&part)}
                    ")"
                </span>
            }
        });
    view! {
        <div class="instrument-head">
            {name.map(|name| view! { <h2>{name}</h2> })}
            <p class="instrument-price">
                <strong>{price}</strong>
                {quote.currency().map(|code| view! { <span class="quote-currency">{code}</span> })}
                {change}
            </p>
            <p class="section-note" class:sample=quote.source == Source::Sample>
                {age(quote)}
            </p>
        </div>
    }
    .into_any()
}

fn age(quote: &Quote) -> String {
    let key = match quote.source {
        Source::Sample => "quote-source-sample",
        Source::Stooq => "quote-source-stooq",
    };
    let date = date_short(quote.date);
    t_with(key, &[("date", date.into())])
}

/// Keeps what was chosen: in the address, so that it can be handed on, and for the next chart.
fn keep(state: ChartState) {
    Effect::new(move |before: Option<String>| {
        let query = state.settings.with(ChartSettings::query);
        if before.is_some_and(|before| before != query) {
            cookies::write(
                COOKIE,
                &state.settings.with_untracked(ChartSettings::cookie),
            );
            #[cfg(feature = "hydrate")]
            load::show_address(&query);
        }
        query
    });
}

#[cfg(feature = "hydrate")]
mod load;
