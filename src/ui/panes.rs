//! Keyboard shortcuts that move the focus between panes.

use super::keys::{Action, Keys};
use leptos::prelude::*;

/// The panes, in the order of the page.
#[cfg(feature = "hydrate")]
const STOPS: &str =
    ".rail, .channels, .timeline, .composer, .context, .bottom-bar, .section-list, .section-page";
/// What gets the focus in a pane: the current item, else its first control.
#[cfg(feature = "hydrate")]
const CURRENT: &str = "[aria-current=page], [aria-current=true], textarea";
#[cfg(feature = "hydrate")]
const FIRST: &str = "a[href], button, input, select, textarea, [tabindex='0']";

/// Registers the shortcuts until the surrounding component is disposed.
pub fn walk_by_keys() {
    let keys = Keys::of_context();
    keys.on(Action::NextPane, || go(true));
    keys.on(Action::PreviousPane, || go(false));
}

/// Number of frames after a navigation in which the focus may be lost: some seconds, since the page
/// may have to load first.
#[cfg(feature = "hydrate")]
const WATCHED: u32 = 300;
/// Number of frames without focus after which it counts as lost.
#[cfg(feature = "hydrate")]
const LOST: u32 = 3;

/// If the focused element is gone after a navigation within the app, moves the focus to the page's
/// main part. Rendered once, inside the router.
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

/// Watches the focus. A re-rendered element gets its focus back within a frame; after [`LOST`]
/// frames the focus is lost.
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
        // Skips panes that are hidden at this width.
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

/// Moves the focus into a pane. false: nothing in it can have the focus.
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
