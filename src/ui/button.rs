//! Buttons. Callers add attributes; `press` is the click handler.

use super::{Icon, IconName};
use leptos::{ev::MouseEvent, prelude::*};

/// Emphasis of a button. At most one primary button is in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The main action.
    Primary,
    /// Any other action.
    #[default]
    Quiet,
    /// A destructive action.
    Danger,
}

/// A button with text.
#[component]
pub fn Button(
    /// Emphasis of the button.
    #[prop(optional)]
    kind: ButtonKind,
    /// Submits its form.
    #[prop(optional)]
    submit: bool,
    /// true while its action runs: the button shows it and keeps its size.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Click handler. Not an `on:click` of the caller: when a view replaces an old one in place,
    /// that listener would be added to the previous one.
    #[prop(default = Callback::new(|_| ()), into)]
    press: Callback<MouseEvent>,
    /// Text of the button.
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
            on:click=move |event| press.run(event)
        >
            {children()}
        </button>
    }
}

/// A button with only an icon; its label is the accessible name and the tooltip.
#[component]
pub fn IconButton(
    /// Icon of the button.
    #[prop(into)]
    icon: Signal<IconName>,
    /// Accessible name and tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Click handler, as in [`Button`].
    #[prop(default = Callback::new(|_| ()), into)]
    press: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button icon-button"
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |event| press.run(event)
        >
            <Icon name=icon />
        </button>
    }
}
