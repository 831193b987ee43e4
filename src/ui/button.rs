//! Buttons. Attributes are added where they are used; what pressing one does is its `press`.

use super::{Icon, IconName};
use leptos::{ev::MouseEvent, prelude::*};

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
    /// What pressing it does. No `on:click` from outside: where a view is drawn anew in the place of
    /// an old one, such a listener would be added to the one from before.
    #[prop(default = Callback::new(|_| ()), into)]
    press: Callback<MouseEvent>,
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
            on:click=move |event| press.run(event)
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
    /// What pressing it does, as in [`Button`].
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
