//! The alerts page, live notifications on every page, and cards in the chat.

mod form;
mod hearing;
mod renderers;
mod section;
mod words;

pub use hearing::{Words, listen};
pub use renderers::{NotificationRenderer, NotificationRenderers, NotificationText};
pub use section::AlertsSection;
pub use words::renderers;
