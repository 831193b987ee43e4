//! `/markets`: sections of several features. A section needs an entry in [`SECTIONS`] and one in
//! [`section`].

use super::cards::NOTIFICATION_RENDERERS;
use crate::accounts::{Viewer, view::SignedIn};
use crate::alerts::view::AlertsSection;
use crate::markets::view::WatchlistSection;
use crate::paper::view::paper_section;
use crate::predictions::view::predictions_section;
use crate::trending::view::trending_section;
use crate::ui::later::NotLoaded;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{IconName, NotFound, t};
use leptos::{prelude::*, wasm_split::wasm_split};

/// Path of the sections.
const BASE: &str = "/markets";

/// All sections, in the order of the navigation.
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
        slug: "predictions",
        icon: IconName::Check,
        name: "markets-predictions",
    },
    Section {
        slug: "trending",
        icon: IconName::Chat,
        name: "markets-trending",
    },
    Section {
        slug: "paper",
        icon: IconName::Briefcase,
        name: "markets-paper",
    },
];

/// Returns the content of a section.
fn section(slug: &str) -> AnyView {
    match slug {
        "watchlist" => view! { <WatchlistSection /> }.into_any(),
        "alerts" => {
            provide_context(NOTIFICATION_RENDERERS);
            view! { <AlertsSection /> }.into_any()
        }
        "predictions" => predictions_section(),
        "trending" => trending_section(),
        "paper" => paper_section(),
        _ => ().into_any(),
    }
}

/// Split point of these pages.
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
