//! The section of paper trading: what the viewer has, the ticket, orders, positions, the standing.

mod figures;
mod orders;
mod standing;
mod ticket;
mod told;

use super::rpc::{load_paper, load_ticket, see_orders};
use super::{AccountPage, PaperAccount, PaperPage, Season, Ticket};
use crate::shared::Error;
use crate::ui::sparkline::Sparkline;
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::time::date_short;
use crate::ui::{Unseen, said, t, t_with};
use figures::{money, part_mark};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub use told::TELLER;

/// Where the section is.
const PLACE: &str = "/markets/paper";
/// How often a page with open orders looks again, as prices move; that one is filled it is told.
const AGAIN: Duration = Duration::from_secs(5);

/// What the parts of the section share; a copy is the same.
#[derive(Clone, Copy)]
struct Shared {
    /// Counts orders that were placed and taken back here.
    changes: RwSignal<usize>,
    /// Counts what changes who takes part.
    joined: RwSignal<usize>,
}

/// What the address says of the ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wanted {
    /// An instrument.
    symbol: Option<String>,
    /// So many units of it are to be sold.
    sell: Option<String>,
    /// An open order is to be changed.
    change: Option<String>,
}

/// The section, for the pages of the markets.
pub fn paper_section() -> AnyView {
    view! { <Paper /> }.into_any()
}

/// The account, the ticket, and all else. The ticket hangs on a resource of its own: what somebody
/// writes into it stays when prices move.
#[component]
fn Paper() -> impl IntoView {
    let shared = Shared {
        changes: RwSignal::new(0),
        joined: RwSignal::new(0),
    };
    provide_context(shared);
    let query = use_query_map();
    let said = move |name: &'static str| query.with(|query| said(query, name));
    let season = Memo::new(move |_| said("season"));
    // What the ticket begins with: an instrument, all that is held of it, or an order to change.
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
    // What is told on every page while this one is open may be of an order of its viewer's.
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
        // What became of orders stands here.
        if let Some(told) = page.told
            && !document().hidden()
        {
            spawn_local(async move {
                // The next look does it otherwise.
                let _later = see_orders(told).await;
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

/// The seasons, what this is, and the ticket or the way in.
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

/// The way to other seasons; nothing where there is only one.
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
                // A page of its own: what is shown above hangs on the season too.
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
        course,
        told: _,
    } = page;
    let AccountPage {
        season,
        account,
        holdings,
    } = page;
    let own = account.map(|account| {
        view! {
            {head(&season, &account, course)}
            {orders::open(&open, cancel)}
            {orders::positions(&holdings, season.running)}
            {orders::done(&done)}
        }
    });
    view! {
        {own}
        {standing::standing(board)}
    }
    .into_any()
}

/// What the account comes to, and what it came to from day to day.
fn head(season: &Season, account: &PaperAccount, course: Vec<f64>) -> AnyView {
    let values = [
        ("season", season.name.as_str().into()),
        ("date", date_short(season.ends).into()),
    ];
    let name = if season.closed_at.is_some() {
        t_with("paper-account-closed", &values)
    } else {
        t_with("paper-account", &values)
    };
    let course_of = t_with("paper-course", &[("count", course.len().into())]);
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
            <Sparkline points=course label=course_of />
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
