//! Count of unseen notifications: one component updates it, the links to the market pages show it.

use crate::notifications::rpc::see_notifications;
use crate::shared::NotificationId;
use leptos::{prelude::*, task::spawn_local};

/// Number of unseen notifications; a copy shares the state. Zero on the server and on the first
/// paint.
#[derive(Clone, Copy, Debug)]
pub struct Unseen {
    pub count: RwSignal<u32>,
    /// Increments when a notification arrives, and when a new connection finds another count.
    pub heard: RwSignal<u32>,
}

impl Unseen {
    pub fn provide() -> Self {
        let unseen = Self {
            count: RwSignal::new(0),
            heard: RwSignal::new(0),
        };
        provide_context(unseen);
        unseen
    }

    /// Counts a new notification.
    pub fn one_more(self) {
        self.count.update(|count| *count = count.saturating_add(1));
        self.heard.update(|heard| *heard = heard.wrapping_add(1));
    }

    /// The count of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }
}

/// Marks the notifications of one kind up to the newest that the page shows as seen, once it is
/// shown. A page in the background shows nothing.
pub fn see_when_shown(kind: &'static str, newest: impl Fn() -> Option<NotificationId> + 'static) {
    Effect::new(move || {
        if let Some(newest) = newest()
            && !document().hidden()
        {
            spawn_local(async move {
                // If it fails, the next reload does it.
                let _later = see_notifications(newest, Some(kind.to_owned())).await;
            });
        }
    });
}
