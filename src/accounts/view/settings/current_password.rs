//! The password that confirms a change.

use crate::ui::{Field, t};
use leptos::prelude::*;

/// The field `password` for the current password.
#[component]
pub fn CurrentPassword(id: &'static str) -> impl IntoView {
    view! {
        <Field
            name="password"
            id=id
            label=t("password-current")
            kind="password"
            autocomplete="current-password"
        />
    }
}
