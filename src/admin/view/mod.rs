//! `/admin`: the admin pages, in sections. Other accounts get a 404.

mod accounts;
mod audit_log;
mod health;
mod settings;

use crate::accounts::rpc;
use crate::ui::later::NotLoaded;
use crate::ui::loaded::awaited;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{Broken, IconName, NotFound, t};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_params_map;

/// All sections, in the order of the list.
const SECTIONS: &[Section] = &[
    Section {
        slug: "accounts",
        icon: IconName::Users,
        name: "admin-accounts",
    },
    Section {
        slug: "settings",
        icon: IconName::Menu,
        name: "admin-settings",
    },
    Section {
        slug: "health",
        icon: IconName::Chart,
        name: "admin-health",
    },
    Section {
        slug: "audit-log",
        icon: IconName::Inbox,
        name: "admin-audit-log",
    },
];

/// Content of a section.
fn section(slug: &str) -> AnyView {
    match slug {
        "accounts" => view! { <accounts::Accounts /> }.into_any(),
        "settings" => view! { <settings::InstanceSettings /> }.into_any(),
        "health" => view! { <health::HealthPage /> }.into_any(),
        "audit-log" => view! { <audit_log::AuditLog /> }.into_any(),
        _ => ().into_any(),
    }
}

/// Split point of the admin pages.
#[wasm_split(admin, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_admin))]
pub fn admin() -> Result<AnyView, NotLoaded> {
    Ok(view! { <Admin /> }.into_any())
}

/// `/admin` and `/admin/:section`.
#[component]
fn Admin() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("section")));
    let viewer = Resource::new_blocking(|| (), |()| rpc::me());
    view! {
        {awaited(viewer, move |viewer| match viewer {
            Ok(Some(viewer)) if viewer.admin => pages(slug),
            Err(error) if error.status() >= 500 => {
                view! { <Broken status=error.status() /> }.into_any()
            }
            _ => view! { <NotFound /> }.into_any(),
        })}
    }
    .into_any()
}

fn pages(slug: Memo<Option<String>>) -> AnyView {
    let known = |slug: &str| SECTIONS.iter().any(|section| section.slug == slug);
    let found = Memo::new(move |_| slug.with(|slug| slug.as_deref().is_none_or(known)));
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("admin-title")
                base="/admin"
                sections=SECTIONS.to_vec()
                views=section
                slug=slug
            />
        </Show>
    }
    .into_any()
}
