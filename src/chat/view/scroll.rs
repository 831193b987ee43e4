//! Scroll position in a timeline.
//!
//! The scroller is laid out from its end (`column-reverse`): position zero is the newest message,
//! and it stays there when messages arrive. When rows change while the member reads further up, the
//! message in view keeps its position.

use leptos::{html, prelude::*};

/// Distance that counts as at the end, in CSS pixels.
const NEAR_END: i32 = 40;
/// Distance to an edge at which the next page is loaded, in CSS pixels.
const NEAR_EDGE: i32 = 800;

/// A timeline's scroller; a cheap copy.
#[derive(Clone, Copy)]
pub struct Scroller {
    /// The scrolling element.
    pub node: NodeRef<html::Div>,
    /// true if the newest row is in view.
    pub at_end: RwSignal<bool>,
}

impl Scroller {
    pub fn new() -> Self {
        Self {
            node: NodeRef::new(),
            at_end: RwSignal::new(true),
        }
    }

    /// Measures the scroll position. Returns whether the beginning and the end are near.
    pub fn measure(self) -> (bool, bool) {
        let Some(node) = self.node.get_untracked() else {
            return (false, false);
        };
        let from_end = node.scroll_top().abs();
        let from_start = node.scroll_height() - node.client_height() - from_end;
        let at_end = from_end < NEAR_END;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        (from_start < NEAR_EDGE, from_end < NEAR_EDGE)
    }

    /// Scrolls to the newest row.
    pub fn to_end(self) {
        if let Some(node) = self.node.get_untracked() {
            node.set_scroll_top(0);
        }
        if !self.at_end.get_untracked() {
            self.at_end.set(true);
        }
    }

    /// Changes the rows while the row in view keeps its position.
    pub fn keeping_place(self, change: impl FnOnce()) {
        #[cfg(feature = "hydrate")]
        let place = self.place();
        change();
        #[cfg(feature = "hydrate")]
        if let Some((id, before)) = place {
            // After the rows are rendered, before they are painted.
            request_animation_frame(move || self.restore(&id, before));
        }
    }

    /// Returns the first row in view and its distance from the scroller's top; None: at the end.
    #[cfg(feature = "hydrate")]
    fn place(self) -> Option<(String, f64)> {
        let node = self.node.get_untracked()?;
        if node.scroll_top().abs() < NEAR_END {
            return None;
        }
        let top = node.get_bounding_client_rect().top();
        let rows = node.query_selector_all("li[id]").ok()?;
        for index in 0..rows.length() {
            use wasm_bindgen::JsCast;
            let row = rows.item(index)?.dyn_into::<web_sys::Element>().ok()?;
            let rect = row.get_bounding_client_rect();
            if rect.bottom() > top {
                return Some((row.id(), rect.top() - top));
            }
        }
        None
    }

    #[cfg(feature = "hydrate")]
    fn restore(self, id: &str, before: f64) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        let Some(row) = document().get_element_by_id(id) else {
            return;
        };
        let top = node.get_bounding_client_rect().top();
        let moved = row.get_bounding_client_rect().top() - top - before;
        #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
        let moved = moved.round() as i32;
        if moved != 0 {
            node.set_scroll_top(node.scroll_top() + moved);
        }
    }

    /// Scrolls a row into view.
    pub fn reveal(id: &str) {
        #[cfg(feature = "hydrate")]
        if let Some(row) = document().get_element_by_id(id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Center);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = id;
    }
}
