//! In which language the pages are.

use crate::accounts::view::language::LanguageChoice;
use crate::ui::t;
use leptos::prelude::*;

/// The languages that there are.
#[component]
pub fn LanguagePage() -> impl IntoView {
    view! {
        <p class="section-note">{t("language-note")}</p>
        <LanguageChoice />
    }
    .into_any()
}
