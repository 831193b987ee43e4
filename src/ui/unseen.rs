//! What waits to be seen on the pages of the markets: a part of the page that stands above keeps
//! the count, and the ways there show it.

use leptos::prelude::*;

/// How much waits to be seen; a copy is the same. None on the server, as on the first paint.
#[derive(Clone, Copy, Debug)]
pub struct Unseen {
    pub count: RwSignal<u32>,
    /// Goes up with each that comes.
    pub heard: RwSignal<u32>,
}

impl Unseen {
    /// Puts the count into the context.
    pub fn provide() -> Self {
        let unseen = Self {
            count: RwSignal::new(0),
            heard: RwSignal::new(0),
        };
        provide_context(unseen);
        unseen
    }

    /// Something came.
    pub fn one_more(self) {
        self.count.update(|count| *count = count.saturating_add(1));
        self.heard.update(|heard| *heard = heard.wrapping_add(1));
    }

    /// The count of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }
}
