//! Deletes a channel with all its messages.
//!
//! The transaction of the deletion only marks the row; from then on the channel is 404 for
//! everyone. Its messages are removed afterwards in steps, so that a large channel does not block
//! the writer. After a crash the next start continues.

use super::super::store;
use super::Service;
use crate::accounts::{AccountKind, Viewer};
use crate::audit::{self, Act, Record};
use crate::communities;
use crate::platform::{database::Tx, tasks::Worker};
use crate::shared::{AccountId, ChannelId, Error, Result};
use async_trait::async_trait;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Rows per step; short enough that other messages wait for no noticeable time.
const STEP: u64 = 500;
/// Pause between two steps, so that the writer can run other jobs.
const REST: Duration = Duration::from_millis(50);
/// Interval of the check for deleted channels, in case a wake-up was lost.
const RECHECK: Duration = Duration::from_mins(5);

impl Service {
    /// Deletes a channel. Admins can delete any channel, which adds an entry to the audit log; its
    /// creator can until another member has written in it.
    ///
    /// # Errors
    /// `not-found`, `forbidden`, `channel-in-use`, `last-channel`.
    pub async fn delete_channel(&self, viewer: &Viewer, channel: ChannelId) -> Result<()> {
        let access = self.inner.communities.access(viewer, channel).await?;
        if !access.channel.is_deletable_by(viewer) {
            return Err(Error::forbidden());
        }
        let (account, admin) = (viewer.account, viewer.admin);
        let mut bots = Vec::new();
        if !admin {
            bots = self.only_bots_answered(channel, account).await?;
        }
        let (service, channel) = (self.clone(), access.channel);
        let seen = access.head.seq;
        self.inner
            .db
            .write(channel.community_id.0, move |tx| async move {
                if admin {
                    let record = Record {
                        actor: Some(account),
                        act: Act::ChannelDeleted,
                        subject: channel.creator,
                        detail: channel.name.clone(),
                    };
                    audit::Service::record(&tx, record).await?;
                } else {
                    // Checks the messages that were sent since the check above.
                    let others = store::other_authors(&tx, channel.id, account, seen).await?;
                    if others.iter().any(|other| !bots.contains(other)) {
                        return Err(in_use());
                    }
                }
                service
                    .inner
                    .communities
                    .delete_channel(&tx, &channel)
                    .await?;
                tx.after_commit(async move { service.inner.channel_deleted.notify_one() });
                Ok(())
            })
            .await
    }

    /// Returns the bots that have messages in a channel; `channel-in-use` if a member other than
    /// its creator has any.
    async fn only_bots_answered(
        &self,
        channel: ChannelId,
        creator: AccountId,
    ) -> Result<Vec<AccountId>> {
        let others = store::other_authors(&self.inner.db, channel, creator, 0).await?;
        let profiles = self.inner.accounts.profiles(&others).await?;
        let bot = |id: &AccountId| {
            let profile = profiles.get(id);
            profile.is_some_and(|profile| profile.kind == AccountKind::Bot)
        };
        if others.iter().all(bot) {
            Ok(others)
        } else {
            Err(in_use())
        }
    }

    /// Removes one batch of a deleted channel's data. false: nothing is left in any channel.
    pub(in crate::chat) async fn remove_step(&self) -> Result<bool> {
        let Some(channel) = self.inner.communities.deleted_channel().await? else {
            return Ok(false);
        };
        let job = move |tx: Tx| async move {
            let removed = store::remove_messages(&tx, channel, STEP).await?
                || store::remove_markers(&tx, channel, STEP).await?;
            if removed {
                return Ok(());
            }
            communities::Service::remove_channel(&tx, channel).await
        };
        self.inner.db.write(channel.0, job).await?;
        Ok(true)
    }

    async fn remove_deleted(&self) {
        loop {
            match self.remove_step().await {
                Ok(true) => tokio::time::sleep(REST).await,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(error.code = %error.code, "removing a deleted channel failed; retrying later");
                    return;
                }
            }
        }
    }
}

fn in_use() -> Error {
    Error::conflict(
        "channel-in-use",
        "Other members have written in this channel; an admin can delete it",
    )
}

/// The worker that removes the data of deleted channels.
pub struct ChannelRemover(pub Service);

#[async_trait]
impl Worker for ChannelRemover {
    fn name(&self) -> &'static str {
        "chat.channel_remover"
    }

    /// Stops immediately; the next start removes the rest.
    async fn run(&mut self, cancel: CancellationToken) {
        let removing = async {
            loop {
                self.0.remove_deleted().await;
                let woken = self.0.inner.channel_deleted.notified();
                let _late = tokio::time::timeout(RECHECK, woken).await;
            }
        };
        let _stopped: Option<()> = cancel.run_until_cancelled(removing).await;
    }
}
