//! The paper trading section: account, ticket, orders, holdings and leaderboard.

mod figures;
mod leaderboard;
mod notification;
mod orders;
mod ticket;

use super::rpc::{load_paper, load_ticket, see_orders};
use super::{AccountPage, PaperAccount, PaperPage, Season, Ticket};
use crate::shared::Error;
use crate::ui::sparkline::Sparkline;
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::time::date_short;
use crate::ui::{Unseen, query_param, t, t_with};
use figures::{money, part_mark};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub use notification::NOTIFICATION_RENDERER;

/// Path of the section.
const PLACE: &str = "/markets/paper";
/// How often a page with open orders reloads, as prices move. Fills arrive as notifications.
const AGAIN: Duration = Duration::from_secs(5);

/// State shared by the parts of the section; a copy is the same.
#[derive(Clone, Copy)]
struct Shared {
    /// Counts orders that were placed or canceled here.
    changes: RwSignal<usize>,
    /// Counts joins of the season on this page.
    joined: RwSignal<usize>,
}

/// Query parameters of the ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wanted {
    symbol: Option<String>,
    /// Quantity to sell.
    sell: Option<String>,
    /// Open order to edit.
    change: Option<String>,
}

/// The section, for the market pages.
pub fn paper_section() -> AnyView {
    view! { <Paper /> }.into_any()
}

/// Account, ticket and the rest. The ticket has its own resource, so its input stays when prices
/// move.
#[component]
fn Paper() -> impl IntoView {
    let shared = Shared {
        changes: RwSignal::new(0),
        joined: RwSignal::new(0),
    };
    provide_context(shared);
    let query = use_query_map();
    let said = move |name: &'static str| query.with(|query| query_param(query, name));
    let season = Memo::new(move |_| said("season"));
    // What the ticket starts with: a symbol, all shares of a holding, or an order to edit.
    let wanted = Memo::new(move |_| Wanted {
        symbol: said("symbol"),
        sell: said("sell"),
        change: said("change"),
    });
    let ticket = Resource::new_blocking(
        move || (shared.joined.get(), wanted.get()),
        |(_, wanted)| async move {
            let ticket = load_ticket(wanted.change.clone()).await?;
            Ok::<_, Error>((ticket, wanted))
        },
    );
    // A notification that arrives while this page is open may be about an order of the viewer.
    let heard = Unseen::of_context().heard;
    let loaded = Resource::new_blocking(
        move || {
            let counts = (shared.changes.get(), shared.joined.get(), heard.get());
            (counts, season.get())
        },
        |(_, season)| load_paper(season),
    );
    let cancel = orders::cancelling(shared);
    let waits = RwSignal::new(false);
    Effect::new(move || {
        let Some(Ok(page)) = loaded.get() else {
            waits.set(false);
            return;
        };
        waits.set(!page.open.is_empty());
        // The page shows how orders ended.
        if let Some(newest) = page.told
            && !document().hidden()
        {
            spawn_local(async move {
                // If it fails, the next reload does it.
                let _later = see_orders(newest).await;
            });
        }
    });
    Effect::new(move || {
        let again = move || {
            if waits.get_untracked() && !document().hidden() {
                shared.changes.update(|count| *count += 1);
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, AGAIN) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match ticket.await {
                    Ok((ticket, wanted)) => {
                        whole_ticket(ticket, season.get_untracked().as_deref(), wanted)
                    }
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(page) => whole(page, cancel),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// Seasons, introduction, and the ticket or the join button.
fn whole_ticket(ticket: Ticket, season: Option<&str>, wanted: Wanted) -> AnyView {
    let Ticket {
        seasons,
        joined,
        ended,
        change,
    } = ticket;
    let chosen = |one: &Season| match season {
        Some(id) => one.id.is_some_and(|known| known.to_string() == id),
        None => one.running,
    };
    let shown = seasons.iter().find(|one| chosen(one)).cloned();
    let chips = season_chips(&seasons, shown.as_ref());
    let running = shown.as_ref().is_some_and(|one| one.running);
    let ended = (ended && running)
        .then(|| view! { <p class="section-note sample paper-ended">{t("paper-ended")}</p> });
    let entry = match shown {
        Some(shown) if shown.running && joined => ticket::ticket(wanted, change),
        Some(shown) if shown.running => view! { <ticket::Join season=shown /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <p class="section-note">{t("paper-about")}</p>
        {chips}
        {ended}
        {entry}
    }
    .into_any()
}

/// Links to other seasons; nothing if there is only one.
fn season_chips(seasons: &[Season], shown: Option<&Season>) -> AnyView {
    if seasons.len() < 2 {
        return ().into_any();
    }
    let link = |season: &Season| {
        let current = shown.is_some_and(|shown| shown == season).then_some("true");
        let place = match season.id {
            Some(id) if !season.running => format!("{PLACE}?season={id}"),
            _ => PLACE.to_owned(),
        };
        view! {
            <li>
                // Loads a whole page: the ticket above depends on the season too.
                <a class="chip" href=place rel="external" aria-current=current>
                    {season.name.clone()}
                </a>
            </li>
        }
    };
    let links = seasons.iter().map(link).collect_view();
    view! {
        <nav aria-label=t("paper-seasons")>
            <ul class="chips">{links}</ul>
        </nav>
    }
    .into_any()
}

fn whole(page: PaperPage, cancel: orders::Cancel) -> AnyView {
    let PaperPage {
        page,
        open,
        done,
        board,
        values,
        told: _,
    } = page;
    let AccountPage {
        season,
        account,
        holdings,
    } = page;
    let own = account.map(|account| {
        view! {
            {head(&season, &account, values)}
            {orders::open(&open, cancel)}
            {orders::positions(&holdings, season.running)}
            {orders::done(&done)}
        }
    });
    view! {
        {own}
        {leaderboard::leaderboard(board)}
    }
    .into_any()
}

/// Value of the account, and its daily values.
fn head(season: &Season, account: &PaperAccount, values: Vec<f64>) -> AnyView {
    let texts = [
        ("season", season.name.as_str().into()),
        ("date", date_short(season.ends).into()),
    ];
    let name = if season.closed_at.is_some() {
        t_with("paper-account-closed", &texts)
    } else {
        t_with("paper-account", &texts)
    };
    let chart_label = t_with("paper-chart", &[("count", values.len().into())]);
    let free = (account.cash - account.reserved).max(Decimal::ZERO);
    let figure = |key: &'static str, figure: AnyView| {
        view! {
            <div>
                <dt>{name_of(key)}</dt>
                <dd>{figure}</dd>
            </div>
        }
    };
    view! {
        <div class="portfolio-head paper-account">
            <h3 class="portfolio-name">{name}</h3>
            <p class="portfolio-value">{money(account.value)}</p>
            <Sparkline points=values label=chart_label />
            <dl class="ledger-figures portfolio-figures">
                {figure("made", part_mark(account.made))}
                {figure("cash", money(account.cash).into_any())}
                {figure("reserved", money(account.reserved).into_any())}
                {figure("free", money(free).into_any())}
                {figure("trades", account.trades.into_any())}
            </dl>
        </div>
    }
    .into_any()
}

fn name_of(figure: &str) -> String {
    match figure {
        "made" => t("paper-made"),
        "cash" => t("portfolio-cash"),
        "reserved" => t("paper-reserved"),
        "free" => t("paper-free"),
        _ => t("paper-trades"),
    }
}
