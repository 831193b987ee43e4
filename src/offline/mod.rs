//! What goes on without the server: the app as the browser installs it, the page that is shown
//! offline, the messages that can be read there, and the outbox of those that are on their way.
//!
//! The browser's part is plain JavaScript, so that it works where the WebAssembly does not, and
//! is small. `worker.js` is the service worker (`/sw.js`), which keeps the files of one build;
//! `app.js` is started by every page before the app; `store.js` and `outbox.js` keep messages in
//! the browser's database; `page.js` brings the offline page to life. The functions here are the
//! app's way to them; on the server they do nothing.

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

/// What happened to a message in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It waits to be sent.
    Waits {
        /// What it says.
        text: String,
    },
    /// The server did not take it.
    Refused {
        /// What it says.
        text: String,
        error: crate::shared::Error,
    },
    /// The server has it, as this change of its channel.
    Stored {
        /// The channel's change count.
        rev: i64,
    },
    /// It was taken away unsent.
    Discarded,
}

/// Defines each function twice: as the call of the browser's part, and as nothing on the server.
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
    /// Somebody is signed in: what was kept for others goes.
    pub fn enter(account: &str, name: &str);
    /// They are about to sign out: what was theirs goes with them.
    pub fn leaving();
    /// Nobody is signed in: nothing is left to read.
    pub fn nobody();
    /// Keeps the newest messages of a channel: its id, name and path, the server's time in
    /// milliseconds, and the messages as JSON, oldest first.
    pub fn keep(channel: &str, name: &str, path: &str, at: f64, messages: &str);
    /// A channel cannot be read any more.
    pub fn drop(channel: &str);
    /// A connection is up over which messages of an account can be sent; `deliver` is called with
    /// nonce, channel and text.
    pub fn connected(account: &str, deliver: impl Fn(String, String, String) + 'static);
    /// It is gone.
    pub fn disconnected();
    /// What the server says to a message that was delivered: the channel's change count, or why
    /// not.
    pub fn answered(nonce: &str, answer: crate::shared::Result<i64>);
    /// From now on `listener` hears what happens to messages, by channel and nonce.
    pub fn watch(listener: impl Fn(String, String, Change) + 'static);
    /// Has all that waits in a channel heard.
    pub fn list(channel: &str);
    /// Writes a message down under its nonce and sends it as soon as that can be.
    pub fn send(channel: &str, nonce: &str, text: &str);
    /// A message that was refused is tried once more.
    pub fn retry(nonce: &str);
    /// A message is taken away unsent.
    pub fn discard(nonce: &str);
    /// Looks whether the server has become a newer one.
    pub fn look();
    /// Asks the browser to install the app.
    pub fn install();
}
