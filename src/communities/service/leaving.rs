//! Removes deleted accounts from their communities.

use super::{Service, changes::publish_change, store};
use crate::accounts::{Copying, Erasure, PersonalData, Profile};
use crate::communities::model::MemberChanged;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Result};
use async_trait::async_trait;
use std::sync::Arc;

#[async_trait]
impl PersonalData for Service {
    /// Exports nothing: the account's messages are in the files of the channels.
    async fn copy(&self, _: AccountId, _: &Copying) -> Result<()> {
        Ok(())
    }

    /// Removes the memberships and publishes it to open member lists.
    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            let left = store::communities_of(&tx, account).await?;
            store::remove_memberships(&tx, account).await?;
            let left: Vec<_> = left.iter().map(|community| community.id).collect();
            let gone = MemberChanged {
                profile: Profile::deleted(account),
            };
            let subject = store::Subject::Member(account);
            publish_change((&tx, &bus), &left, subject, &gone).await
        };
        self.inner.db.write(account.0, job).await.map(|()| None)
    }
}
