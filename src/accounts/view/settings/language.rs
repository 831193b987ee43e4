//! Language settings.

use crate::accounts::view::language::LanguageChoice;
use crate::ui::t;
use leptos::prelude::*;

/// The available languages.
#[component]
pub fn LanguagePage() -> impl IntoView {
    view! {
        <p class="section-note">{t("language-note")}</p>
        <LanguageChoice />
    }
    .into_any()
}
