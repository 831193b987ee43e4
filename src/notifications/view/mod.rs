//! The list of notifications, and their toasts and unseen count on every page.

mod list;
mod listen;
mod renderers;
mod unseen;

pub use list::notification_list;
pub use listen::listen;
pub use renderers::NotificationRenderers;
pub use unseen::{Unseen, see_when_shown};

/// Path of the page that shows the list.
const PLACE: &str = "/markets/alerts";
