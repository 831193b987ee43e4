//! Renderers of other features' notifications.

use crate::alerts::Notification;
use leptos::prelude::*;
use serde_json::Value;

/// Text of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationText {
    pub text: String,
    /// Path of the page with more about it.
    pub place: &'static str,
}

/// A kind of notification, and the function that words its body. None: the body does not parse.
pub type NotificationRenderer = (&'static str, fn(&Value) -> Option<NotificationText>);

/// The renderers of all kinds, in the context of pages that show notifications.
#[derive(Clone, Copy, Debug)]
pub struct NotificationRenderers(pub &'static [NotificationRenderer]);

impl NotificationRenderers {
    /// The renderers of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or(Self(&[]))
    }

    /// The text of a notification. None: unknown kind.
    pub fn said(self, notification: &Notification) -> Option<NotificationText> {
        let mut known = self.0.iter();
        let (_, renderer) = known.find(|(kind, _)| *kind == notification.kind)?;
        renderer(&notification.body)
    }
}
