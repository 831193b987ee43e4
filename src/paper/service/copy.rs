//! Orders in the copy that somebody takes along. What came of them is in the copies of portfolios;
//! all of it goes with these when an account is deleted.

use super::{SEASONS, Service, store};
use crate::accounts::Copying;
use crate::shared::{AccountId, Error, Result};
use futures::FutureExt;

/// Orders that are read at once.
const STRETCH: u64 = 500;

impl Service {
    /// Adds the orders of an account to the copies that it asks for: one file of JSON Lines for each
    /// season, the newest first.
    pub(super) fn copy_with_accounts(&self) {
        let service = self.clone();
        self.inner.accounts.on_export(move |account, copying| {
            let service = service.clone();
            async move { service.copy_all(account, &copying).await }.boxed()
        });
    }

    async fn copy_all(&self, account: AccountId, copying: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let members = store::members_of(db, account, SEASONS).await?;
        for member in &members {
            copying.expect(member.placed.into());
        }
        for member in members {
            copying
                .file(&format!("paper-orders/{}.jsonl", member.portfolio))
                .await?;
            let mut before = None;
            loop {
                let orders = store::page(db, member.id, None, before, STRETCH).await?;
                let Some(last) = orders.last() else {
                    break;
                };
                before = Some(last.id);
                let mut text = String::new();
                for order in &orders {
                    text.push_str(&serde_json::to_string(order).map_err(Error::internal)?);
                    text.push('\n');
                }
                copying.write(text).await?;
                copying.done(i64::try_from(orders.len()).unwrap_or(0));
            }
        }
        Ok(())
    }
}
