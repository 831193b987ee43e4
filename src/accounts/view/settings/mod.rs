//! `/settings`: account settings in sections. Each section is a line in [`SECTIONS`].

mod appearance;
mod data;
mod language;
mod picture;
mod profile;
mod second_factor;
mod security;
mod sessions;

use super::SignedIn;
use super::card::offer_account;
use crate::accounts::{AccountKind, Viewer, rpc};
use crate::ui::preferences::{Preferences, Theme};
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{Icon, IconName, NotFound, t};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeMap;

/// Path of the settings.
pub(super) const BASE: &str = "/settings";

/// All sections, in the order of the list.
const SECTIONS: &[Section] = &[
    Section {
        slug: "profile",
        icon: IconName::User,
        name: "settings-profile",
    },
    Section {
        slug: "appearance",
        icon: IconName::Palette,
        name: "settings-appearance",
    },
    Section {
        slug: "language",
        icon: IconName::Globe,
        name: "settings-language",
    },
    Section {
        slug: "sessions",
        icon: IconName::Monitor,
        name: "settings-sessions",
    },
    Section {
        slug: "security",
        icon: IconName::Shield,
        name: "settings-security",
    },
    Section {
        slug: "data",
        icon: IconName::Download,
        name: "settings-data",
    },
];

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

/// Sections that guests do not see: they need a permanent account.
const NOT_FOR_GUESTS: &[&str] = &["security", "data"];

/// `/settings` and `/settings/:section`.
#[component]
pub fn Settings() -> impl IntoView {
    view! { <SignedIn pages=pages /> }
}

/// Returns the sections for an account of this kind.
pub(super) fn of(kind: AccountKind) -> Vec<Section> {
    let guest = kind == AccountKind::Guest;
    SECTIONS
        .iter()
        .filter(|section| !(guest && NOT_FOR_GUESTS.contains(&section.slug)))
        .copied()
        .collect()
}

/// Sets the theme, on all of the viewer's devices.
pub(super) fn choose_theme(theme: Theme) {
    let mut preferences = Preferences::current();
    preferences.theme = theme;
    preferences.save();
    let chosen = BTreeMap::from([("theme".to_owned(), theme.as_str().to_owned())]);
    spawn_local(async move {
        // This browser has stored it already, so an error is ignored.
        let _elsewhere = rpc::set_preferences(chosen).await;
    });
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
