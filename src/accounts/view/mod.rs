//! Pages for sign-in, registration and settings, and the card of the signed-in account.

use crate::ui::later::NotLoaded;
use leptos::{prelude::*, wasm_split::wasm_split};

mod card;
mod entry;
mod faces;
mod language;
mod live;
mod register;
mod reset;
mod second_step;
mod settings;
mod sign_in;
mod signed_in;

pub use card::{AccountCard, offer_account};
pub use faces::{Face, Faces, Name};
pub use live::follow_preferences;
pub use signed_in::{SignedIn, to_sign_in};

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
