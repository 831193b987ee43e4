//! Dark or light: the reader's choice, else that of their system.

use super::{Icon, IconName, cookies, t};
use leptos::{html::Button, prelude::*};

/// A theme that somebody chose. Without a choice the system's is used, by CSS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Night by the water.
    Dark,
    /// Paper and ink.
    Light,
}

impl Theme {
    /// Its name in the cookie and in `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// What the reader chose, if they did.
    #[must_use]
    pub fn chosen() -> Option<Self> {
        match cookies::read("theme")?.as_str() {
            "dark" => Some(Self::Dark),
            "light" => Some(Self::Light),
            _ => None,
        }
    }

    /// The colour of the browser's own bars.
    #[must_use]
    pub const fn page_colour(self) -> &'static str {
        match self {
            Self::Dark => "#0d1317",
            Self::Light => "#f6f4ee",
        }
    }

    /// Shows it at once and keeps it.
    pub fn choose(self) {
        cookies::write("theme", self.as_str());
        #[cfg(feature = "hydrate")]
        if let Some(root) = document().document_element() {
            let _gone = root.set_attribute("data-theme", self.as_str());
        }
    }
}

/// Switches between dark and light. Both names are in the document and CSS shows the one that
/// applies: the server cannot know what the reader's system prefers.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let (to_dark_button, to_light_button) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    // The pressed button goes away; the focus moves on to the one that comes.
    let dark = move |_| {
        Theme::Dark.choose();
        focus(to_light_button);
    };
    let light = move |_| {
        Theme::Light.choose();
        focus(to_dark_button);
    };
    let (to_dark, to_light) = (t("theme-dark"), t("theme-light"));
    view! {
        <span class="theme-toggle needs-script">
            <button
                type="button"
                node_ref=to_dark_button
                class="button icon-button to-dark"
                aria-label=to_dark.clone()
                title=to_dark
                on:click=dark
            >
                <Icon name=IconName::Moon />
            </button>
            <button
                type="button"
                node_ref=to_light_button
                class="button icon-button to-light"
                aria-label=to_light.clone()
                title=to_light
                on:click=light
            >
                <Icon name=IconName::Sun />
            </button>
        </span>
    }
}

fn focus(button: NodeRef<Button>) {
    if let Some(button) = button.get_untracked() {
        let _gone = button.focus();
    }
}
