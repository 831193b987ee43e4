//! Pages of the chat.
//!
//! [`page`] loads what the shell needs and opens a channel; [`shell`] keeps the panes around it up
//! to date; [`conversation`] connects a channel's timeline, its feed and its composer.

mod channels;
mod completion;
mod composer;
mod conversation;
mod deletion;
mod find;
mod markup;
mod members;
mod message;
mod outbox;
mod page;
mod scroll;
mod shell;
mod timeline;
mod typing;
mod walk;

pub use find::offer_elsewhere;
pub use page::{ChannelPage, Home};
