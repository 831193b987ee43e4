//! Writes and reads the audit log.

use super::{Act, Entry, store};
use crate::{
    platform::database::{Database, Tx},
    shared::{AccountId, Result, time::now},
};
use uuid::Uuid;

/// The audit log; a clone shares it.
#[derive(Clone)]
pub struct Service {
    db: Database,
}

/// An action to log.
#[derive(Clone, Debug)]
pub struct Record {
    /// The account that acted. None: the command line.
    pub actor: Option<AccountId>,
    pub act: Act,
    /// The affected account.
    pub subject: Option<AccountId>,
    /// Further details.
    pub detail: String,
}

impl Service {
    /// Creates the audit log of a database.
    pub const fn new(db: Database) -> Self {
        Self { db }
    }

    /// Writes an entry in the transaction of its action.
    pub async fn record(tx: &Tx, record: Record) -> Result<()> {
        let entry = Entry {
            id: Uuid::now_v7(),
            at: now(),
            actor: record.actor,
            act: record.act,
            subject: record.subject,
            detail: record.detail,
        };
        store::insert(tx, entry).await
    }

    /// Returns the latest entries, or those before `before`; latest first.
    pub async fn entries(&self, before: Option<Uuid>, limit: u64) -> Result<Vec<Entry>> {
        store::before(&self.db, before, limit).await
    }
}
