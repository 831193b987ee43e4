//! `/portfolio`: the viewer's portfolios, in sections. Each section is an entry of [`SECTIONS`].

mod cards;
mod dividends;
mod entry;
mod holdings;
mod import;
mod lots;
mod manage;
mod map;
mod money;
mod performance;
mod sectors;
mod share;
mod shown;
mod transactions;
mod value_chart;

pub use cards::{draw_card, load_portfolio_cards};

use crate::accounts::{Viewer, view::SignedIn};
use crate::shared::PortfolioId;
use crate::ui::later::NotLoaded;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{Changes, IconName, NotFound, cookies, t};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use shown::{BASE, CHOSEN, Shown};

/// All sections, in the order of the navigation.
const SECTIONS: &[Section] = &[
    Section {
        slug: "holdings",
        icon: IconName::Briefcase,
        name: "portfolio-holdings",
    },
    Section {
        slug: "performance",
        icon: IconName::Chart,
        name: "portfolio-performance",
    },
    Section {
        slug: "transactions",
        icon: IconName::Menu,
        name: "portfolio-transactions",
    },
    Section {
        slug: "dividends",
        icon: IconName::Coins,
        name: "portfolio-dividends",
    },
    Section {
        slug: "import",
        icon: IconName::Download,
        name: "portfolio-import",
    },
    Section {
        slug: "portfolios",
        icon: IconName::Inbox,
        name: "portfolio-portfolios",
    },
];

/// Renders a section; its pages find [`Shown`] in the context.
fn section(slug: &str) -> AnyView {
    match slug {
        "holdings" => view! { <holdings::Holdings /> }.into_any(),
        "performance" => view! { <performance::PerformancePage /> }.into_any(),
        "transactions" => view! { <transactions::Transactions /> }.into_any(),
        "dividends" => view! { <dividends::DividendsPage /> }.into_any(),
        "import" => view! { <import::ImportPage /> }.into_any(),
        "portfolios" => view! { <manage::Portfolios /> }.into_any(),
        _ => ().into_any(),
    }
}

/// Entry point of these pages, in a module that is loaded on demand.
#[wasm_split(portfolio, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_portfolio))]
pub fn portfolio() -> Result<AnyView, NotLoaded> {
    Ok(view! { <SignedIn pages=pages /> }.into_any())
}

fn pages(_viewer: Viewer, slug: Memo<Option<String>>) -> AnyView {
    let known = |slug: &str| SECTIONS.iter().any(|section| section.slug == slug);
    let found = Memo::new(move |_| slug.with(|slug| slug.as_deref().is_none_or(known)));
    let query = use_query_map();
    let chosen = Memo::new(move |_| {
        let asked = query.with(|query| query.get(CHOSEN));
        let id = asked.or_else(|| cookies::read(CHOSEN));
        id.and_then(|id| id.parse::<PortfolioId>().ok())
    });
    Effect::new(move || {
        if let Some(id) = query.with(|query| query.get(CHOSEN)) {
            cookies::write(CHOSEN, &id);
        }
    });
    provide_context(Shown {
        chosen,
        changes: Changes::provide(),
        sharing: RwSignal::new(None),
    });
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("portfolio-title")
                base=BASE
                sections=SECTIONS.to_vec()
                views=section
                slug=slug
            />
            <share::ShareDialog />
        </Show>
    }
    .into_any()
}
