//! Pages of the chat.
//!
//! [`page`] loads what the shell needs and opens a channel. [`shell_state`] is what all panes share,
//! [`room`] is the open channel; [`shell`] and [`conversation`] draw them and keep them up to date.

mod channels;
mod completion;
mod composer;
mod conversation;
mod deletion;
mod draft;
mod find;
mod markup;
mod members;
mod message;
mod outbox;
mod page;
mod room;
mod scroll;
mod shell;
mod shell_state;
mod timeline;
mod typing;
mod walk;

pub use find::offer_elsewhere;
pub use page::{ChannelPage, Home};
