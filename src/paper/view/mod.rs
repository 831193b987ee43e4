//! The paper trading section: account, ticket, orders, holdings and leaderboard.

mod figures;
mod leaderboard;
mod notification;
mod orders;
mod place;
mod ticket;

use super::rpc::{load_paper, load_ticket};
use super::{AccountPage, Ended, PaperAccount, PaperPage, Season, Ticket};
use crate::notifications::view::{Unseen, see_when_shown};
use crate::shared::Error;
use crate::ui::facts::fact;
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::sparkline::Sparkline;
use crate::ui::time::date_short;
use crate::ui::{Changes, Chip, chips, query_param, t, t_with};
use figures::{money, part_mark};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use place::{PLACE, Wanted};
use rust_decimal::Decimal;
use std::time::Duration;
use ticket::Joined;

pub use notification::{load_notification_text, notification_text};

/// How often a page with open orders reloads, as prices move. Fills arrive as notifications.
const AGAIN: Duration = Duration::from_secs(5);

/// The section of the market pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_paper_section))]
pub fn paper_section() -> Result<AnyView, NotLoaded> {
    Ok(view! { <Paper /> }.into_any())
}

/// Account, ticket and the rest. The ticket has its own resource, so its input stays when prices
/// move.
#[component]
fn Paper() -> impl IntoView {
    let (changes, joined) = (Changes::provide(), Joined(RwSignal::new(0)));
    provide_context(joined);
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
        move || (joined.0.get(), wanted.get()),
        |(_, wanted)| async move {
            let ticket = load_ticket(wanted.change.clone()).await?;
            Ok::<_, Error>((ticket, wanted))
        },
    );
    // A notification that arrives while this page is open may be about an order of the viewer.
    let heard = Unseen::of_context().heard;
    let loaded = Resource::new_blocking(
        move || {
            let counts = (changes.count(), joined.0.get(), heard.get());
            (counts, season.get())
        },
        |(_, season)| load_paper(season),
    );
    let cancel = orders::cancelling(changes);
    let waits = RwSignal::new(false);
    Effect::new(move || {
        let Some(Ok(page)) = loaded.get() else {
            waits.set(false);
            return;
        };
        waits.set(!page.open.is_empty());
    });
    // The page shows how orders ended.
    see_when_shown(Ended::KIND, move || loaded.get()?.ok()?.told);
    Effect::new(move || {
        let again = move || {
            if waits.get_untracked() && !document().hidden() {
                changes.made();
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, AGAIN) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        {when_loaded(ticket, move |(ticket, wanted)| {
            whole_ticket(ticket, season.get_untracked().as_deref(), wanted)
        })}
        {when_loaded(loaded, move |page| whole(page, cancel))}
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
    let chip = |season: &Season| Chip {
        name: season.name.clone(),
        address: match season.id {
            Some(id) if !season.running => format!("{PLACE}?season={id}"),
            _ => PLACE.to_owned(),
        },
        current: shown == Some(season),
    };
    // Loads a whole page: the ticket above depends on the season too.
    let seasons = seasons.iter().map(chip).collect();
    chips(t("paper-seasons"), Some("external"), seasons)
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
            {orders::open(open, cancel)}
            {orders::positions(holdings, season.running)}
            {orders::done(done)}
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
    view! {
        <div class="summary paper-account">
            <h3 class="summary-name">{name}</h3>
            <p class="summary-value">{money(account.value)}</p>
            <Sparkline points=values label=chart_label />
            <dl class="key-figures">
                {fact(t("paper-made"), part_mark(account.made))}
                {fact(t("label-cash"), money(account.cash))}
                {fact(t("paper-reserved"), money(account.reserved))}
                {fact(t("paper-free"), money(free))}
                {fact(t("paper-trades"), account.trades)}
            </dl>
        </div>
    }
    .into_any()
}
