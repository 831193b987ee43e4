//! Emails, queued in the database until the mail server has accepted them.
//!
//! A feature registers a writer for a kind of email, and queues emails of that kind in the
//! transaction of the change that they are about. The content is written when the email is sent, so
//! that no secret waits in the queue. A failed email is retried with growing pauses; after a
//! permanent failure or too many retries it stays for a while for admins to see.

mod letter;
mod rules;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use letter::letter;
pub use service::{Failures, Postman, Service};
