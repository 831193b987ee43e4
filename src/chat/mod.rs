//! Messages: sending, history, unread, typing.

mod model;

pub use model::*;
