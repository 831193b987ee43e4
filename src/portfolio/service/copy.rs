//! Portfolios in the copy that somebody takes along, and what becomes of them when they go.

use super::Service;
use crate::accounts::{self, Copying};
use crate::platform::database::Tx;
use crate::portfolio::store;
use crate::shared::{AccountId, Error, Result};
use futures::FutureExt;

/// Transactions that are read at once.
const STRETCH: u64 = 500;

impl Service {
    /// Adds the portfolios of an account to the copies that it asks for: one file of JSON Lines
    /// for each, the latest day first.
    pub(super) fn copy_with_accounts(&self, accounts: &accounts::Service) {
        let service = self.clone();
        accounts.on_export(move |account, copying| {
            let service = service.clone();
            async move { service.copy_all(account, &copying).await }.boxed()
        });
    }

    /// Erases the portfolios of accounts that are deleted, one in each step.
    pub(super) fn erase_with_accounts(&self, accounts: &accounts::Service) {
        let service = self.clone();
        accounts.on_erase(move |erasure, _| {
            let service = service.clone();
            async move { service.erase_one(erasure.account).await }.boxed()
        });
    }

    async fn erase_one(&self, account: AccountId) -> Result<Option<String>> {
        let portfolios = store::all_portfolios(&self.inner.db, account).await?;
        let Some(id) = portfolios.first().map(|portfolio| portfolio.id) else {
            return Ok(None);
        };
        let job = move |tx: Tx| async move { store::delete_portfolio(&tx, account, id).await };
        self.inner.db.write(id.0, job).await?;
        Ok(Some(id.to_string()))
    }

    async fn copy_all(&self, account: AccountId, copying: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let portfolios = store::all_portfolios(db, account).await?;
        for portfolio in &portfolios {
            copying.expect(portfolio.transactions);
        }
        for portfolio in portfolios {
            copying
                .file(&format!("portfolios/{}.jsonl", portfolio.id))
                .await?;
            let mut text = serde_json::to_string(&portfolio).map_err(Error::internal)?;
            let mut before = None;
            loop {
                let rows = store::transactions(db, portfolio.id, None, before, STRETCH).await?;
                for row in &rows {
                    text.push('\n');
                    text.push_str(&serde_json::to_string(row).map_err(Error::internal)?);
                }
                copying.write(std::mem::take(&mut text)).await?;
                copying.done(i64::try_from(rows.len()).unwrap_or(0));
                match rows.last() {
                    Some(last) => before = Some((last.date, last.id)),
                    None => break,
                }
            }
        }
        Ok(())
    }
}
