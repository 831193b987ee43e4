//! Read markers: what is after them is unread.

use super::super::model::{ChannelState, MarkRead, Marker, MarkerMoved};
use super::super::store;
use super::Service;
use crate::accounts::{self, Viewer};
use crate::communities::Channel;
use crate::realtime::{Scope, Topic, bus::Published};
use crate::shared::{AccountId, Result};
use futures::FutureExt;
use std::{collections::HashMap, sync::Arc};

impl Service {
    /// Returns the state of each channel that the viewer can see.
    pub async fn states(&self, viewer: &Viewer) -> Result<Vec<ChannelState>> {
        let channels = self.inner.communities.visible_channels(viewer).await?;
        let markers = store::markers_after(&self.inner.db, viewer.account, -1).await?;
        let read: HashMap<_, _> = markers
            .into_iter()
            .map(|marker| (marker.channel_id, marker.seq))
            .collect();
        let read_of = |channel: &Channel| read.get(&channel.id).copied().unwrap_or(0);
        let states = channels.iter().map(|(channel, head)| ChannelState {
            channel_id: channel.id,
            head: *head,
            read_seq: read_of(channel),
        });
        Ok(states.collect())
    }

    /// Moves the viewer's marker forward. A number before the marker changes nothing; one beyond
    /// the last message counts as the last message.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn mark_read(&self, viewer: &Viewer, mark: MarkRead) -> Result<()> {
        let access = self
            .inner
            .communities
            .access(viewer, mark.channel_id)
            .await?;
        let seq = mark.seq.clamp(0, access.head.seq);
        let account = viewer.account;
        let channel_id = mark.channel_id;
        let read = store::marker(&self.inner.db, account, channel_id).await?;
        if read.unwrap_or(0) >= seq {
            return Ok(());
        }
        let bus = Arc::clone(&self.inner.bus);
        self.inner
            .db
            .write(account.0, move |tx| async move {
                if store::marker(&tx, account, channel_id).await? >= Some(seq) {
                    return Ok(());
                }
                let rev = accounts::Service::bump_rev(&tx, account).await?;
                let marker = Marker {
                    channel_id,
                    seq,
                    rev,
                };
                store::set_markers(&tx, account, &[marker]).await?;
                let markers = vec![marker];
                let event = Published::new(topic(account), 0, rev, &MarkerMoved { markers })?;
                bus.publish_after(&tx, vec![event]);
                Ok(())
            })
            .await
    }

    /// Returns the viewer's markers that moved after a change count of their account.
    pub async fn markers_after(&self, viewer: &Viewer, rev: i64) -> Result<Vec<Marker>> {
        store::markers_after(&self.inner.db, viewer.account, rev).await
    }

    /// New accounts start with all older messages marked as read.
    pub(super) fn read_all_for_new_accounts(&self) {
        let communities = self.inner.communities.clone();
        self.inner.accounts.on_created(move |tx, profile| {
            let communities = communities.clone();
            async move {
                let channels = communities.lobby_channels(&tx).await?;
                let markers: Vec<_> = channels
                    .into_iter()
                    .map(|(channel, head)| Marker {
                        channel_id: channel.id,
                        seq: head.seq,
                        rev: 0,
                    })
                    .collect();
                store::set_markers(&tx, profile.id, &markers).await
            }
            .boxed()
        });
    }
}

fn topic(account: AccountId) -> Topic {
    Topic::new(Scope::Account, account.0)
}
