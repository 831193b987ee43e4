//! `/settings`: what belongs to an account, in sections. A section is a line in [`SECTIONS`].

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

/// Where the sections are.
pub(super) const BASE: &str = "/settings";

/// Every section, in the order of the list.
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

/// What they show; the pages find the [`Viewer`] in the context.
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

/// What guests have no use for: it belongs to an account that stays.
const NOT_FOR_GUESTS: &[&str] = &["security", "data"];

/// `/settings` and `/settings/:section`.
#[component]
pub fn Settings() -> impl IntoView {
    view! { <SignedIn pages=pages /> }
}

/// The sections for an account of this kind.
pub(super) fn of(kind: AccountKind) -> Vec<Section> {
    let guest = kind == AccountKind::Guest;
    SECTIONS
        .iter()
        .filter(|section| !(guest && NOT_FOR_GUESTS.contains(&section.slug)))
        .copied()
        .collect()
}

/// Has the pages be dark or light from now on, on all of the viewer's devices.
pub(super) fn choose_theme(theme: Theme) {
    let mut preferences = Preferences::current();
    preferences.theme = theme;
    preferences.keep();
    let chosen = BTreeMap::from([("theme".to_owned(), theme.as_str().to_owned())]);
    spawn_local(async move {
        // This browser remembers it in any case.
        let _elsewhere = rpc::set_preferences(chosen).await;
    });
}

/// The sections that this viewer may see; an unknown one is not found.
fn pages(viewer: Viewer, slug: Memo<Option<String>>) -> AnyView {
    let sections = of(viewer.kind);
    offer_account(viewer.kind);
    let known: Vec<&str> = sections.iter().map(|section| section.slug).collect();
    let found = Memo::new(move |_| {
        slug.with(|slug| slug.as_deref().is_none_or(|slug| known.contains(&slug)))
    });
    let operator = viewer.operator;
    provide_context(viewer);
    let foot = move || {
        operator.then(|| {
            view! {
                <a class="section-link" href="/operator">
                    <Icon name=IconName::Users />
                    <span>{t("operator-title")}</span>
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
