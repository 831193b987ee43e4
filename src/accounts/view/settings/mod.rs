//! `/settings`: account settings in sections. Each section is a line in
//! [`sections`].

mod appearance;
mod current_password;
mod data;
mod language;
mod picture;
mod profile;
mod second_factor;
pub(super) mod sections;
mod security;
mod sessions;

use super::card::offer_account;
use super::signed_in::SignedIn;
use crate::accounts::Viewer;
use crate::ui::sections::SectionPages;
use crate::ui::{Icon, IconName, NotFound, t};
use leptos::prelude::*;
use sections::{BASE, of};

/// Renders a section; the pages find the [`Viewer`] in the context.
fn section(slug: &str) -> AnyView {
    match slug {
        "profile" => view! { <profile::ProfilePage /> }.into_any(),
        "appearance" => view! { <appearance::Appearance /> }.into_any(),
        "language" => view! { <language::LanguagePage /> }.into_any(),
        "sessions" => view! { <sessions::Sessions /> }.into_any(),
        "security" => view! { <security::Security /> }.into_any(),
        "data" => view! { <data::Data /> }.into_any(),
        _ => ().into_any(),
    }
}

/// `/settings` and `/settings/:section`.
#[component]
pub fn Settings() -> impl IntoView {
    view! { <SignedIn pages=pages /> }
}

/// Renders the sections that this viewer can see; an unknown section is not found.
fn pages(viewer: Viewer, slug: Memo<Option<String>>) -> AnyView {
    let sections = of(viewer.kind);
    offer_account(viewer.kind);
    let known: Vec<&str> = sections.iter().map(|section| section.slug).collect();
    let found = Memo::new(move |_| {
        slug.with(|slug| slug.as_deref().is_none_or(|slug| known.contains(&slug)))
    });
    let admin = viewer.admin;
    provide_context(viewer);
    let foot = move || {
        admin.then(|| {
            view! {
                <a class="section-link" href="/admin">
                    <Icon name=IconName::Users />
                    <span>{t("admin-title")}</span>
                    <Icon name=IconName::ChevronRight />
                </a>
            }
        })
    };
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("settings-title")
                base=BASE
                sections=sections.clone()
                views=section
                slug=slug
                foot=foot
            />
        </Show>
    }
    .into_any()
}
