//! The focus goes from pane to pane by a key.

use super::keys::{Action, Keys};
use leptos::prelude::*;

/// Where the key stops, in the order of the page.
#[cfg(feature = "hydrate")]
const STOPS: &str =
    ".rail, .channels, .timeline, .composer, .context, .bottom-bar, .section-list, .section-page";
/// What takes the focus in a pane: where one is in it, else its first control.
#[cfg(feature = "hydrate")]
const CURRENT: &str = "[aria-current=page], [aria-current=true], textarea";
#[cfg(feature = "hydrate")]
const FIRST: &str = "a[href], button, input, select, textarea, [tabindex='0']";

/// Has the keys move the focus between the panes, until the surrounding component goes.
pub fn walk_by_keys() {
    let keys = Keys::of_context();
    keys.on(Action::NextPane, || go(true));
    keys.on(Action::PreviousPane, || go(false));
}

/// Frames after going elsewhere in which the focus may get lost: some seconds, as the page may have
/// to be loaded first.
#[cfg(feature = "hydrate")]
const WATCHED: u32 = 300;
/// So many frames nothing has the focus before it is taken for lost.
#[cfg(feature = "hydrate")]
const LOST: u32 = 3;

/// Where another page of the app is opened and what had the focus is gone, reading goes on in the
/// page's main part. Stands once inside the router.
#[component]
pub fn FocusKeeper() -> impl IntoView {
    let place = leptos_router::hooks::use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = place.get();
        #[cfg(feature = "hydrate")]
        if before.is_some_and(|before| before != now) {
            keep_focus(0, WATCHED);
        }
        #[cfg(not(feature = "hydrate"))]
        drop(before);
        now
    });
}

/// Watches the focus. What is drawn anew gets it back within a frame; after some it is lost.
#[cfg(feature = "hydrate")]
fn keep_focus(lost_for: u32, frames: u32) {
    use leptos::wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let lost = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        let lost_for = if lost { lost_for + 1 } else { 0 };
        let main = document().query_selector("#section, #conversation");
        if let (true, Ok(Some(main))) = (lost_for > LOST, main) {
            let _refused = main.unchecked_into::<web_sys::HtmlElement>().focus();
        } else if frames > 0 {
            keep_focus(lost_for, frames - 1);
        }
    });
}

#[cfg(feature = "hydrate")]
fn go(forward: bool) {
    use leptos::wasm_bindgen::JsCast;
    let Ok(found) = document().query_selector_all(STOPS) else {
        return;
    };
    let panes: Vec<web_sys::HtmlElement> = (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        // What this width does not show is no place for the focus.
        .filter(|pane: &web_sys::HtmlElement| pane.offset_width() > 0)
        .collect();
    let focused = document().active_element();
    let now = panes
        .iter()
        .position(|pane| pane.contains(focused.as_deref()));
    let count = panes.len();
    for step in 1..=count {
        let at = match (now, forward) {
            (Some(now), true) => now + step,
            (Some(now), false) => now + count - step,
            (None, true) => step - 1,
            (None, false) => count - step,
        };
        if panes.get(at % count.max(1)).is_some_and(enter) {
            return;
        }
    }
}

/// Moves the focus into a pane. False: nothing in it takes it.
#[cfg(feature = "hydrate")]
fn enter(pane: &web_sys::HtmlElement) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let inside = |selector| pane.query_selector(selector).ok().flatten();
    let itself = (pane.tab_index() >= 0).then(|| pane.clone().unchecked_into());
    let candidates = [itself, inside(CURRENT), inside(FIRST)];
    candidates.into_iter().flatten().any(|element| {
        let element: web_sys::HtmlElement = element.unchecked_into();
        let _refused = element.focus();
        document().active_element().as_ref() == Some(element.as_ref())
    })
}

#[cfg(not(feature = "hydrate"))]
const fn go(_forward: bool) {}
