//! `/markets`: sections of several features.

use crate::accounts::{Viewer, view::SignedIn};
use crate::feature::MarketSection;
use crate::features::FEATURES;
use crate::ui::later::{NotLoaded, load_each};
use crate::ui::sections::SectionPages;
use crate::ui::{NotFound, t};
use futures_util::FutureExt;
use leptos::{prelude::*, wasm_split::wasm_split};

/// Path of the sections.
const BASE: &str = "/markets";

/// All sections, in the order of the navigation.
fn sections() -> impl Iterator<Item = &'static MarketSection> {
    FEATURES.iter().flat_map(|feature| feature.sections)
}

/// Returns the content of a section; `load` has loaded it.
fn section(slug: &str) -> AnyView {
    sections()
        .find(|one| one.section.slug == slug)
        .and_then(|one| (one.draw)().now_or_never()?.ok())
        .unwrap_or_else(|| ().into_any())
}

/// Loads these pages and all sections: each split function has to be loaded by itself before it
/// completes at once, even if its part is there.
///
/// # Errors
/// They cannot be loaded.
pub async fn load() -> Result<(), NotLoaded> {
    load_markets().await?;
    load_each(sections().map(|section| section.load)).await
}

/// The pages, once they are loaded.
pub async fn markets() -> Result<AnyView, NotLoaded> {
    load().await?;
    drawn().await
}

/// Split point of these pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_markets))]
fn drawn() -> Result<AnyView, NotLoaded> {
    Ok(view! { <SignedIn pages=pages /> }.into_any())
}

fn pages(_viewer: Viewer, slug: Memo<Option<String>>) -> AnyView {
    let known = |slug: &str| sections().any(|one| one.section.slug == slug);
    let found = Memo::new(move |_| slug.with(|slug| slug.as_deref().is_none_or(known)));
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("markets-title")
                base=BASE
                sections=sections().map(|one| one.section).collect()
                views=section
                slug=slug
            />
        </Show>
    }
    .into_any()
}
