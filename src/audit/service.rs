//! Writing and reading the record.

use super::{Act, Entry, store};
use crate::{
    platform::database::{Database, Tx},
    shared::{AccountId, Result, time::now},
};
use uuid::Uuid;

/// The record; a clone is the same.
#[derive(Clone)]
pub struct Service {
    db: Database,
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Record {
    /// By whom; none: the command line.
    pub actor: Option<AccountId>,
    pub act: Act,
    /// To whom.
    pub subject: Option<AccountId>,
    /// What else there is to say.
    pub detail: String,
}

impl Service {
    /// The record of a database.
    pub const fn new(db: Database) -> Self {
        Self { db }
    }

    /// Writes an entry in the act's own transaction.
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

    /// The latest entries, or those before one; the latest first.
    pub async fn entries(&self, before: Option<Uuid>, limit: u64) -> Result<Vec<Entry>> {
        store::before(&self.db, before, limit).await
    }
}
