//! Exports orders with personal data. Their trades are in the export of portfolios; all of it is
//! deleted with these when an account is deleted.

use super::{SEASONS, Service, store};
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::shared::{AccountId, Result};
use async_trait::async_trait;

/// Orders read at once.
const STRETCH: u64 = 500;

#[async_trait]
impl PersonalData for Service {
    /// One file of JSON Lines for each season, the newest first.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let members = store::members_of(db, account, SEASONS).await?;
        for member in &members {
            copy.expect(member.placed.into());
        }
        for member in members {
            let file = format!("paper-orders/{}.jsonl", member.portfolio);
            copy.file(&file).await?;
            let mut before = None;
            loop {
                let orders = store::page(db, member.id, None, before, STRETCH).await?;
                let Some(last) = orders.last() else {
                    break;
                };
                before = Some(last.id);
                copy.lines(&orders).await?;
                copy.done(i64::try_from(orders.len()).unwrap_or(0));
            }
        }
        Ok(())
    }

    /// Nothing to do: orders are deleted with their portfolios.
    async fn erase(&self, _: Erasure, _: Option<String>) -> Result<Option<String>> {
        Ok(None)
    }
}
