//! Calls in the copy that somebody takes along, and their end with the account: a record without its
//! author tells nothing.

use super::{Service, store};
use crate::accounts::{Copying, Erasure, Keeper};
use crate::platform::database::Tx;
use crate::shared::{AccountId, CallId, Result};
use async_trait::async_trait;

/// Calls that are read or deleted at once.
const STRETCH: u64 = 500;

#[async_trait]
impl Keeper for Service {
    /// The newest first, as JSON Lines.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let count = store::count_of_author(db, account).await?;
        if count == 0 {
            return Ok(());
        }
        copy.expect(i64::try_from(count).unwrap_or(i64::MAX));
        copy.file("calls.jsonl").await?;
        let mut before = None;
        loop {
            let rows = store::of_author(db, account, before, STRETCH).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            before = Some(last.id);
            let done = i64::try_from(rows.len()).unwrap_or(0);
            copy.lines(&self.told(rows).await?).await?;
            copy.done(done);
        }
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
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
