//! Keyboard navigation of the message list: arrow keys move between messages and between the
//! actions of a message. The list is one stop of the tab key, and so are the buttons of the message
//! with the focus.

use crate::shared::MessageId;
use crate::ui::keys::{Action, Place, pressed};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement};

const BUTTONS: &str = ".message-actions button";

/// Handles a key in the list of messages.
pub fn on_key(event: &ev::KeyboardEvent) {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    // In a text area, keys are text.
    if target.tag_name() == "TEXTAREA" {
        return;
    }
    let in_toolbar = target.closest(".message-actions").ok().flatten().is_some();
    // Enter presses a button.
    if in_toolbar && event.key() == "Enter" {
        return;
    }
    if let Some(action) = pressed(event, Place::Messages)
        && act(action, &target) == Some(true)
    {
        event.prevent_default();
    }
}

/// Runs an action. true: the key was handled.
fn act(action: Action, target: &Element) -> Option<bool> {
    let row = target.closest("li.message").ok().flatten();
    let on_row = row.as_ref() == Some(target);
    let in_toolbar = target.closest(".message-actions").ok().flatten().is_some();
    match action {
        Action::Older | Action::Newer => step(row.as_ref(), action == Action::Newer),
        Action::First | Action::Last => {
            let rows = rows()?;
            let at = if action == Action::First {
                0
            } else {
                rows.length().checked_sub(1)?
            };
            focus(&rows.item(at)?.dyn_into().ok()?)
        }
        Action::Actions if on_row => focus(&row?.query_selector(BUTTONS).ok()??),
        Action::Actions | Action::ActionsBack if in_toolbar => {
            beside(target, action == Action::Actions)
        }
        Action::EditThis => press(&row?, "edit"),
        Action::DeleteThis => press(&row?, "delete"),
        Action::CopyThis => press(&row?, "copy"),
        Action::ToComposer => focus(&document().get_element_by_id("composer")?),
        _ => Some(false),
    }
}

fn rows() -> Option<web_sys::NodeList> {
    let rows = document()
        .query_selector_all(".timeline li.message[id]")
        .ok()?;
    (rows.length() > 0).then_some(rows)
}

/// Moves to the previous or next row: from the list itself to its last row, from the last row to
/// the composer.
fn step(row: Option<&Element>, newer: bool) -> Option<bool> {
    let rows = rows()?;
    let last = rows.length() - 1;
    let now = (0..=last).find(|at| rows.item(*at).as_deref() == row.map(AsRef::as_ref));
    let next = match (now, newer) {
        (None, false) => last,
        (None, true) => return Some(false),
        (Some(0), false) => return Some(true),
        (Some(now), false) => now - 1,
        (Some(now), true) if now == last => {
            return focus(&document().get_element_by_id("composer")?);
        }
        (Some(now), true) => now + 1,
    };
    focus(&rows.item(next)?.dyn_into().ok()?)
}

fn beside(button: &Element, next: bool) -> Option<bool> {
    let beside = if next {
        button.next_element_sibling()
    } else {
        button.previous_element_sibling()
    };
    match beside {
        Some(beside) => focus(&beside),
        // Before the first action comes the message itself.
        None if !next => focus(&button.closest("li.message").ok()??),
        None => Some(true),
    }
}

fn press(row: &Element, name: &str) -> Option<bool> {
    let button = row.query_selector(&format!("[data-act={name}]")).ok()??;
    button.dyn_into::<HtmlElement>().ok()?.click();
    Some(true)
}

fn focus(element: &Element) -> Option<bool> {
    let _refused = element.dyn_ref::<HtmlElement>()?.focus();
    Some(true)
}

/// Id of a message's row on the page.
pub fn row_id(id: MessageId) -> String {
    format!("message-{id}")
}

/// Opens a message for editing, like a press of its button. false: it is not on the page.
pub fn edit(message: MessageId) -> bool {
    let Some(row) = document().get_element_by_id(&row_id(message)) else {
        return false;
    };
    // Its buttons are rendered when it has the focus.
    let _refused = focus(&row);
    request_animation_frame(move || {
        press(&row, "edit");
    });
    true
}

/// Changes the rows. If the focused row is rendered again, it gets the focus back.
pub fn keeping_focus(change: impl FnOnce()) {
    #[cfg(feature = "hydrate")]
    let before = focused_row();
    change();
    #[cfg(feature = "hydrate")]
    if let Some(id) = before {
        request_animation_frame(move || {
            let lost = document()
                .active_element()
                .is_none_or(|now| now.tag_name() == "BODY");
            if lost && let Some(row) = document().get_element_by_id(&id) {
                focus(&row);
            }
        });
    }
}

#[cfg(feature = "hydrate")]
fn focused_row() -> Option<String> {
    let row = document()
        .active_element()?
        .closest("li.message[id]")
        .ok()??;
    Some(row.id())
}
