//! `/operator`: the pages of operators, in sections. For everybody else there is nothing here.

mod accounts;
mod health;
mod record;
mod settings;
mod table;

use crate::accounts::rpc;
use crate::ui::later::NotLoaded;
use crate::ui::sections::{Section, SectionPages};
use crate::ui::{Broken, IconName, NotFound, t};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_params_map;

/// Every section, in the order of the list.
const SECTIONS: &[Section] = &[
    Section {
        slug: "accounts",
        icon: IconName::Users,
        name: "operator-accounts",
    },
    Section {
        slug: "settings",
        icon: IconName::Menu,
        name: "operator-settings",
    },
    Section {
        slug: "health",
        icon: IconName::Chart,
        name: "operator-health",
    },
    Section {
        slug: "record",
        icon: IconName::Inbox,
        name: "operator-record",
    },
];

/// What they show.
fn section(slug: &str) -> AnyView {
    match slug {
        "accounts" => view! { <accounts::Accounts /> }.into_any(),
        "settings" => view! { <settings::InstanceSettings /> }.into_any(),
        "health" => view! { <health::HealthPage /> }.into_any(),
        "record" => view! { <record::RecordList /> }.into_any(),
        _ => ().into_any(),
    }
}

/// The door to these pages.
#[wasm_split(operator, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_operator))]
pub fn operator() -> Result<AnyView, NotLoaded> {
    Ok(view! { <Operator /> }.into_any())
}

/// `/operator` and `/operator/:section`.
#[component]
fn Operator() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("section")));
    let viewer = Resource::new_blocking(|| (), |()| rpc::me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(Some(viewer)) if viewer.operator => pages(slug),
                    Ok(_) => view! { <NotFound /> }.into_any(),
                    Err(error) if error.status() < 500 => view! { <NotFound /> }.into_any(),
                    Err(error) => view! { <Broken status=error.status() /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn pages(slug: Memo<Option<String>>) -> AnyView {
    let known = |slug: &str| SECTIONS.iter().any(|section| section.slug == slug);
    let found = Memo::new(move |_| slug.with(|slug| slug.as_deref().is_none_or(known)));
    view! {
        <Show when=move || found.get() fallback=NotFound>
            <SectionPages
                title=t("operator-title")
                base="/operator"
                sections=SECTIONS.to_vec()
                views=section
                slug=slug
            />
        </Show>
    }
    .into_any()
}
