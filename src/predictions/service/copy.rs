//! Exports predictions with personal data, and deletes them with the account: a track record
//! without its author says nothing.

use super::{Service, store};
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::platform::database::Tx;
use crate::shared::{AccountId, PredictionId, Result};
use async_trait::async_trait;

/// Predictions read or deleted at once.
const STRETCH: u64 = 500;

#[async_trait]
impl PersonalData for Service {
    /// Newest first, as JSON Lines.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let count = store::count_of_author(db, account).await?;
        if count == 0 {
            return Ok(());
        }
        copy.expect(i64::try_from(count).unwrap_or(i64::MAX));
        copy.file("predictions.jsonl").await?;
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
        let ids: Vec<PredictionId> = rows.into_iter().map(|row| row.id).collect();
        let Some(last) = ids.last().map(ToString::to_string) else {
            return Ok(None);
        };
        let job = move |tx: Tx| async move { store::delete(&tx, &ids).await };
        self.inner.db.write(author.0, job).await?;
        Ok(Some(last))
    }
}
