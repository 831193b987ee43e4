//! Messages: sending, history, unread, typing.

mod model;
pub mod view;

pub use model::*;
