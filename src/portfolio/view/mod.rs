//! `/portfolio`: what the viewer holds, in sections. A section is a line in [`SECTIONS`].

mod cards;
mod course;
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
mod transactions;

pub use cards::renderers;

use super::{Overview, Portfolio};
use crate::accounts::{Viewer, view::SignedIn};
use crate::shared::PortfolioId;
use crate::ui::later::NotLoaded;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{IconName, NotFound, cookies, t};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;

/// Where the sections are.
const BASE: &str = "/portfolio";
/// The cookie with the portfolio that was looked at last.
const CHOSEN: &str = "portfolio";

/// Every section, in the order of the list.
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

/// What they show; the pages find [`Shown`] in the context.
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

/// What is looked at, for all sections.
#[derive(Clone, Copy)]
struct Shown {
    /// The portfolio that was chosen; none: the first.
    chosen: Memo<Option<PortfolioId>>,
    /// Counts what was changed here.
    changes: RwSignal<usize>,
    /// What is to be shared: its dialog is open.
    sharing: RwSignal<Option<share::Target>>,
    /// Of these pages as a whole.
    owner: StoredValue<Owner>,
}

impl Shown {
    /// What has to be read again when it changes.
    fn source(self) -> (Option<PortfolioId>, usize) {
        (self.chosen.get(), self.changes.get())
    }

    /// Something was changed: all is read again.
    fn changed(self) {
        self.changes.update(|count| *count += 1);
    }

    /// Something that can still be done when the row that offered it is gone.
    fn lasting(self, act: impl Fn(()) + Send + Sync + 'static) -> Callback<()> {
        let owner = self.owner.get_value();
        owner.with(|| Callback::new(act))
    }
}

/// The door to these pages.
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
    let changes = RwSignal::new(0);
    provide_context(Shown {
        chosen,
        changes,
        sharing: RwSignal::new(None),
        owner: StoredValue::new(Owner::current().unwrap_or_default()),
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

/// The way from one portfolio to the others; nothing where there is only one.
fn switch(overview: &Overview, section: &'static str) -> AnyView {
    if overview.portfolios.len() < 2 {
        return ().into_any();
    }
    let shown = overview.page.as_ref().map(|page| page.portfolio.id);
    let link = |portfolio: &Portfolio| {
        let current = (Some(portfolio.id) == shown).then_some("true");
        view! {
            <li>
                <a
                    class="chip"
                    href=format!("{BASE}/{section}?{CHOSEN}={}", portfolio.id)
                    aria-current=current
                >
                    {portfolio.name.clone()}
                </a>
            </li>
        }
    };
    let links = overview.portfolios.iter().map(link).collect_view();
    view! {
        <nav aria-label=t("portfolio-portfolios")>
            <ul class="chips">{links}</ul>
        </nav>
    }
    .into_any()
}
