//! Reading: pages of history, snapshots and missed changes.

use super::super::model::{Head, Message, Page, Snapshot};
use super::super::store::{self, Row};
use super::rows::message;
use super::{Permissions, Service};
use crate::accounts::Viewer;
use crate::shared::{
    ChannelId, Error, MessageId, Result,
    paging::{self, bad_cursor},
};
use std::cmp::Ordering;

/// The requested part of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// The newest messages.
    End,
    /// Messages before a number.
    Before(i64),
    /// Messages after a number.
    After(i64),
}

/// Changes that a client missed in a channel.
#[derive(Clone, Debug)]
pub enum Changes {
    /// All changed messages, by change count, and the channel's counters before they were read.
    All(Vec<Message>, Head),
    /// Too many changes to send one by one, or a `rev` that this database does not know (it was
    /// restored from a backup): the client starts from a fresh snapshot.
    Reset,
}

/// Above this number of missed changes a fresh snapshot is cheaper.
const MAX_MISSED: u64 = 500;

impl Service {
    /// Checks that the viewer can see this channel.
    ///
    /// # Errors
    /// `not-found` if not.
    pub async fn may_view(&self, viewer: &Viewer, channel: ChannelId) -> Result<()> {
        self.inner.communities.access(viewer, channel).await?;
        Ok(())
    }

    /// Returns a page of a channel's history, oldest first.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn history(
        &self,
        viewer: &Viewer,
        channel: ChannelId,
        around: Around,
        limit: u64,
    ) -> Result<Page> {
        let access = self.inner.communities.access(viewer, channel).await?;
        self.page(channel, access.head, around, limit).await
    }

    /// Returns the channel with its newest messages, from which the gateway continues.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn snapshot(
        &self,
        viewer: &Viewer,
        channel: ChannelId,
        limit: u64,
    ) -> Result<Snapshot> {
        // The counters are read before the messages. A change in between arrives again as an event
        // and has no effect.
        let access = self.inner.communities.access(viewer, channel).await?;
        let page = self.page(channel, access.head, Around::End, limit).await?;
        let read_seq = store::marker(&self.inner.db, viewer.account, channel).await?;
        Ok(Snapshot {
            channel_id: channel,
            head: access.head,
            page,
            read_seq: read_seq.unwrap_or(0),
            may_send: access.permissions.allow(Permissions::SEND),
            max_length: self.longest(),
        })
    }

    /// Returns one message; 404 if the viewer cannot see it.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn message(&self, viewer: &Viewer, id: MessageId) -> Result<Message> {
        let row = store::by_id(&self.inner.db, id).await?;
        let row = row.ok_or_else(Error::not_found)?;
        self.inner
            .communities
            .access(viewer, row.channel_id)
            .await?;
        let messages = self.with_authors(vec![row]).await?;
        messages.into_iter().next().ok_or_else(Error::not_found)
    }

    /// Parses a cursor into a message number. API clients send a message's id or its number.
    ///
    /// # Errors
    /// `bad-cursor`.
    pub async fn cursor(&self, channel: ChannelId, cursor: &str) -> Result<i64> {
        if let Ok(seq) = cursor.parse::<i64>() {
            return if seq >= 0 { Ok(seq) } else { Err(bad_cursor()) };
        }
        let id = cursor.parse::<MessageId>().map_err(|_| bad_cursor())?;
        match store::by_id(&self.inner.db, id).await? {
            Some(row) if row.channel_id == channel => Ok(row.seq),
            _ => Err(bad_cursor()),
        }
    }

    /// Returns everything in a channel that changed after `rev`. The caller checked the viewer at
    /// the subscription.
    pub async fn changes_after(&self, channel: ChannelId, head: Head, rev: i64) -> Result<Changes> {
        match head.rev.cmp(&rev) {
            Ordering::Equal => return Ok(Changes::All(Vec::new(), head)),
            // A client that has seen more changes than exist has seen another history.
            Ordering::Less => return Ok(Changes::Reset),
            Ordering::Greater => {}
        }
        let db = &self.inner.db;
        let rows = store::changed_after(db, channel, head, rev, MAX_MISSED + 1).await?;
        if rows.len() as u64 > MAX_MISSED {
            return Ok(Changes::Reset);
        }
        Ok(Changes::All(self.with_authors(rows).await?, head))
    }

    /// Returns the counters of all channels with messages, for listeners.
    pub async fn heads(&self) -> Result<Vec<(ChannelId, Head)>> {
        self.inner.communities.heads().await
    }

    /// Returns messages of any channel after a number, oldest first, with tombstones; for
    /// listeners.
    pub async fn messages_after(
        &self,
        channel: ChannelId,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<Message>> {
        let rows = store::after(&self.inner.db, channel, seq, limit).await?;
        self.with_authors(rows).await
    }

    /// Returns messages of any channel that changed after a change count, in the order of their
    /// changes, with tombstones; for listeners that follow edits and deletions.
    pub async fn changed_after(
        &self,
        channel: ChannelId,
        rev: i64,
        limit: u64,
    ) -> Result<Vec<Message>> {
        let heads = self.inner.communities.heads_of(&[channel]).await?;
        let Some((_, head)) = heads.into_iter().next() else {
            // The channel is deleted, and its messages are being removed.
            return Ok(Vec::new());
        };
        let rows = store::changed_after(&self.inner.db, channel, head, rev, limit).await?;
        self.with_authors(rows).await
    }

    /// `head`: the channel's counters before the read.
    async fn page(
        &self,
        channel: ChannelId,
        head: Head,
        around: Around,
        limit: u64,
    ) -> Result<Page> {
        let db = &self.inner.db;
        // Reads one extra row to find out if there are more.
        let (mut rows, upward) = match around {
            Around::End => (store::before(db, channel, i64::MAX, limit + 1).await?, true),
            Around::Before(seq) => (store::before(db, channel, seq, limit + 1).await?, true),
            Around::After(seq) => (store::after(db, channel, seq, limit + 1).await?, false),
        };
        let more = paging::cut(&mut rows, limit);
        if upward {
            rows.reverse();
        }
        let (older, newer) = match around {
            Around::End => (more, false),
            // Numbers have no gaps, so the head tells what is beyond the cursor.
            Around::Before(seq) => (more, head.seq >= seq),
            Around::After(seq) => (seq.min(head.seq) > 0, more),
        };
        Ok(Page {
            messages: self.with_authors(rows).await?,
            older,
            newer,
            rev: head.rev,
        })
    }

    async fn with_authors(&self, rows: Vec<Row>) -> Result<Vec<Message>> {
        let mut authors: Vec<_> = rows.iter().map(|row| row.author_id).collect();
        authors.sort_unstable();
        authors.dedup();
        let profiles = self.inner.accounts.profiles(&authors).await?;
        let messages = rows.into_iter().filter_map(|row| {
            // Every author exists: a foreign key ensures it.
            let author = profiles.get(&row.author_id)?.clone();
            Some(message(row, author))
        });
        Ok(messages.collect())
    }
}
