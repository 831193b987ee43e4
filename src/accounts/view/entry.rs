//! What the two ways in have in common: the page around the form, and how failures are shown.

use super::language::LanguageSwitch;
use crate::accounts::rpc;
use crate::offline;
use crate::shared::{Error, instance::Door};
use crate::ui::{BridgeDrawing, Icon, IconName, Logo, address, error_text, t};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The page around a form: on a desk the bridge on the left, the card in the middle of the rest.
#[component]
pub fn EntryPage(
    /// The heading.
    title: String,
    /// A line below it.
    lead: String,
    /// Is it for those who are signed in as well?
    #[prop(optional)]
    stays: bool,
    /// The form and the link to the other page.
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

/// An error that belongs to no field, above the form; read out at once.
#[component]
pub fn FormError(
    /// What went wrong.
    #[prop(into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    view! {
        <div class="form-error-place" role="alert">
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="form-error">
                                <Icon name=IconName::Alert />
                                <span>{error_text(&error)}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Where to go after signing in, from the address, as a hidden part of the form.
#[component]
pub fn NextField() -> impl IntoView {
    next().map(|next| view! { <input type="hidden" name="next" value=next /> })
}

/// `path` with the place to go to afterwards handed on.
pub fn with_next(path: &str) -> String {
    address(path, &[("next", next().as_deref())])
}

fn next() -> Option<String> {
    use_query_map().with_untracked(|query| query.get("next"))
}

/// What the last attempt said, if it failed.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<Error>>
where
    S: ServerFn<Output = (), Error = Error> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref()?.as_ref().err().cloned()))
}

/// Is an attempt under way, or done and the next page on its way?
pub fn busy<S>(action: ServerAction<S>) -> Signal<bool>
where
    S: ServerFn<Output = (), Error = Error> + Clone + Send + Sync + 'static,
{
    let (value, pending) = (action.value(), action.pending());
    Signal::derive(move || {
        pending.get() || value.with(|value| value.as_ref().is_some_and(Result::is_ok))
    })
}

/// Brings the focus to what has to be corrected.
pub fn focus_on_failure(
    failure: Signal<Option<Error>>,
    input: impl Fn(&Error) -> &'static str + 'static,
) {
    Effect::new(move || {
        let Some(id) = failure.with(|error| error.as_ref().map(&input)) else {
            return;
        };
        #[cfg(feature = "hydrate")]
        {
            use leptos::wasm_bindgen::JsCast;
            if let Some(element) = document().get_element_by_id(id)
                && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
            {
                let _gone = element.focus();
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = id;
    });
}

/// What is behind the door, for every page of the entry: asked for once.
pub fn door() -> Resource<Door> {
    #[derive(Clone, Copy)]
    struct Asked(Resource<Door>);
    if let Some(Asked(door)) = use_context() {
        return door;
    }
    let door = Resource::new_blocking(|| (), async |()| rpc::door().await.unwrap_or_default());
    provide_context(Asked(door));
    door
}

/// What this instance calls itself, where that says more than the product's name.
#[component]
fn InstanceName() -> impl IntoView {
    let door = door();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let door = door.await;
                let own = door.name != t("app-name") && !door.name.is_empty();
                let name = own.then(|| view! { <strong dir="auto">{door.name}</strong> });
                let words = (!door.description.is_empty())
                    .then(|| view! { <span dir="auto">{door.description}</span> });
                (name.is_some() || words.is_some())
                    .then(|| view! { <p class="entry-instance">{name} {words}</p> })
            })}
        </Suspense>
    }
    .into_any()
}

/// Sends visitors who are signed in already to their channels.
#[component]
fn LeaveWhenSignedIn() -> impl IntoView {
    let viewer = Resource::new_blocking(|| (), |()| rpc::me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let signed_in = viewer.await.is_ok_and(|viewer| viewer.is_some());
                signed_in.then(|| view! { <Redirect path="/" /> })
            })}
        </Suspense>
    }
}
