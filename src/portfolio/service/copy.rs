//! Exports portfolios as personal data, and deletes them with their account.

use super::Service;
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::platform::database::Tx;
use crate::portfolio::store;
use crate::shared::{AccountId, Error, Result};
use async_trait::async_trait;

/// Transactions read per query.
const STRETCH: u64 = 500;

#[async_trait]
impl PersonalData for Service {
    /// Writes a JSON Lines file per portfolio: the portfolio, then transactions, latest date first.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let portfolios = store::all_portfolios(db, account).await?;
        for portfolio in &portfolios {
            copy.expect(portfolio.transactions);
        }
        for portfolio in portfolios {
            copy.file(&format!("portfolios/{}.jsonl", portfolio.id))
                .await?;
            let mut text = serde_json::to_string(&portfolio).map_err(Error::internal)?;
            let mut before = None;
            loop {
                let rows = store::transactions(db, portfolio.id, None, before, STRETCH).await?;
                for row in &rows {
                    text.push('\n');
                    text.push_str(&serde_json::to_string(row).map_err(Error::internal)?);
                }
                copy.write(std::mem::take(&mut text)).await?;
                copy.done(i64::try_from(rows.len()).unwrap_or(0));
                match rows.last() {
                    Some(last) => before = Some((last.date, last.id)),
                    None => break,
                }
            }
        }
        Ok(())
    }

    /// Deletes some rows of a portfolio per step.
    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        let Some(id) = store::remains(&self.inner.db, account).await? else {
            return Ok(None);
        };
        let job = move |tx: Tx| async move {
            store::mark_deleted(&tx, account, id).await?;
            store::purge(&tx, id).await
        };
        self.inner.db.write(id.0, job).await?;
        Ok(Some(id.to_string()))
    }
}
