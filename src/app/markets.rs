//! `/markets`: what features have to say about the markets, in sections. A section is a line in
//! [`SECTIONS`] and one in [`section`].

use super::cards::TELLERS;
use crate::accounts::{Viewer, view::SignedIn};
use crate::alerts::view::AlertsSection;
use crate::calls::view::calls_section;
use crate::markets::view::WatchlistSection;
use crate::paper::view::paper_section;
use crate::pulse::view::pulse_section;
use crate::ui::later::NotLoaded;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{IconName, NotFound, t};
use leptos::{prelude::*, wasm_split::wasm_split};

/// Where the sections are.
const BASE: &str = "/markets";

/// Every section, in the order of the list.
const SECTIONS: &[Section] = &[
    Section {
        slug: "watchlist",
        icon: IconName::Chart,
        name: "markets-watchlist",
    },
    Section {
        slug: "alerts",
        icon: IconName::Inbox,
        name: "markets-alerts",
    },
    Section {
        slug: "calls",
        icon: IconName::Check,
        name: "markets-calls",
    },
    Section {
        slug: "pulse",
        icon: IconName::Chat,
        name: "markets-pulse",
    },
    Section {
        slug: "paper",
        icon: IconName::Briefcase,
        name: "markets-paper",
    },
];

/// What they show.
fn section(slug: &str) -> AnyView {
    match slug {
        "watchlist" => view! { <WatchlistSection /> }.into_any(),
        "alerts" => {
            provide_context(TELLERS);
            view! { <AlertsSection /> }.into_any()
        }
        "calls" => calls_section(),
        "pulse" => pulse_section(),
        "paper" => paper_section(),
        _ => ().into_any(),
    }
}

/// The door to these pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_markets))]
pub fn markets() -> Result<AnyView, NotLoaded> {
    Ok(view! { <SignedIn pages=pages /> }.into_any())
}

fn pages(_viewer: Viewer, slug: Memo<Option<String>>) -> AnyView {
    let known = |slug: &str| SECTIONS.iter().any(|section| section.slug == slug);
    let found = Memo::new(move |_| slug.with(|slug| slug.as_deref().is_none_or(known)));
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("markets-title")
                base=BASE
                sections=SECTIONS.to_vec()
                views=section
                slug=slug
            />
        </Show>
    }
    .into_any()
}
