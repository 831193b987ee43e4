//! Calls in the copy that somebody takes along, and their end with the account.

use super::{Service, store};
use crate::accounts::{self, Copying, Erasure};
use crate::platform::database::Tx;
use crate::shared::{AccountId, CallId, Error, Result};
use futures::FutureExt;

/// Calls that are read or deleted at once.
const STRETCH: u64 = 500;

impl Service {
    /// Adds the calls of an account to the copies that it asks for, the newest first, as JSON
    /// Lines.
    pub(super) fn copy_with_accounts(&self, accounts: &accounts::Service) {
        let service = self.clone();
        accounts.on_export(move |account, copying| {
            let service = service.clone();
            async move { service.copy_all(account, &copying).await }.boxed()
        });
    }

    async fn copy_all(&self, account: AccountId, copying: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let count = store::count_of_author(db, account).await?;
        if count == 0 {
            return Ok(());
        }
        copying.expect(i64::try_from(count).unwrap_or(i64::MAX));
        copying.file("calls.jsonl").await?;
        let mut before = None;
        loop {
            let rows = store::of_author(db, account, before, STRETCH).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            before = Some(last.id);
            let done = i64::try_from(rows.len()).unwrap_or(0);
            let mut text = String::new();
            for call in self.told(rows).await? {
                text.push_str(&serde_json::to_string(&call).map_err(Error::internal)?);
                text.push('\n');
            }
            copying.write(text).await?;
            copying.done(done);
        }
    }

    /// Erases the calls of accounts that are deleted: a record without its author tells nothing.
    pub(super) fn erase_with_accounts(&self, accounts: &accounts::Service) {
        let service = self.clone();
        accounts.on_erase(move |erasure, _| {
            let service = service.clone();
            async move { service.erase_step(erasure).await }.boxed()
        });
    }

    async fn erase_step(&self, erasure: Erasure) -> Result<Option<String>> {
        let author = erasure.account;
        let rows = store::of_author(&self.inner.db, author, None, STRETCH).await?;
        let ids: Vec<CallId> = rows.into_iter().map(|row| row.id).collect();
        let Some(last) = ids.last().map(ToString::to_string) else {
            return Ok(None);
        };
        let job = move |tx: Tx| async move { store::delete(&tx, &ids).await };
        self.inner.db.write(author.0, job).await?;
        Ok(Some(last))
    }
}
