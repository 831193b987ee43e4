//! The alerts page, the text of notifications, and cards in the chat.

mod form;
mod section;
mod words;

pub use section::{alerts_section, load_alerts_section};
pub use words::{draw_card, load_alert_cards, load_notification_text, notification_text};
