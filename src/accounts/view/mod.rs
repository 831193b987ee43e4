//! Pages for sign-in, registration and settings, and the card of the signed-in account.

use super::{AccountKind, Profile, Viewer, rpc::me};
use crate::shared::Kind;
use crate::ui::Broken;
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_location, use_params_map};

mod card;
mod entry;
mod faces;
mod language;
mod register;
mod reset;
mod second_step;
mod settings;
mod sign_in;

pub use card::{AccountCard, offer_account};
pub use faces::{Face, Faces, Name};

/// Pages for visitors.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// Name and password.
    SignIn,
    /// Two-factor authentication code.
    Code,
    /// Canceling the deletion of an account.
    ComeBack,
    /// Registration.
    Register,
    /// Request for a reset link.
    Forgot,
    /// New password by a reset link.
    Reset,
}

/// Entry point of the lazily loaded pages for visitors, which signed-in members do not need.
#[wasm_split(entry, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_entry))]
pub fn entry(page: Entry) -> Result<AnyView, NotLoaded> {
    Ok(match page {
        Entry::SignIn => view! { <sign_in::SignIn /> }.into_any(),
        Entry::Code => view! { <second_step::SignInCode /> }.into_any(),
        Entry::ComeBack => view! { <second_step::ComeBack /> }.into_any(),
        Entry::Register => view! { <register::Register /> }.into_any(),
        Entry::Forgot => view! { <reset::Forgot /> }.into_any(),
        Entry::Reset => view! { <reset::ResetPassword /> }.into_any(),
    })
}

/// Entry point of the lazily loaded settings.
#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_settings))]
pub fn settings() -> Result<AnyView, NotLoaded> {
    Ok(view! { <settings::Settings /> }.into_any())
}

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
        <Suspense>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(Some(viewer)) => pages(viewer, slug),
                    Ok(None) => to_sign_in(),
                    Err(error) if error.kind == Kind::Unauthenticated => to_sign_in(),
                    Err(error) => view! { <Broken status=error.status() /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Returns a profile for display; deleted accounts get a translated name.
fn shown(profile: Profile) -> Profile {
    if profile.kind != AccountKind::Deleted {
        return profile;
    }
    Profile {
        display_name: crate::ui::t("account-deleted"),
        ..profile
    }
}
