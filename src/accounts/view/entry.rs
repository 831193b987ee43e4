//! Shared parts of the sign-in and registration pages: layout, errors, redirects.

use super::language::LanguageSwitch;
use crate::accounts::rpc;
use crate::offline;
use crate::shared::instance::SignUpPolicy;
use crate::ui::loaded::awaited;
use crate::ui::{BridgeDrawing, Logo, address, t};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// Layout of a form page: on wide screens the bridge drawing is on the left, the card in the middle
/// of the rest.
#[component]
pub fn EntryPage(
    /// Heading.
    title: String,
    /// Line below the heading.
    lead: String,
    /// true if the page is also for signed-in members.
    #[prop(optional)]
    stays: bool,
    /// The form, and links to other pages.
    children: Children,
) -> impl IntoView {
    Effect::new(offline::nobody);
    view! {
        <Title text=title.clone() />
        {(!stays).then(|| view! { <LeaveWhenSignedIn /> })}
        <div class="entry">
            <aside class="entry-side" aria-label=t("app-name")>
                <BridgeDrawing />
                <p class="entry-lead">{t("welcome-lead")}</p>
                <p class="entry-text">{t("welcome-text")}</p>
            </aside>
            <main class="entry-main">
                <div class="entry-card">
                    <Logo named=true />
                    <InstanceName />
                    <h1>{title}</h1>
                    <p class="entry-quiet">{lead}</p>
                    {children()}
                    <LanguageSwitch />
                </div>
            </main>
        </div>
    }
}

/// Hidden field with the address to go to after signing in, from `?next=`.
#[component]
pub fn NextField() -> impl IntoView {
    next().map(|next| view! { <input type="hidden" name="next" value=next /> })
}

/// Adds the page's `next` parameter to `path`.
pub fn with_next(path: &str) -> String {
    address(path, &[("next", next().as_deref())])
}

fn next() -> Option<String> {
    use_query_map().with_untracked(|query| query.get("next"))
}

/// Returns the sign-up policy; all parts of a page share one request.
pub fn sign_up_policy() -> Resource<SignUpPolicy> {
    #[derive(Clone, Copy)]
    struct Asked(Resource<SignUpPolicy>);
    if let Some(Asked(policy)) = use_context() {
        return policy;
    }
    let policy = Resource::new_blocking(
        || (),
        async |()| rpc::sign_up_policy().await.unwrap_or_default(),
    );
    provide_context(Asked(policy));
    policy
}

/// Name and description of the instance; the name only if it is not the product's.
#[component]
fn InstanceName() -> impl IntoView {
    let policy = sign_up_policy();
    view! {
        {awaited(policy, |policy| {
            let own = policy.name != t("app-name") && !policy.name.is_empty();
            let name = own.then(|| view! { <strong dir="auto">{policy.name}</strong> });
            let words = (!policy.description.is_empty())
                .then(|| view! { <span dir="auto">{policy.description}</span> });
            (name.is_some() || words.is_some())
                .then(|| view! { <p class="entry-instance">{name} {words}</p> })
        })}
    }
    .into_any()
}

/// Redirects signed-in visitors to their channels.
#[component]
fn LeaveWhenSignedIn() -> impl IntoView {
    let viewer = Resource::new_blocking(|| (), |()| rpc::me());
    view! {
        {awaited(viewer, |viewer| {
            let signed_in = viewer.is_ok_and(|viewer| viewer.is_some());
            signed_in.then(|| view! { <Redirect path="/" /> })
        })}
    }
}
