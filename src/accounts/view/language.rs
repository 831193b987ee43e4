//! Language choice. Plain forms, since the page reloads in the new language anyway.

use crate::ui::preferences::Preferences;
use crate::ui::{Icon, IconName, Language, t};
use leptos::prelude::*;

/// Where the forms are sent.
pub const SET_PREFERENCES: &str = "/rpc/accounts/set_preferences";

/// One button per language; the first one follows the browser's language.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let chosen = Preferences::current().language;
    let button = |tag: &'static str, name: String, pressed: bool| {
        view! {
            <button
                type="submit"
                class="choice-button"
                name="chosen[language]"
                value=tag
                lang=Some(tag).filter(|tag| !tag.is_empty())
                aria-pressed=pressed.to_string()
            >
                <span>{name}</span>
                <Icon name=IconName::Check />
            </button>
        }
    };
    let languages = Language::all()
        .map(|language| {
            let name = language.name().to_owned();
            button(language.tag(), name, chosen == Some(language))
        })
        .collect_view();
    view! {
        <form method="post" action=SET_PREFERENCES class="choice-list">
            {button("", t("language-of-browser"), chosen.is_none())}
            {languages}
        </form>
    }
    .into_any()
}

/// The other languages, below the forms for visitors.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let current = Language::current();
    let others = Language::all()
        .filter(|language| *language != current)
        .map(|language| {
            view! {
                <button
                    type="submit"
                    class="link-button"
                    name="chosen[language]"
                    value=language.tag()
                    lang=language.tag()
                >
                    {language.name()}
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=SET_PREFERENCES class="language-switch" aria-label=t("settings-language")>
            <Icon name=IconName::Globe />
            {others}
        </form>
    }
    .into_any()
}
