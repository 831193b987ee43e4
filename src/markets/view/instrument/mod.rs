//! `/instruments/:symbol`: an instrument's price, chart and technical rating.

mod about;
mod canvas;
mod drawings;
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

pub use self::state::TradesOf;

use self::settings::ChartSettings;
use self::state::{ChartState, Tool};
use crate::accounts::view::to_sign_in;
use crate::markets::rpc::{load_about, load_instrument, load_rating};
use crate::markets::view::{age, in_address, price, shown};
use crate::markets::{Freshness, InstrumentPage, Quote};
use crate::shared::{Error, Kind};
use crate::ui::change::change as change_of;
use crate::ui::later::NotLoaded;
use crate::ui::loaded::{awaited, failure, when_loaded_or};
use crate::ui::money::currency;
use crate::ui::preferences::{Preferences, Theme};
use crate::ui::sections::{escape_leads_to_unless, way_back};
use crate::ui::time::Zone;
use crate::ui::{
    Broken, FinderButton, Icon, IconName, LiveTitle, NotFound, cookies, query_param, t, t_with,
};
use leptos::{ev, prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::{use_params_map, use_query_map};

/// Cookie with the reader's chart settings.
const COOKIE: &str = "chart";
/// Id of the list of symbols that the comparison form suggests.
const SUGGESTIONS: &str = "chart-symbols";

/// Entry point of the page.
#[wasm_split(instrument, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_instrument_page))]
pub fn instrument() -> Result<AnyView, NotLoaded> {
    Ok(view! { <InstrumentPages /> }.into_any())
}

/// Page of the instrument in the address, for signed-in viewers.
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
    // Data sources may be slow: only a page whose address asks for it, as without scripts, waits
    // for them.
    let wanted = Memo::new(move |_| {
        let section = query.with(|query| query_param(query, about::SECTION));
        section.is_some_and(|section| section == about::ABOUT)
    });
    let told = Resource::new_blocking(
        move || wanted.get().then(|| symbol.get()),
        |symbol| async move {
            match symbol {
                Some(symbol) => Some(load_about(symbol).await),
                None => None,
            }
        },
    );
    let settings = move || {
        let kept = cookies::read(COOKIE);
        query.with_untracked(|query| ChartSettings::read(kept.as_deref(), |name| query.get(name)))
    };
    let back = way_back();
    let tool = RwSignal::new(None::<Tool>);
    escape_leads_to_unless(back.clone(), move || {
        if tool.get_untracked().is_some() {
            tool.set(None);
            return true;
        }
        #[cfg(feature = "hydrate")]
        return crate::ui::menu::close_open();
        #[cfg(not(feature = "hydrate"))]
        false
    });
    #[cfg(feature = "hydrate")]
    provide_context(load::Ahead::begin(symbol));
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
                    {when_loaded_or(
                        loaded,
                        move |page| whole(symbol.get_untracked(), page, settings(), tool),
                        refused,
                    )}
                    // The error is already shown above.
                    {awaited(rated, |rated| rated.ok().map(|rated| rating::rating(&rated)))}
                    <Transition>
                        {move || Suspend::new(async move {
                            let (there, told) = (loaded.await.is_ok(), told.await);
                            let symbol = symbol.get_untracked();
                            there.then(|| view! { <about::AboutPart symbol told /> })
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

fn whole(
    symbol: String,
    page: InstrumentPage,
    settings: ChartSettings,
    tool: RwSignal<Option<Tool>>,
) -> AnyView {
    tool.set(None);
    let state = ChartState::new(symbol.clone(), settings, tool);
    remember(state);
    let quote = RwSignal::new(page.quote.clone());
    #[cfg(feature = "hydrate")]
    {
        load::follow(state, symbol.clone());
        load::watch(state, quote, symbol.clone());
    }
    view! {
        {head(&page, quote)}
        <div
            class="chart-part"
            on:keydown:capture=move |event| end_tool(state, &event)
            on:keydown=move |event| undo(state, &event)
        >
            <toolbar::Toolbar state=state suggestions=SUGGESTIONS />
            {image(&symbol)}
            <div class="needs-script">
                <legend::Legend state=state />
                <canvas::Canvas state=state symbol=symbol.clone() />
            </div>
        </div>
        <table::ValueTable state=state recent=page.recent symbol=symbol />
    }
    .into_any()
}

/// Escape ends a drawing before anything else, such as an open menu, handles it.
fn end_tool(state: ChartState, event: &ev::KeyboardEvent) {
    if event.key() == "Escape" && state.tool.get_untracked().is_some() {
        event.prevent_default();
        event.stop_propagation();
        state.tool.set(None);
    }
}

/// Ctrl+Z restores the last deleted drawing.
fn undo(_state: ChartState, event: &ev::KeyboardEvent) {
    let held = (event.ctrl_key() || event.meta_key()) && !event.shift_key();
    let asked = held && event.key().eq_ignore_ascii_case("z");
    #[cfg(feature = "hydrate")]
    if asked && !is_field(event) {
        event.prevent_default();
        _state.drawings.undo();
    }
    #[cfg(not(feature = "hydrate"))]
    let _heard_in_the_browser = asked;
}

/// true for text fields, where Ctrl+Z undoes typing.
#[cfg(feature = "hydrate")]
fn is_field(event: &ev::KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = event.target();
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.matches("input, textarea").is_ok_and(|yes| yes))
}

/// Image of the last year, for browsers without scripts.
fn image(symbol: &str) -> AnyView {
    let theme = match Preferences::current().theme {
        Theme::Light => "light",
        Theme::Dark | Theme::System => "dark",
    };
    let symbol_in_path = in_address(symbol);
    view! {
        <img
            class="chart-image only-without-scripts"
            src=format!("/api/stocks/{symbol_in_path}/chart.svg?period=252&theme={theme}")
            alt=t_with("chart-label", &[("symbol", symbol.into())])
            width="900"
            height="450"
            loading="lazy"
        />
    }
    .into_any()
}

/// Name, price, change, and the age of the price.
fn head(page: &InstrumentPage, quote: RwSignal<Quote>) -> AnyView {
    let name = page.instrument.as_ref().map(|one| one.name.clone());
    let zone = Zone::of_context();
    let old = move || {
        let freshness = quote.with(|quote| quote.source.freshness());
        matches!(freshness, Freshness::Sample | Freshness::Replay)
    };
    let change = move || {
        quote.with(|quote| {
            let change = quote.change()?;
            Some(change_of(shown(change), None, quote.change_percent()))
        })
    };
    let paper = page.quote.symbol.replace('^', "%5E").replace('=', "%3D");
    view! {
        <div class="instrument-head">
            {name.map(|name| view! { <h2>{name}</h2> })}
            <p class="instrument-price">
                <strong>{move || price(quote.with(|quote| quote.price))}</strong>
                {page.quote.currency().map(currency)}
                {change}
            </p>
            <p class="section-note" class:sample=old>
                {move || quote.with(|quote| age(quote, zone))}
            </p>
            <a href=format!("/markets/paper?symbol={paper}")>{t("instrument-paper")}</a>
        </div>
    }
    .into_any()
}

/// Stores the settings: in the address, which can be shared, and for the next chart.
fn remember(state: ChartState) {
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
