//! The page of alerts, what is heard of them on every page, and their cards in the chat.

mod form;
mod hearing;
mod section;
mod tellers;
mod words;

pub use hearing::{Words, listen};
pub use section::AlertsSection;
pub use tellers::{Said, Teller, Tellers};
pub use words::renderers;
