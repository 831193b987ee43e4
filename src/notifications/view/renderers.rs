//! Texts of the features' notifications.

use crate::feature::{Feature, NotificationText, Notifications};
use crate::notifications::Notification;
use crate::ui::later::Later;
use leptos::prelude::*;

/// The features that word notifications, by name, in the context.
#[derive(Clone, Debug, Default)]
pub struct NotificationRenderers(Vec<(&'static str, Notifications)>);

impl NotificationRenderers {
    /// Collects the renderers of the features.
    pub fn of(features: &[Feature]) -> Self {
        let all = features.iter();
        Self(
            all.filter_map(|one| Some((one.name, one.notifications?)))
                .collect(),
        )
    }

    /// The renderers of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_default()
    }

    /// The text of a notification, once its part is loaded. None: unknown kind.
    pub fn text_of(&self, notification: &Notification) -> Option<Later<Option<NotificationText>>> {
        let feature = notification.kind.split('.').next();
        let mut known = self.0.iter();
        let (_, texts) = known.find(|(name, _)| Some(*name) == feature)?;
        Some((texts.text)(
            notification.kind.clone(),
            notification.body.clone(),
        ))
    }
}
