//! Letters to people, by e-mail: kept in the database until the mail server has taken them.
//!
//! Whoever has something to write registers a writer for a kind of letter and puts letters of
//! that kind into the queue, in the transaction of what they are about. What a letter says is
//! made when it is sent, so that no secret waits in the queue. A letter that is not taken is
//! tried again, ever more rarely; one that the server does not want, or that was tried too often,
//! stays for a while for the operator to see.

mod letter;
mod rules;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use letter::letter;
pub use service::{Failures, Postman, Service};
