//! A button that opens a panel below it. Uses `details`, so it opens without scripts too.

use super::{Icon, IconName};
use leptos::{ev, html, prelude::*};

/// A panel that closes on Escape and when the focus leaves it.
#[component]
pub fn Menu(
    /// Text of the button.
    #[prop(into)]
    label: String,
    /// Icon before the text.
    icon: IconName,
    /// Content of the panel.
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<html::Details>::new();
    let close = move |_back: bool| {
        #[cfg(feature = "hydrate")]
        close_now(place, _back);
    };
    let left = move |event: ev::FocusEvent| {
        if !keeps_focus(place, &event) {
            close(false);
        }
    };
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && place.get_untracked().is_some_and(|menu| menu.open()) {
            // Keeps other handlers from using this key press.
            event.stop_propagation();
            close(true);
        }
    };
    view! {
        <details class="pulldown" node_ref=place on:focusout=left on:keydown=escape>
            <summary class="button quiet small">
                <Icon name=icon />
                <span>{label}</span>
            </summary>
            <div class="pulldown-panel" tabindex="-1">
                {children()}
            </div>
        </details>
    }
    .into_any()
}

/// The actions of a row behind a button: forms, which close it when they are sent. The row may stay
/// when its content changes.
#[component]
pub fn RowMenu(
    /// Text of the button.
    #[prop(into)]
    text: String,
    /// Accessible name of the button.
    #[prop(into)]
    label: String,
    /// The forms.
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<html::Details>::new();
    let close = move |_: ev::SubmitEvent| {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    view! {
        <details class="row-menu" node_ref=menu on:submit=close>
            <summary class="button quiet small" aria-label=label>
                {text}
            </summary>
            <div class="row-menu-forms">{children()}</div>
        </details>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn close_now(place: NodeRef<html::Details>, back: bool) {
    use leptos::wasm_bindgen::JsCast;
    let Some(menu) = place.get_untracked() else {
        return;
    };
    let _closed = menu.remove_attribute("open");
    if back
        && let Ok(Some(summary)) = menu.query_selector("summary")
        && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
    {
        let _focused = summary.focus();
    }
}

/// Closes the open menu, wherever the focus is. Returns whether one was open.
#[cfg(feature = "hydrate")]
pub fn close_open() -> bool {
    use leptos::wasm_bindgen::JsCast;
    let Ok(Some(menu)) = document().query_selector("details.pulldown[open]") else {
        return false;
    };
    let _closed = menu.remove_attribute("open");
    if let Ok(Some(summary)) = menu.query_selector("summary")
        && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
    {
        let _focused = summary.focus();
    }
    true
}

/// Moves the focus from an element of a panel to the panel, which would close if it lost the focus.
#[cfg(feature = "hydrate")]
pub fn keep_focus() {
    use leptos::wasm_bindgen::JsCast;
    let active = document().active_element();
    let panel = active.and_then(|active| active.closest(".pulldown-panel").ok().flatten());
    if let Some(panel) = panel.and_then(|panel| panel.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _focused = panel.focus();
    }
}

/// true if the focus moves to an element inside the menu.
fn keeps_focus(place: NodeRef<html::Details>, event: &ev::FocusEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let next = event
        .related_target()
        .and_then(|next| next.dyn_into::<web_sys::Node>().ok());
    let menu = place.get_untracked();
    menu.is_some_and(|menu| menu.contains(next.as_ref())) && next.is_some()
}
