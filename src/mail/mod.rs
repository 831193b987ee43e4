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

use crate::feature::Feature;
use crate::feature::Setup;
use crate::platform::smtp::{Post, Smtp};

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "mail",
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let post = Smtp::of(&setup.config)?.map(|smtp| Box::new(smtp) as Box<dyn Post>);
    let service = Service::new(setup.db.clone(), post);
    setup.worker(Postman(service.clone()));
    setup.service(service);
    Ok(())
}
