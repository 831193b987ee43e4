//! Buttons. Attributes and listeners are added where they are used: `<Button on:click=..>`.

use super::{Icon, IconName};
use leptos::prelude::*;

/// How much a button asks for attention. One primary in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// Everything else.
    #[default]
    Quiet,
    /// Takes something away.
    Danger,
}

/// A button with a text.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// Submits its form.
    #[prop(optional)]
    submit: bool,
    /// Its work is under way: it says so and stays where it is.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let class = match kind {
        ButtonKind::Primary => "button primary",
        ButtonKind::Quiet => "button quiet",
        ButtonKind::Danger => "button danger",
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class
            aria-busy=move || busy.get().to_string()
        >
            {children()}
        </button>
    }
}

/// A button that shows an icon only; its label is its name and its hint.
#[component]
pub fn IconButton(
    /// What it shows.
    #[prop(into)]
    icon: Signal<IconName>,
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button icon-button"
            aria-label=move || label.get()
            title=move || label.get()
        >
            <Icon name=icon />
        </button>
    }
}
