//! Orders that earlier versions stored under another spelling of their symbol.

use super::Service;
use crate::markets;
use crate::paper::store;
use crate::platform::database::Tx;
use crate::shared::Result;
use uuid::Uuid;

/// Symbols read per query.
const AT_ONCE: u64 = 100;

impl Service {
    /// Stores orders under the canonical symbol, under which `portfolio` stores their account's
    /// holdings.
    pub(in crate::paper) async fn merge_spellings(&self) -> Result<()> {
        let mut after = String::new();
        loop {
            let symbols = store::other_spellings(&self.inner.db, &after, AT_ONCE).await?;
            let Some(last) = symbols.last() else {
                return Ok(());
            };
            after.clone_from(last);
            for symbol in symbols {
                if markets::canonical(&symbol) == symbol {
                    continue;
                }
                let job = move |tx: Tx| async move {
                    store::rename(&tx, &symbol, markets::canonical(&symbol)).await
                };
                self.inner.db.write(Uuid::nil(), job).await?;
            }
        }
    }
}
