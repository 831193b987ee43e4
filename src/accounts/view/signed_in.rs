//! Pages for signed-in members only.

use crate::accounts::{Viewer, rpc::me};
use crate::shared::Kind;
use crate::ui::Broken;
use crate::ui::loaded::awaited;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_location, use_params_map};

/// Redirects to the sign-in page, and back here afterwards.
pub fn to_sign_in() -> AnyView {
    let here = use_location().pathname.get_untracked();
    let path = if here == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={here}")
    };
    view! { <Redirect path=path /> }.into_any()
}

/// Pages in sections (`/settings/:section`) for signed-in members; redirects others to the sign-in
/// page.
#[component]
pub fn SignedIn(
    /// Renders the pages for this viewer; the memo is the section of the address.
    pages: fn(Viewer, Memo<Option<String>>) -> AnyView,
) -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("section")));
    let viewer = Resource::new_blocking(|| (), |()| me());
    view! {
        {awaited(viewer, move |viewer| match viewer {
            Ok(Some(viewer)) => pages(viewer, slug),
            Ok(None) => to_sign_in(),
            Err(error) if error.kind == Kind::Unauthenticated => to_sign_in(),
            Err(error) => view! { <Broken status=error.status() /> }.into_any(),
        })}
    }
}
