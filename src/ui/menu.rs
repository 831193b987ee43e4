//! A button that opens a panel below it: made of `details`, so that it opens without scripts too.

use super::{Icon, IconName};
use leptos::{ev, html, prelude::*};

/// A panel that closes by Escape and when the focus leaves it.
#[component]
pub fn Menu(
    /// What the button says.
    #[prop(into)]
    label: String,
    /// What stands before it.
    icon: IconName,
    /// What is in the panel.
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
            // Nothing else has a use for this key press.
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

/// Does the focus go to something within?
fn keeps_focus(place: NodeRef<html::Details>, event: &ev::FocusEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let next = event
        .related_target()
        .and_then(|next| next.dyn_into::<web_sys::Node>().ok());
    let menu = place.get_untracked();
    menu.is_some_and(|menu| menu.contains(next.as_ref())) && next.is_some()
}
