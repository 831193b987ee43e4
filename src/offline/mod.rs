//! Everything that works without the server: the installable app, the offline page with saved
//! messages, and the outbox.
//!
//! The browser part is plain JavaScript: it is small and works without the WebAssembly module.
//! `worker.js` is the service worker (`/sw.js`), which caches the files of one build; every page
//! runs `app.js` before the app; `store.js` and `outbox.js` store messages in the browser's
//! database; `page.js` is the script of the offline page. The functions here call them; on the
//! server they do nothing.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod manifest;
#[cfg(feature = "ssr")]
mod page;

#[cfg(feature = "ssr")]
pub use manifest::{MANIFEST_HEADERS, WORKER_HEADERS, manifest, worker};
#[cfg(feature = "ssr")]
pub use page::{PAGE_HEADERS, Page};

/// New state of a message in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Not sent yet.
    Waits {
        /// Text of the message.
        text: String,
    },
    /// The server rejected it.
    Refused {
        /// Text of the message.
        text: String,
        error: crate::shared::Error,
    },
    /// The server stored it.
    Stored {
        /// The channel's `rev` after this message.
        rev: i64,
    },
    /// Deleted before it was sent.
    Discarded,
}

/// Defines each function twice: as a call of the JavaScript one, and as an empty one on the server.
macro_rules! in_browser {
    ($($(#[$doc:meta])* pub fn $name:ident($($arg:ident: $kind:ty),*);)*) => {
        $($(#[$doc])*
        pub fn $name($($arg: $kind),*) {
            #[cfg(feature = "hydrate")]
            browser::$name($($arg),*);
            #[cfg(not(feature = "hydrate"))]
            let _ = ($($arg,)*);
        })*
    };
}

in_browser! {
    /// Sets the signed-in account and deletes what was saved for others.
    pub fn enter(account: &str, name: &str);
    /// Marks a sign-out as started: the next page without an account deletes all data of this one.
    pub fn leaving();
    /// Called without a signed-in account: deletes the saved channels.
    pub fn nobody();
    /// Saves the newest messages of a channel: its id, name and path, the server's time in
    /// milliseconds, and the messages as JSON, oldest first.
    pub fn save_channel(channel: &str, name: &str, path: &str, at: f64, messages: &str);
    /// Deletes a channel that the account can no longer read.
    pub fn drop(channel: &str);
    /// Sets the connection over which messages of an account can be sent; `deliver` is called with
    /// nonce, channel and text.
    pub fn connected(account: &str, deliver: impl Fn(String, String, String) + 'static);
    /// The connection is closed.
    pub fn disconnected();
    /// The server's response to a sent message: the channel's `rev`, or the error.
    pub fn answered(nonce: &str, answer: crate::shared::Result<i64>);
    /// Sets the listener for changes of messages, called with channel and nonce.
    pub fn watch(listener: impl Fn(String, String, Change) + 'static);
    /// Calls the listener for each pending message of a channel.
    pub fn list(channel: &str);
    /// Stores a message under its nonce and sends it as soon as possible.
    pub fn send(channel: &str, nonce: &str, text: &str);
    /// Retries a rejected message.
    pub fn retry(nonce: &str);
    /// Deletes an unsent message.
    pub fn discard(nonce: &str);
    /// Checks for a new build of the app.
    pub fn look();
    /// Opens the browser's installation prompt.
    pub fn install();
}
