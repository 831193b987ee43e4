//! State of the watchlist section.

use crate::ui::Changes;
use leptos::prelude::*;

/// Address of this section.
pub(super) const HERE: &str = "/markets/watchlist";

/// Query parameter and cookie with the watchlist that was viewed last.
pub(super) const CHOSEN: &str = "watchlist";

/// State of the section.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub changes: Changes,
    /// Id of the element that gets the focus after the next render.
    pub(super) focus: StoredValue<Option<String>>,
}

impl Shown {
    /// After the data has loaded again, moves the focus to the element with this id.
    pub(super) fn focus_later(self, id: String) {
        self.focus.set_value(Some(id));
    }
}
