//! Health of the instance.

use super::{Service, admin};
use crate::{
    accounts::Viewer,
    admin::{Health, MailHealth, WorkerHealth},
    platform::{backup, config},
    shared::{Result, time::now},
};
use chrono::{DateTime, SubsecRound};

impl Service {
    /// Returns the current health of the instance.
    ///
    /// # Errors
    /// `not-found` for everyone but admins.
    pub async fn health(&self, viewer: &Viewer) -> Result<Health> {
        admin(viewer)?;
        let parts = &self.inner.parts;
        let database = parts.db.health();
        let at = now();
        let mail = if parts.mail.is_on() && database.readable {
            let failures = parts.mail.failures().await?;
            Some(MailHealth {
                waiting: failures.waiting,
                failed: failures.failed,
                last: failures.last,
            })
        } else {
            None
        };
        let built_at = config::built_at().map(|at| DateTime::from(at).trunc_subsecs(0));
        Ok(Health {
            version: env!("CARGO_PKG_VERSION").into(),
            build: config::build(),
            built_at,
            started_at: self.inner.started_at,
            at,
            database: parts.db.kind().into(),
            readable: database.readable,
            writable: database.writable,
            checked_at: database.age.map(|age| at - age),
            database_bytes: parts.db.size().await.ok(),
            queue: parts.db.waiting() as u64,
            connections: parts.gateway.connection_count() as u64,
            topics: parts.gateway.topic_count() as u64,
            people: parts.accounts.people().await.unwrap_or_default(),
            workers: (parts.background.workers().into_iter())
                .map(|worker| WorkerHealth {
                    name: worker.name.to_owned(),
                    running: worker.running,
                    restarts: worker.restarts,
                    last_panic: worker.last_panic,
                })
                .collect(),
            backup: backup::last(&parts.data).map(|last| (last.at, last.bytes)),
            mail,
        })
    }
}
